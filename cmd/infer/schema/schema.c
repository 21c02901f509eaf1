/* schema.c - does a value fit a schema, and keywords that apply other schemas
 * to the value itself. */
#include "schema_in.h"

#include <stdarg.h>
#include <string.h>

enum {
	DEPTH_MAX = 512,              /* schemas applied within each other */
	REFS_MAX = 64,                /* references from one to the next */
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

/* The same place in the value, another schema. */
static int
fits_here(struct run *r, const struct frame *f, const struct pc_json *schema)
{
	struct frame g = *f;

	g.schema = schema;
	g.depth++;
	return schema_fits(r, &g);
}

int
schema_fits_there(struct run *r, const struct frame *f,
    const struct pc_json *schema, const struct pc_json *value, struct place at)
{
	struct frame g = {.schema = schema,
	    .value = value,
	    .at = &at,
	    .depth = f->depth + 1};

	at.up = f->at;
	return schema_fits(r, &g);
}

struct application {
	struct run *run;
	const struct frame *frame;
};

static int
apply_word(void *ctx, const char *name, const struct pc_json *word)
{
	const struct application *a = ctx;
	const struct keyword *k = schema_keyword(name);
	struct frame f = *a->frame;

	if (schema_spend(a->run, 1) < 0)
		return -1;
	f.word = word;
	return k && k->fits ? k->fits(a->run, &f) : 0;
}

int
schema_fits(struct run *r, const struct frame *f)
{
	struct application a = {r, f};

	if (schema_spend(r, 1) < 0)
		return -1;
	if (f->depth > DEPTH_MAX)
		return schema_give_up(r, f, "the schema is nested too deep");
	switch (pc_json_type(f->schema)) {
	case PC_JSON_OBJECT:
		return pc_json_each(f->schema, apply_word, &a);
	case PC_JSON_BOOL:
		return pc_json_bool(f->schema)
		    ? 0
		    : schema_misfit(r, f, "nothing is allowed here");
	default:
		return schema_give_up(r, f, "the schema is malformed");
	}
}

/* ---- references ---- */

/* Is s the member's name, in a JSON pointer? */
static int
is_named(const char *s, const char *name)
{
	for (; *s && *name; s++, name++) {
		if (*s == '~' && (s[1] == '0' || s[1] == '1')) {
			if (*name != (*++s == '0' ? '~' : '/'))
				return 0;
		} else if (*s != *name) {
			return 0;
		}
	}
	return !*s && !*name;
}

struct search {
	const char *name;
	const struct pc_json *found;
};

static int
is_found(void *ctx, const char *name, const struct pc_json *value)
{
	struct search *s = ctx;

	if (!is_named(s->name, name))
		return 0;
	s->found = value;
	return 1;
}

const struct pc_json *
schema_target(const struct pc_json *root, const struct pc_json *ref)
{
	static const char *const where[] = {"$defs", "definitions"};
	struct search s = {NULL, NULL};
	size_t n;
	const char *text = pc_json_text(ref, &n);

	if (!text || strlen(text) != n || text[0] != '#')
		return NULL;
	if (!text[1])
		return root;
	for (size_t i = 0; i < 2; i++) {
		const size_t len = strlen(where[i]);

		s.name = text + 2 + len + 1;
		if (text[1] != '/' || strncmp(text + 2, where[i], len) != 0 ||
		    text[2 + len] != '/' || strchr(s.name, '/'))
			continue;
		/* Most names are as they are. */
		s.found = pc_json_get(pc_json_get(root, where[i]), s.name);
		if (!s.found)
			pc_json_each(pc_json_get(root, where[i]), is_found, &s);
		return s.found;
	}
	return NULL;
}

static int
apply_ref(struct run *r, const struct frame *f)
{
	struct frame g = *f;

	g.schema = schema_target(r->root, f->word);
	g.depth++;
	g.refs++;
	if (!g.schema)
		return schema_give_up(r, f, "a $ref leads nowhere");
	if (g.refs > REFS_MAX)
		return schema_give_up(r, f,
		    "the schema refers to itself in "
		    "circles");
	return schema_fits(r, &g);
}

/* ---- one of several ---- */

static int
apply_all(struct run *r, const struct frame *f)
{
	int e = 0;

	for (size_t i = 0; i < pc_json_length(f->word) && e == 0; i++)
		e = fits_here(r, f, pc_json_at(f->word, i));
	return e;
}

/* How many fit, or -1; at most `most` are looked for.  which are the last two.
 * When none does, say why of the one that came nearest. */
static int
count_fitting(struct run *r, const struct frame *f, int most, size_t which[2],
    const char *word)
{
	const size_t n = pc_json_length(f->word);
	struct pc_error nearest = {""};
	unsigned rank = 0;
	int count = 0, e;

	for (size_t i = 0; i < n && count < most; i++) {
		e = fits_here(r, f, pc_json_at(f->word, i));
		if (e < 0)
			return -1;
		if (e == 0) {
			which[0] = which[1];
			which[1] = i;
			count++;
		} else if (r->rank > rank) {
			nearest = r->why;
			rank = r->rank;
		}
	}
	/* A schema alone would have said the same. */
	if (count == 0 && n == 1)
		r->why = nearest;
	else if (count == 0)
		schema_misfit(r, f,
		    "fits none of the %zu schemas of %s; of "
		    "the nearest, %.350s",
		    n, word, nearest.text);
	if (count == 0)
		r->rank = rank;
	return count;
}

static int
apply_any(struct run *r, const struct frame *f)
{
	size_t which[2];
	const int n = count_fitting(r, f, 1, which, "anyOf");

	return n < 0 ? -1 : n == 0;
}

static int
apply_one(struct run *r, const struct frame *f)
{
	size_t which[2];
	const int n = count_fitting(r, f, 2, which, "oneOf");

	if (n > 1)
		return schema_misfit(r, f,
		    "fits schemas %zu and %zu of oneOf, and may only one",
		    which[0], which[1]);
	return n < 0 ? -1 : n == 0;
}

static int
apply_not(struct run *r, const struct frame *f)
{
	const int e = fits_here(r, f, f->word);
	struct pc_buf b = {0};

	if (e != 0)
		return e < 0 ? -1 : 0;
	place_show(&b, f->value);
	schema_misfit(r, f, "found %.*s, which \"not\" rules out", (int)b.len,
	    (char *)b.data);
	pc_buf_clear(&b);
	return 1;
}

static int
apply_if(struct run *r, const struct frame *f)
{
	const int e = fits_here(r, f, f->word);
	const struct pc_json *next = pc_json_get(f->schema,
	    e == 0 ? "then" : "else");

	if (e < 0)
		return -1;
	return next ? fits_here(r, f, next) : 0;
}

/* ---- all keywords ---- */

const struct keyword schema_keywords[] = {
    {"type", FORM_TYPE, assert_type},
    {"enum", FORM_VALUES, assert_enum},
    {"const", FORM_ANY, assert_const},
    {"minimum", FORM_NUMBER, assert_minimum},
    {"maximum", FORM_NUMBER, assert_maximum},
    {"exclusiveMinimum", FORM_NUMBER, assert_above},
    {"exclusiveMaximum", FORM_NUMBER, assert_below},
    {"multipleOf", FORM_POSITIVE, assert_multiple},
    {"minLength", FORM_COUNT, assert_min_length},
    {"maxLength", FORM_COUNT, assert_max_length},
    {"pattern", FORM_PATTERN, assert_pattern},
    {"format", FORM_TEXT, assert_format},
    {"properties", FORM_MEMBERS, object_properties},
    {"required", FORM_NAMES, object_required},
    {"additionalProperties", FORM_SCHEMA, object_additional},
    {"patternProperties", FORM_PATTERNS, object_patterns},
    {"propertyNames", FORM_SCHEMA, object_names},
    {"minProperties", FORM_COUNT, object_min},
    {"maxProperties", FORM_COUNT, object_max},
    {"items", FORM_SCHEMA, array_items},
    {"prefixItems", FORM_SCHEMAS, array_prefix},
    {"contains", FORM_SCHEMA, array_contains},
    {"minItems", FORM_COUNT, array_min},
    {"maxItems", FORM_COUNT, array_max},
    {"uniqueItems", FORM_BOOL, assert_unique},
    {"anyOf", FORM_SCHEMAS, apply_any},
    {"allOf", FORM_SCHEMAS, apply_all},
    {"oneOf", FORM_SCHEMAS, apply_one},
    {"not", FORM_SCHEMA, apply_not},
    {"if", FORM_SCHEMA, apply_if},
    {"then", FORM_SCHEMA, NULL},
    {"else", FORM_SCHEMA, NULL},
    {"$ref", FORM_REF, apply_ref},
    {"$defs", FORM_MEMBERS, NULL},
    {"definitions", FORM_MEMBERS, NULL},
    {"$dynamicRef", FORM_UNSUPPORTED, NULL},
    {"$recursiveRef", FORM_UNSUPPORTED, NULL},
    {"additionalItems", FORM_UNSUPPORTED, NULL},
    {"dependencies", FORM_UNSUPPORTED, NULL},
    {"dependentRequired", FORM_UNSUPPORTED, NULL},
    {"dependentSchemas", FORM_UNSUPPORTED, NULL},
    {"maxContains", FORM_UNSUPPORTED, NULL},
    {"minContains", FORM_UNSUPPORTED, NULL},
    {"unevaluatedItems", FORM_UNSUPPORTED, NULL},
    {"unevaluatedProperties", FORM_UNSUPPORTED, NULL},
    {NULL, FORM_NOTE, NULL},
};

const struct keyword *
schema_keyword(const char *name)
{
	const struct keyword *k = schema_keywords;

	while (k->name && strcmp(k->name, name) != 0)
		k++;
	return k->name ? k : NULL;
}

int
schema_validate(const struct pc_json *schema, const struct pc_json *value,
    struct pc_error *err)
{
	struct run r = {.root = schema, .steps = STEPS_MAX};
	const struct frame f = {.schema = schema, .value = value};
	const int e = schema_fits(&r, &f);

	assert_drop_patterns(&r);
	if (e != 0)
		*err = r.why;
	return e == 0 ? 0 : -1;
}
