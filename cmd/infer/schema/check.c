/* check.c - read a schema: refuse what is malformed or unsupported, and
 * resolve its references. */
#include "schema_in.h"
#include "spot.h"

#include <stdlib.h>
#include <string.h>

static int check_schema(const struct spot *, const struct pc_json *);

/* ---- subschemas ---- */

static int
check_each(const struct spot *s, const struct pc_json *all)
{
	if (pc_json_length(all) == 0)
		return spot_refuse_value(s, "an array of schemas, not empty",
		    all);
	for (size_t i = 0; i < pc_json_length(all); i++) {
		const struct json_place at = {.up = s->at, .index = i};
		const struct spot inner = {s->reading, &at, s->in, NULL};

		if (check_schema(&inner, pc_json_at(all, i)) < 0)
			return -1;
	}
	return 0;
}

/* Check each member of an object with a given function. */
struct member_check {
	const struct spot *spot;
	int (*check)(const struct spot *, const char *name,
	    const struct pc_json *);
};

static int
check_one(void *ctx, const char *name, const struct pc_json *v)
{
	const struct member_check *m = ctx;
	const struct json_place at = {.up = m->spot->at, .name = name};
	const struct spot inner = {m->spot->reading, &at, m->spot->in, NULL};

	return m->check(&inner, name, v);
}

static int
check_members(const struct spot *s, const struct pc_json *all,
    const char *wanted,
    int (*check)(const struct spot *, const char *, const struct pc_json *))
{
	struct member_check m = {s, check};

	if (pc_json_type(all) != PC_JSON_OBJECT)
		return spot_refuse_value(s, wanted, all);
	return pc_json_each(all, check_one, &m);
}

static int
check_named(const struct spot *s, const char *name, const struct pc_json *v)
{
	(void)name;
	return check_schema(s, v);
}

static int
check_pattern(const struct spot *s, const char *pattern, size_t n)
{
	struct pc_error why, text;
	struct pattern *p = pattern_compile(pattern, n, &why);

	pattern_free(p);
	if (p)
		return 0;
	pc_error_set(&text, "the pattern %.*s cannot be used: %.200s",
	    (int)(n < 100 ? n : 100), pattern, why.text);
	return spot_refuse(s, text.text);
}

static int
check_patterned(const struct spot *s, const char *name, const struct pc_json *v)
{
	if (check_pattern(s, name, strlen(name)) < 0)
		return -1;
	return check_schema(s, v);
}

/* ---- names ---- */

static int
check_names(const struct spot *s, const struct pc_json *v)
{
	const struct pc_json *found;
	const char *wanted = form_wanted(FORM_NAMES, v, &found);

	return wanted ? spot_refuse_value(s, wanted, found) : 0;
}

static int
check_required(const struct spot *s, const char *name, const struct pc_json *v)
{
	(void)name;
	return check_names(s, v);
}

static int
check_dependency(const struct spot *s, const char *name,
    const struct pc_json *v)
{
	(void)name;
	return pc_json_type(v) == PC_JSON_ARRAY ? check_names(s, v)
						: check_schema(s, v);
}

/* ---- references ---- */

/* Find the target of p's reference.  A target that was not read as a schema,
 * for example inside an unknown keyword, is read now. */
static int
resolve(struct schema_reading *r, struct pending *p)
{
	const struct json_place at = {.pointer = p->at};
	struct spot s = {r, &at, p->in, NULL};
	struct pc_error why;
	size_t n;
	const struct pc_json *found = refs_resolve(r->refs,
	    pc_json_text(p->ref, &n), &s.in, &why);

	if (!found)
		return spot_refuse(&s, why.text);
	if (refs_add_target(r->refs, p->ref, found) < 0)
		return spot_refuse(&s, "out of memory");
	return check_schema(&s, found);
}

/* ---- keywords ---- */

static int
check_word(const struct spot *s, enum word_form form, const struct pc_json *v)
{
	static const char schemas[] = "an object of schemas";
	const struct pc_json *found;
	const char *text, *wanted = form_wanted(form, v, &found);
	size_t n;

	if (wanted)
		return spot_refuse_value(s, wanted, found);
	switch (form) {
	case FORM_UNSUPPORTED:
		return spot_refuse(s, "this keyword is not supported");
	case FORM_SCHEMA:
	case FORM_LAST:
		return check_schema(s, v);
	case FORM_SCHEMAS:
		return check_each(s, v);
	case FORM_MEMBERS:
		return check_members(s, v, schemas, check_named);
	case FORM_PATTERNS:
		return check_members(s, v, schemas, check_patterned);
	case FORM_NAME_LISTS:
		return check_members(s, v, "an object of arrays of names",
		    check_required);
	case FORM_DEPENDENCIES:
		return check_members(s, v,
		    "an object of schemas or arrays of names",
		    check_dependency);
	case FORM_PATTERN:
		text = pc_json_text(v, &n);
		return check_pattern(s, text, n);
	case FORM_ANCHOR:
	case FORM_DYNAMIC_ANCHOR:
		return spot_add_anchor(s, v, form == FORM_DYNAMIC_ANCHOR);
	case FORM_REF:
		return spot_add_pending(s, v);
	default:
		return 0;
	}
}

/* An unknown name that is close to a keyword is probably a misspelling;
 * ignoring it would drop a check. */
static int
check_unknown(const struct spot *s, const char *name)
{
	const char *meant = keyword_nearest(schema_vocabulary, name);
	struct pc_error why;

	if (!meant)
		return 0;
	pc_error_set(&why, "unknown keyword; did you mean '%s'?", meant);
	return spot_refuse(s, why.text);
}

static int
check_keyword(void *ctx, const char *name, const struct pc_json *v)
{
	const struct spot *s = ctx;
	const struct json_place at = {.up = s->at, .name = name};
	const struct spot inner = {s->reading, &at, s->in, s->schema};
	const struct keyword *k = keyword_find(schema_vocabulary, name);

	return k ? check_word(&inner, k->form, v) : check_unknown(&inner, name);
}

static int
check_schema(const struct spot *s, const struct pc_json *schema)
{
	const enum pc_json_type type = pc_json_type(schema);
	struct spot inner = {s->reading, s->at, s->in, schema};

	if (type == PC_JSON_BOOL || refs_resource(s->reading->refs, schema))
		return 0;
	if (type != PC_JSON_OBJECT)
		return spot_refuse_value(s,
		    "a schema: an object, true or false", schema);
	if (json_has(schema, "$id") &&
	    spot_enter_resource(&inner, pc_json_get(schema, "$id")) < 0)
		return -1;
	if (refs_add_schema(s->reading->refs, schema, inner.in) < 0)
		return spot_refuse(s, "out of memory");
	return pc_json_each(schema, check_keyword, &inner);
}

int
schema_read(const struct pc_json *schema, struct refs *refs,
    struct pc_error *err)
{
	struct schema_reading r = {.refs = refs, .last = &r.first, .err = err};
	struct spot s = {.reading = &r};
	struct pending *next;
	int e = refs_open(refs, schema, err);

	s.in = refs->resources;
	if (e == 0)
		e = check_schema(&s, schema);
	/* Resolving these may add more references. */
	for (struct pending *p = r.first; p; p = next) {
		if (e == 0)
			e = resolve(&r, p);
		next = p->next;
		free(p->at);
		free(p);
	}
	return e;
}
