/* object.c - keywords for the members of objects. */
#include "schema_in.h"

#include <string.h>

enum { NAMED_MAX = 200 }; /* bytes of names in a message */

/* ---- single members ---- */

struct member_walk {
	struct schema_run *run;
	const struct schema_frame *frame;
	int (*fits)(struct member_walk *);
	size_t index;
	const char *name;
	const struct pc_json *value;
};

static int
next_member(void *ctx, const char *name, const struct pc_json *value)
{
	struct member_walk *m = ctx;
	int e = schema_spend(m->run, 1);

	m->name = name;
	m->value = value;
	if (e == 0)
		e = m->fits(m);
	m->index++;
	return e;
}

static int
each_member(struct schema_run *r, const struct schema_frame *f,
    int (*fits)(struct member_walk *))
{
	struct member_walk m = {.run = r, .frame = f, .fits = fits};

	return pc_json_each(f->value, next_member, &m);
}

/* Check the member, and mark it as evaluated, by this schema. */
static int
fits_member(struct member_walk *m, const struct pc_json *schema)
{
	seen_mark(m->frame, m->index);
	return schema_fits_there(m->run, m->frame, schema, m->value,
	    (struct json_place){.name = m->name});
}

static int
fits_property(struct member_walk *m)
{
	const struct pc_json *schema = pc_json_get(m->frame->word, m->name);

	return schema ? fits_member(m, schema) : 0;
}

int
object_properties(struct schema_run *r, const struct schema_frame *f)
{
	return each_member(r, f, fits_property);
}

/* ---- names that match patterns ---- */

static int
name_matches(struct member_walk *m, const char *pattern)
{
	return text_matches(m->run, m->frame, pattern, m->name,
	    strlen(m->name));
}

static int
fits_pattern(void *ctx, const char *pattern, const struct pc_json *schema)
{
	struct member_walk *m = ctx;
	const int e = name_matches(m, pattern);

	return e > 0 ? fits_member(m, schema) : e;
}

static int
fits_patterns(struct member_walk *m)
{
	return pc_json_each(m->frame->word, fits_pattern, m);
}

int
object_patterns(struct schema_run *r, const struct schema_frame *f)
{
	return each_member(r, f, fits_patterns);
}

/* ---- all other members ---- */

static int
add_name(void *ctx, const char *name, const struct pc_json *value)
{
	struct pc_buf *b = ctx;

	(void)value;
	pc_buf_addf(b, "%s", b->len ? ", " : "");
	pc_json_string(b, name, strnlen(name, NAMED_MAX));
	return b->len > NAMED_MAX;
}

/* The message about a member that false forbids lists the known names. */
static int
fits_other(struct member_walk *m)
{
	const struct schema_frame *f = m->frame;
	struct pc_buf known = {0};

	if (pc_json_type(f->word) != PC_JSON_BOOL || pc_json_bool(f->word))
		return fits_member(m, f->word);
	pc_json_each(pc_json_get(f->schema, "properties"), add_name, &known);
	schema_misfit(m->run, f, "the member \"%.60s\" is not allowed%s%.*s",
	    m->name, known.len ? ": there can be " : "", (int)known.len,
	    known.len ? (char *)known.data : "");
	pc_buf_clear(&known);
	return 1;
}

static int
is_matched(void *ctx, const char *pattern, const struct pc_json *schema)
{
	(void)schema;
	return name_matches(ctx, pattern);
}

static int
fits_additional(struct member_walk *m)
{
	const struct pc_json *schema = m->frame->schema;
	int e;

	if (pc_json_get(pc_json_get(schema, "properties"), m->name))
		return 0;
	e = pc_json_each(pc_json_get(schema, "patternProperties"), is_matched,
	    m);
	if (e != 0)
		return e < 0 ? -1 : 0;
	return fits_other(m);
}

int
object_additional(struct schema_run *r, const struct schema_frame *f)
{
	return each_member(r, f, fits_additional);
}

static int
fits_unevaluated(struct member_walk *m)
{
	return m->frame->seen->marks[m->index] ? 0 : fits_other(m);
}

int
object_unevaluated(struct schema_run *r, const struct schema_frame *f)
{
	return each_member(r, f, fits_unevaluated);
}

/* ---- names ---- */

/* Make the name a JSON value. */
static int
fits_name(struct member_walk *m)
{
	struct pc_buf b = {0};
	struct pc_error err;
	struct pc_json *text;
	int e;

	if (schema_spend(m->run, strlen(m->name) / 64) < 0)
		return -1;
	pc_json_string(&b, m->name, strlen(m->name));
	text = b.failed ? NULL : pc_json_parse((char *)b.data, b.len, &err);
	pc_buf_clear(&b);
	if (!text)
		return schema_give_up(m->run, m->frame, "out of memory");
	e = schema_fits_there(m->run, m->frame, m->frame->word, text,
	    (struct json_place){.name = m->name});
	pc_json_free(text);
	if (e == 1) {
		err = m->run->why;
		schema_misfit(m->run, m->frame,
		    "a member's name is wrong: %.400s", err.text);
	}
	return e;
}

int
object_names(struct schema_run *r, const struct schema_frame *f)
{
	return each_member(r, f, fits_name);
}
