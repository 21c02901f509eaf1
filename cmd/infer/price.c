/* price.c - the tokens and the price of an answer, for its event. */
#include "infer.h"

#include <stdlib.h>
#include <string.h>

/* A count in the record's extra bytes, which are members of a JSON object.
 * They are searched, not parsed, to keep a hit cheap.  Within a string a quote
 * has a backslash before it, so the name is found only as a name. */
static uint64_t
count_of(const unsigned char *extra, size_t len, const char *name)
{
	const char *p = extra ? memmem(extra, len, name, strlen(name)) : NULL;
	const char *end = (const char *)extra + len;
	uint64_t n = 0;

	if (!p)
		return 0;
	for (p += strlen(name); p < end && *p >= '0' && *p <= '9'; p++)
		if (n < UINT32_MAX)
			n = 10 * n + (uint64_t)(*p - '0');
	return n;
}

static double
price(const struct pc_json *own, const char *name)
{
	double v;

	return pc_json_real(pc_json_get(own, name), &v) == 0 && v > 0 ? v : 0;
}

/* {"NAME": {"prompt": price of a million tokens, "answer": ...}, ...} */
static void
load(struct infer *in)
{
	const char *text = pc_config_text(in->c->config, "inference.prices");
	const char *model = in->backend.model.name[0] || !in->backend.wanted
	    ? in->backend.model.name
	    : in->backend.wanted;
	const struct pc_json *own;
	struct pc_json *prices;
	struct pc_error err;
	char bare[256];

	in->prices.known = 1;
	if (!*text)
		return;
	prices = pc_json_parse(text, strlen(text), &err);
	own = pc_json_get(prices, model);
	snprintf(bare, sizeof bare, "%.*s", (int)strcspn(model, ":"), model);
	if (!own)
		own = pc_json_get(prices, bare);
	in->prices.prompt = price(own, "prompt");
	in->prices.answer = price(own, "answer");
	pc_json_free(prices);
}

void
infer_price(struct infer *in, const unsigned char *extra, size_t len,
    struct pc_event *e)
{
	uint64_t prompt = count_of(extra, len, "\"prompt_tokens\":");
	uint64_t answer = count_of(extra, len, "\"answer_tokens\":");
	double cost;

	if (!in->prices.known)
		load(in);
	/* A price per million tokens is millionths per token. */
	cost = (double)prompt * in->prices.prompt +
	    (double)answer * in->prices.answer;
	e->tokens = prompt + answer < UINT32_MAX ? (uint32_t)(prompt + answer)
						 : UINT32_MAX;
	e->price = cost < (double)UINT32_MAX ? (uint32_t)(cost + 0.5)
					     : UINT32_MAX;
}
