/* fuzz_stream.c - any bytes as the stream of a server, NDJSON or SSE, of Ollama
 * or OpenAI, in pieces of any size: the result does not depend on the pieces,
 * and is text, a verdict or a fault. */
#include "server/error_body.h"
#include "server/line_stream.h"
#include "server/model_protocol.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct taken {
	const struct model_protocol *protocol;
	struct model_answer answer;
};

static void
take(void *ctx, const char *line, size_t n)
{
	struct taken *t = ctx;

	t->protocol->parse_piece(&t->answer, line, n);
}

static int
feed(struct taken *t, const uint8_t *p, size_t n, size_t step)
{
	struct line_stream s = {.form = t->protocol->form};
	int r = 0;

	answer_clear(&t->answer);
	for (size_t at = 0; at < n && r == 0; at += step)
		r = line_stream_feed(&s, p + at, n - at < step ? n - at : step,
		    take, t);
	if (r == 0)
		r = line_stream_end(&s, take, t);
	answer_close(&t->answer);
	line_stream_clear(&s);
	return r;
}

static int
is_same(const struct pc_buf *a, const struct pc_buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct error_body e;
	struct taken whole, cut;
	size_t step;

	if (n < 2)
		return 0;
	whole = (struct taken){
	    .protocol = p[0] & 1 ? &openai_protocol : &ollama_protocol};
	cut = whole;
	step = 1 + p[1] % 16;
	p += 2;
	n -= 2;
	if (feed(&whole, p, n, n + 1) != feed(&cut, p, n, step) ||
	    whole.answer.verdict != cut.answer.verdict ||
	    !is_same(&whole.answer.text, &cut.answer.text) ||
	    !is_same(&whole.answer.thinking, &cut.answer.thinking))
		abort();
	if (cut.answer.verdict >= VERDICT_BAD && !cut.answer.error.text[0])
		abort();
	error_body_parse(&e, p, n);
	if (!memchr(e.text, '\0', sizeof e.text) ||
	    !pc_utf8_valid(e.text, strlen(e.text)) || !e.text[0])
		abort();
	answer_clear(&whole.answer);
	answer_clear(&cut.answer);
	return 0;
}
