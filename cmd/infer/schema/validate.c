/* validate.c - does a value fit a schema?  Applies all its keywords, within
 * limits of depth and work. */
#include "schema_in.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MAX = 512,              /* schemas applied within each other */
	STEPS_MAX = 10 * 1000 * 1000, /* about a second */
};

/* ---- what is said ---- */

static void
say(struct run *r, const struct frame *f, const char *fmt, va_list ap)
{
	struct pc_error text;

	vsnprintf(text.text, sizeof text.text, fmt, ap);
	place_say(&r->why, f->at, text.text);
	r->rank = 2;
	for (const struct place *p = f->at; p; p = p->up)
		r->rank += 2;
}

int
schema_misfit(struct run *r, const struct frame *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(r, f, fmt, ap);
	va_end(ap);
	return 1;
}

int
schema_give_up(struct run *r, const struct frame *f, const char *why)
{
	place_say(&r->why, f->at, why);
	return -1;
}

int
schema_spend(struct run *r, uint64_t steps)
{
	if (steps > r->steps) {
		r->steps = 0;
		pc_error_set(&r->why,
		    "the schema takes too long for this "
		    "value: it is too intricate");
		return -1;
	}
	r->steps -= steps;
	return 0;
}

/* ---- applying one schema ---- */

struct application {
	struct run *run;
	const struct frame *frame;
};

static int
apply_word(void *ctx, const char *name, const struct pc_json *word)
{
	const struct application *a = ctx;
	const struct keyword *k = keyword_find(name);
	struct frame f = *a->frame;

	if (schema_spend(a->run, 1) < 0)
		return -1;
	f.word = word;
	return k && k->fits ? k->fits(a->run, &f) : 0;
}

static int
apply_words(struct run *r, const struct frame *f)
{
	struct application a = {r, f};

	return pc_json_each(f->schema, apply_word, &a);
}

/* The keyword of f's schema that looks at what no other evaluated. */
static const struct pc_json *
unevaluated(const struct frame *f)
{
	switch (pc_json_type(f->value)) {
	case PC_JSON_OBJECT:
		return pc_json_get(f->schema, "unevaluatedProperties");
	case PC_JSON_ARRAY:
		return pc_json_get(f->schema, "unevaluatedItems");
	default:
		return NULL;
	}
}

/* Keep track of what the other keywords evaluate, for word. */
static int
apply_tracked(struct run *r, const struct frame *f, const struct pc_json *word)
{
	struct seen own;
	struct frame g = *f;
	int e = seen_open(r, f, &own);

	if (e < 0)
		return -1;
	g.seen = &own;
	e = apply_words(r, &g);
	g.word = word;
	if (e == 0)
		e = pc_json_type(f->value) == PC_JSON_OBJECT
		    ? object_unevaluated(r, &g)
		    : array_unevaluated(r, &g);
	seen_close(&own, e == 0 ? f->seen : NULL);
	return e;
}

int
schema_fits(struct run *r, const struct frame *f)
{
	const struct resource *in = refs_resource(r->refs, f->schema);
	const struct scope scope = {f->scope, in};
	const struct pc_json *word;
	struct frame g = *f;

	if (schema_spend(r, 1) < 0)
		return -1;
	if (f->depth > DEPTH_MAX)
		return schema_give_up(r, f, "the schema is nested too deep");
	if (pc_json_type(f->schema) == PC_JSON_BOOL)
		return pc_json_bool(f->schema)
		    ? 0
		    : schema_misfit(r, f, "nothing is allowed here");
	if (!g.scope || g.scope->in != in)
		g.scope = &scope;
	word = unevaluated(&g);
	return word ? apply_tracked(r, &g, word) : apply_words(r, &g);
}

int
schema_fits_too(struct run *r, const struct frame *f,
    const struct pc_json *schema)
{
	struct frame g = *f;

	g.schema = schema;
	g.depth++;
	return schema_fits(r, &g);
}

int
schema_fits_branch(struct run *r, const struct frame *f,
    const struct pc_json *schema)
{
	struct seen own;
	struct frame g = *f;
	int e;

	if (!f->seen)
		return schema_fits_too(r, f, schema);
	if (seen_open(r, f, &own) < 0)
		return -1;
	g.seen = &own;
	e = schema_fits_too(r, &g, schema);
	seen_close(&own, e == 0 ? f->seen : NULL);
	return e;
}

int
schema_fits_there(struct run *r, const struct frame *f,
    const struct pc_json *schema, const struct pc_json *value, struct place at)
{
	struct frame g = {.schema = schema,
	    .value = value,
	    .at = &at,
	    .scope = f->scope,
	    .depth = f->depth + 1};

	at.up = f->at;
	return schema_fits(r, &g);
}

int
schema_validate(const struct pc_json *schema, const struct pc_json *value,
    struct pc_error *err)
{
	struct refs refs;
	struct run r = {.refs = &refs, .steps = STEPS_MAX};
	const struct frame f = {.schema = schema, .value = value};
	int e = schema_read(schema, &refs, &r.why);

	if (e == 0)
		e = schema_fits(&r, &f);
	text_drop_patterns(&r);
	refs_close(&refs);
	if (e != 0)
		*err = r.why;
	return e == 0 ? 0 : -1;
}
