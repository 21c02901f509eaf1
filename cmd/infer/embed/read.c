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
			pc_json_add_key(&b, members[i], strlen(members[i]));
			pc_json_print(&b, pc_json_get(j, members[i]));
		}
	if (b.len && pc_buf_add(&b, "", 1) == 0)
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

/* One more.  NULL: there is none. */
static struct text *
read_one(struct embedding *r)
{
	struct cli *c = r->in->c;
	int e = cli_names_line(c, &r->names);
	struct text *t;

	if (e == 1)
		return NULL;
	t = calloc(1, sizeof *t);
	if (!t)
		cli_die(c, "%s", strerror(errno));
	t->entry = (struct stage_entry){.cli = c,
	    .usable = text_is_vector,
	    .ctx = r};
	*r->last = t;
	r->last = &t->next;
	r->held++;
	r->total++;
	if (e < 0) {
		text_fail(r, t, "it cannot be read");
	} else if (c->jsonl) {
		fill_record(r, t, (char *)r->names.line.data,
		    r->names.line.len);
	} else {
		t->bytes = copy(r, (char *)r->names.line.data,
		    r->names.line.len);
		t->len = r->names.line.len;
	}
	return t;
}

static void
identify(struct embedding *r, struct text *t)
{
	if (is_blank(t)) {
		text_fail(r, t, "the text is empty");
	} else if (!pc_utf8_valid(t->bytes, t->len)) {
		text_fail(r, t, "the text is not valid UTF-8");
	} else {
		t->len = text_bare(t->bytes, t->len);
		text_ids_make(&t->ids, t->bytes, t->len);
		text_make_key(r, t);
	}
}

static int
can_read(struct embedding *r)
{
	return !r->ended && r->held < EMBED_AHEAD && !*r->in->stop &&
	    cli_names_ready(r->in->c, &r->names);
}

int
embed_read(struct embedding *r)
{
	struct text *new[EMBED_BATCH] = {0};
	const uint64_t before = r->total;
	size_t n = 0;

	while (n < EMBED_BATCH && can_read(r)) {
		struct text *t = read_one(r);

		r->ended = !t;
		if (t && t->state == TEXT_READ)
			identify(r, t);
		if (t && t->state == TEXT_READ)
			new[n++] = t;
	}
	embed_find(r, new, n);
	return r->total > before;
}
