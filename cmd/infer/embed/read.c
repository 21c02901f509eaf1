/* read.c - the texts to be embedded: lines, or members of records. */
#include "embed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *
copy(struct embedding *r, const char *s, size_t n)
{
	char *to = malloc(n + 1);

	if (!to)
		cli_die(r->in->c, "%s", strerror(errno));
	memcpy(to, s, n);
	to[n] = '\0';
	return to;
}

static void
fill_record(struct embedding *r, struct text *t, const char *line, size_t n)
{
	static const char *const members[] = {"file", "id", "page"};
	struct pc_error err;
	struct pc_json *j = pc_json_parse(line, n, &err);
	struct pc_buf b = {0};
	const char *s;
	size_t len;

	for (size_t i = 0; i < 3; i++)
		if (pc_json_get(j, members[i])) {
			pc_buf_addf(&b, "%s\"%s\":", b.len ? "," : "",
			    members[i]);
			pc_json_print(&b, pc_json_get(j, members[i]));
		}
	if (b.len && pc_buf_add(&b, ",", 2) == 0)
		t->carried = (char *)b.data;
	s = pc_json_text(pc_json_get(j, "error"), &len);
	if (s) {
		text_fail(r, t, s);
	} else if ((s = pc_json_text(pc_json_get(j, r->o->field), &len))) {
		t->bytes = copy(r, s, len);
		t->len = len;
	} else {
		if (j)
			pc_error_set(&err, "the record has no text in \"%s\"",
			    r->o->field);
		text_fail(r, t, err.text);
	}
	pc_json_free(j);
}

static int
is_blank(const struct text *t)
{
	for (size_t i = 0; i < t->len; i++)
		if (!strchr(" \t\r\n", t->bytes[i]))
			return 0;
	return 1;
}

struct text *
text_pending(const struct embedding *r, const struct text *t)
{
	for (struct text *k = r->first; k && k != t; k = k->next)
		if ((k->state != TEXT_DONE && k->state != TEXT_FOLLOWS) &&
		    memcmp(k->entry.key.b, t->entry.key.b,
			sizeof t->entry.key.b) == 0)
			return k;
	return NULL;
}

/* 1: there is none. */
int
embed_read(struct embedding *r)
{
	struct cli *c = r->in->c;
	int e = cli_names_line(c, &r->names);
	struct text *t;

	if (e == 1)
		return 1;
	t = calloc(1, sizeof *t);
	if (!t)
		cli_die(c, "%s", strerror(errno));
	t->entry = (struct stage_entry){.cli = c,
	    .usable = text_is_vector,
	    .ctx = r,
	    .began = pc_ticks()};
	*r->last = t;
	r->last = &t->next;
	r->held++;
	r->total++;
	if (e < 0) {
		text_fail(r, t, "it cannot be read");
		return 0;
	}
	if (c->jsonl) {
		fill_record(r, t, (char *)r->names.line.data,
		    r->names.line.len);
	} else {
		t->bytes = copy(r, (char *)r->names.line.data,
		    r->names.line.len);
		t->len = r->names.line.len;
	}
	if (t->state == TEXT_DONE)
		return 0;
	if (is_blank(t) || !pc_utf8_valid(t->bytes, t->len)) {
		text_fail(r, t,
		    is_blank(t) ? "the text is empty"
				: "the text is not valid UTF-8");
		return 0;
	}
	pc_sha256(t->bytes, t->len, &t->id);
	if (text_key(r, t) < 0)
		cli_die(c, "%s", strerror(errno));
	if (text_find(r, t) == 0)
		return 0;
	t->state = text_pending(r, t) ? TEXT_FOLLOWS : TEXT_MISSED;
	r->missed++;
	if (r->in->c->offline)
		text_fail(r, t, "not in the cache (--offline)");
	return 0;
}
