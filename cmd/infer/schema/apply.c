/* apply.c - does a value fit a schema?  Apply all its keywords. */
#include "schema_in.h"

enum { DEPTH_MAX = 512 }; /* nested schemas */

struct application {
	struct schema_run *run;
	const struct schema_frame *frame;
};

static int
apply_word(void *ctx, const char *name, const struct pc_json *word)
{
	const struct application *a = ctx;
	const struct keyword *k = keyword_find(a->run->keywords, name);
	struct schema_frame f = *a->frame;

	if (schema_spend(a->run, 1) < 0)
		return -1;
	f.word = word;
	return k && k->fits && k->form != FORM_LAST ? k->fits(a->run, &f) : 0;
}

static int
apply_words(struct schema_run *r, const struct schema_frame *f)
{
	struct application a = {r, f};

	return pc_json_each(f->schema, apply_word, &a);
}

/* The name of the keyword that checks what no other keyword evaluated. */
static const char *
unevaluated(const struct schema_frame *f)
{
	const char *name = pc_json_type(f->value) == PC_JSON_OBJECT
	    ? "unevaluatedProperties"
	    : pc_json_type(f->value) == PC_JSON_ARRAY ? "unevaluatedItems"
						      : NULL;

	return name && pc_json_get(f->schema, name) ? name : NULL;
}

/* Track what other keywords evaluate, for the named keyword. */
static int
apply_tracked(struct schema_run *r, const struct schema_frame *f,
    const char *name)
{
	struct seen own;
	struct schema_frame g = *f;
	int e;

	if (seen_open(r, f, &own) < 0)
		return -1;
	g.seen = &own;
	e = apply_words(r, &g);
	g.word = pc_json_get(f->schema, name);
	if (e == 0)
		e = keyword_find(r->keywords, name)->fits(r, &g);
	seen_close(&own, e == 0 ? f->seen : NULL);
	return e;
}

int
schema_fits(struct schema_run *r, const struct schema_frame *f)
{
	const struct resource *in = refs_resource(r->refs, f->schema);
	const struct scope scope = {f->scope, in};
	const char *last;
	struct schema_frame g = *f;

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
	last = unevaluated(&g);
	return last ? apply_tracked(r, &g, last) : apply_words(r, &g);
}

int
schema_fits_too(struct schema_run *r, const struct schema_frame *f,
    const struct pc_json *schema)
{
	struct schema_frame g = *f;

	g.schema = schema;
	g.depth++;
	return schema_fits(r, &g);
}

int
schema_fits_branch(struct schema_run *r, const struct schema_frame *f,
    const struct pc_json *schema)
{
	struct seen own;
	struct schema_frame g = *f;
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
schema_fits_there(struct schema_run *r, const struct schema_frame *f,
    const struct pc_json *schema, const struct pc_json *value,
    struct json_place at)
{
	struct schema_frame g = {.schema = schema,
	    .value = value,
	    .at = &at,
	    .scope = f->scope,
	    .depth = f->depth + 1};

	at.up = f->at;
	return schema_fits(r, &g);
}
