/* names_ahead.c - all names of a list, before the first is used. */
#include "cli.h"

#include <errno.h>
#include <string.h>

enum { LIST_MAX = 1024 * 1024 * 1024 /* bytes */ };

struct look {
	void (*each)(void *ctx, const char *name);
	void *ctx;
};

/* A bad record is reported when it is used. */
static void
look_at_record(const struct look *l, const struct pc_buf *line)
{
	struct pc_error err;
	struct pc_json *record = pc_json_parse((char *)line->data, line->len,
	    &err);
	const struct pc_json *file = record ? pc_json_get(record, "file")
					    : NULL;
	size_t n;
	const char *name = file ? pc_json_text(file, &n) : NULL;

	if (name)
		l->each(l->ctx, name);
	pc_json_free(record);
}

void
cli_names_look_ahead(struct cli *c, struct cli_names *n,
    void (*each)(void *ctx, const char *name), void *ctx)
{
	const struct look l = {each, ctx};
	struct pc_buf line = {0};
	size_t length;

	if (n->from < 0)
		return;
	if (pc_read_all(n->from, &n->read, LIST_MAX) < 0)
		cli_die(c, "cannot read the list: %s", strerror(errno));
	for (size_t at = n->at; at < n->read.len; at += length + 1) {
		const unsigned char *s = n->read.data + at;
		const unsigned char *end = memchr(s, n->delimiter,
		    n->read.len - at);

		length = end ? (size_t)(end - s) : n->read.len - at;
		line.len = 0;
		if (pc_buf_add(&line, s, length) < 0 ||
		    pc_buf_add(&line, "", 1) < 0)
			cli_die(c, "%s", strerror(ENOMEM));
		line.len--;
		if (n->records)
			look_at_record(&l, &line);
		else if (length > 0)
			each(ctx, (char *)line.data);
	}
	pc_buf_clear(&line);
}
