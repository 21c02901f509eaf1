/* stage_params.c - list the parameters of a stage's newest records, for the
 * completions. */
#include "stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of each log that are searched for parameters. */
enum { SAMPLE = 64 * 1024 };

struct seen_params {
	const char *stage;
	struct pc_buf seen; /* names, each followed by a NUL byte */
};

static int
is_seen(const struct pc_buf *seen, const unsigned char *p, size_t n)
{
	const unsigned char *at = seen->data, *end = at + seen->len;

	for (; at < end; at += strlen((const char *)at) + 1)
		if (strlen((const char *)at) == n && memcmp(at, p, n) == 0)
			return 1;
	return 0;
}

/* Can a completion offer this text: one line without control characters? */
static int
can_offer(const unsigned char *p, size_t n)
{
	char *text = memchr(p, '\0', n) ? NULL : strndup((const char *)p, n);
	int clean;

	if (!text)
		return 0;
	terminal_line(text);
	clean = memcmp(text, p, n) == 0;
	free(text);
	return clean;
}

static int
note_params(void *ctx, const struct pc_record *r)
{
	enum { SEEN_MAX = 256 * 1024 };
	struct seen_params *params = ctx;
	char stage[PC_STAGE_MAX + 1];
	const unsigned char *p;
	enum pc_field kind;
	size_t at = 0, n;

	if (pc_record_stage(r, stage) != 0 || strcmp(stage, params->stage) != 0)
		return 0;
	while (pc_material_next(r->material, r->material_len, &at, &kind, &p,
		   &n) == 0) {
		if (kind != PC_FIELD_PARAM || !can_offer(p, n) ||
		    is_seen(&params->seen, p, n))
			continue;
		if (pc_buf_add(&params->seen, p, n) < 0 ||
		    pc_buf_add(&params->seen, "", 1) < 0)
			return -1;
		printf("%.*s\n", (int)n, (const char *)p);
		if (params->seen.len > SEEN_MAX)
			return 1;
	}
	return 0;
}

int
stage_params_print(struct cli *c, const char *stage)
{
	struct seen_params params = {.stage = stage};

	if (c->store &&
	    pc_store_each(c->store, SAMPLE, note_params, &params) < 0)
		cli_store_die(c, "read the store");
	pc_buf_clear(&params.seen);
	return PC_EXIT_OK;
}
