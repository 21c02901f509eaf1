/* ask.c - what the completions ask for, and the configuration. */
#include "stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How much of each log is looked at for parameters. */
enum { SAMPLE = 64 * 1024 };

struct params {
	const char *stage;
	struct pc_buf seen; /* each ends with NUL */
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

/* Can a completion offer it: one line, without control characters? */
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
	struct params *params = ctx;
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
params_print(struct cli *c, const char *stage)
{
	struct params params = {.stage = stage};

	if (c->store &&
	    pc_store_each(c->store, SAMPLE, note_params, &params) < 0)
		cli_store_die(c, "read the store");
	pc_buf_clear(&params.seen);
	return PC_EXIT_OK;
}

/* ---- configuration ---- */

static void
print_setting(void *ctx, const char *name, const char *value,
    const char *origin, const char *what)
{
	char *line;

	(void)ctx;
	(void)what;
	if (asprintf(&line, "%-36s %-20s %s", name, value, origin) < 0)
		return; /* no memory */
	terminal_line(line);
	puts(line);
	free(line);
}

static void
add_setting(void *ctx, const char *name, const char *value, const char *origin,
    const char *what)
{
	struct pc_buf *b = ctx;

	pc_json_begin_object(b, name);
	pc_json_add_text(b, "value", value);
	pc_json_add_text(b, "origin", origin);
	pc_json_add_text(b, "meaning", what);
	pc_json_end_object(b);
}

int
config_print(struct cli *c, int json)
{
	struct pc_buf b = {0};

	if (!json) {
		pc_config_each(c->config, print_setting, NULL);
		return PC_EXIT_OK;
	}
	pc_json_begin_object(&b, NULL);
	pc_config_each(c->config, add_setting, &b);
	pc_json_end_object(&b);
	print_buf(c, &b);
	return PC_EXIT_OK;
}
