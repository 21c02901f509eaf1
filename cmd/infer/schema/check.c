/* check.c - is a schema one that is understood in full? */
#include "schema_in.h"

#include <regex.h>
#include <string.h>

struct checking {
	const struct pc_json *root;
	struct pc_error *err;
	const struct place *at;
};

static int check_schema(const struct checking *, const struct pc_json *);

static int
refuse(const struct checking *c, const char *why)
{
	place_say(c->err, c->at, why);
	return -1;
}

static int
refuse_value(const struct checking *c, const char *wanted,
    const struct pc_json *v)
{
	struct pc_error why;
	struct pc_buf b = {0};

	place_show(&b, v);
	pc_error_set(&why, "must be %s, not %.*s", wanted, (int)b.len,
	    b.len ? (char *)b.data : "");
	pc_buf_clear(&b);
	return refuse(c, why.text);
}

/* ---- schemas within ---- */

static int
check_each(const struct checking *c, const struct pc_json *all)
{
	if (pc_json_length(all) == 0)
		return refuse_value(c, "an array of schemas, not empty", all);
	for (size_t i = 0; i < pc_json_length(all); i++) {
		const struct place at = {.up = c->at, .index = i};
		const struct checking inner = {c->root, c->err, &at};

		if (check_schema(&inner, pc_json_at(all, i)) < 0)
			return -1;
	}
	return 0;
}

static int
check_member(void *ctx, const char *name, const struct pc_json *schema)
{
	const struct checking *c = ctx;
	const struct place at = {.up = c->at, .name = name};
	const struct checking inner = {c->root, c->err, &at};

	return check_schema(&inner, schema);
}

static int
check_members(const struct checking *c, const struct pc_json *all)
{
	if (pc_json_type(all) != PC_JSON_OBJECT)
		return refuse_value(c, "an object of schemas", all);
	return pc_json_each(all, check_member, (void *)(uintptr_t)c);
}

/* ---- patterns ---- */

static int
check_pattern(const struct checking *c, const char *pattern, size_t n)
{
	struct pc_buf posix = {0};
	struct pc_error why, text;
	regex_t compiled;
	unsigned size;
	int r = pattern_translate(pattern, n, &posix, &size, &why);

	if (r == 0) {
		r = regcomp(&compiled, (char *)posix.data,
		    REG_EXTENDED | REG_NOSUB);
		if (r == 0)
			regfree(&compiled);
		else
			regerror(r, &compiled, why.text, sizeof why.text);
	}
	pc_buf_clear(&posix);
	if (r == 0)
		return 0;
	pc_error_set(&text, "the pattern %.*s cannot be used: %.200s",
	    (int)(n < 100 ? n : 100), pattern, why.text);
	return refuse(c, text.text);
}

static int
check_patterned(void *ctx, const char *name, const struct pc_json *schema)
{
	const struct checking *c = ctx;
	const struct place at = {.up = c->at, .name = name};
	const struct checking inner = {c->root, c->err, &at};

	if (check_pattern(&inner, name, strlen(name)) < 0)
		return -1;
	return check_schema(&inner, schema);
}

/* ---- all else ---- */

static int
check_names(const struct checking *c, const struct pc_json *all)
{
	size_t n;

	if (pc_json_type(all) != PC_JSON_ARRAY)
		return refuse_value(c, "an array of names", all);
	for (size_t i = 0; i < pc_json_length(all); i++)
		if (!pc_json_text(pc_json_at(all, i), &n))
			return refuse_value(c, "an array of names",
			    pc_json_at(all, i));
	return 0;
}

static int
check_type(const struct checking *c, const struct pc_json *v)
{
	static const char wanted[] =
	    "null, boolean, integer, number, string, array or object, or an "
	    "array of these";
	const size_t count = pc_json_length(v);
	size_t n;

	if (pc_json_type(v) == PC_JSON_ARRAY && count == 0)
		return refuse_value(c, wanted, v);
	for (size_t i = 0; i < (count ? count : 1); i++) {
		const struct pc_json *one = count ? pc_json_at(v, i) : v;
		const char *name = pc_json_text(one, &n);

		if (!name || !assert_is_type(name))
			return refuse_value(c, wanted, one);
	}
	return 0;
}

static int
check_word(const struct checking *c, enum form form, const struct pc_json *v)
{
	const char *text;
	uint64_t count;
	size_t n = 0;
	double d;

	switch (form) {
	case FORM_NOTE:
	case FORM_ANY:
		return 0;
	case FORM_UNSUPPORTED:
		return refuse(c, "this keyword is not supported");
	case FORM_SCHEMA:
		return check_schema(c, v);
	case FORM_SCHEMAS:
		return check_each(c, v);
	case FORM_MEMBERS:
		return check_members(c, v);
	case FORM_PATTERNS:
		if (pc_json_type(v) != PC_JSON_OBJECT)
			return refuse_value(c, "an object of schemas", v);
		return pc_json_each(v, check_patterned, (void *)(uintptr_t)c);
	case FORM_PATTERN:
		text = pc_json_text(v, &n);
		return text ? check_pattern(c, text, n)
			    : refuse_value(c, "a pattern", v);
	case FORM_REF:
		return schema_target(c->root, v)
		    ? 0
		    : refuse_value(c,
			  "\"#\", \"#/$defs/NAME\" or "
			  "\"#/definitions/NAME\" that is there",
			  v);
	case FORM_TYPE:
		return check_type(c, v);
	case FORM_VALUES:
		return pc_json_length(v) > 0
		    ? 0
		    : refuse_value(c, "an array, not empty", v);
	case FORM_NAMES:
		return check_names(c, v);
	case FORM_NUMBER:
		return pc_json_real(v, &d) == 0
		    ? 0
		    : refuse_value(c, "a number", v);
	case FORM_POSITIVE:
		return pc_json_real(v, &d) == 0 && d > 0
		    ? 0
		    : refuse_value(c, "a number above 0", v);
	case FORM_COUNT:
		return assert_count(v, &count) == 0
		    ? 0
		    : refuse_value(c, "a whole number, 0 or more", v);
	case FORM_BOOL:
		return pc_json_type(v) == PC_JSON_BOOL
		    ? 0
		    : refuse_value(c, "true or false", v);
	case FORM_TEXT:
		return pc_json_text(v, &n) ? 0 : refuse_value(c, "a string", v);
	}
	return 0;
}

/* What is one slip from a keyword is one misspelled, which would leave out
 * what was meant. */
static int
check_unknown(const struct checking *c, const char *name)
{
	const size_t n = strlen(name);
	struct pc_error why;

	for (const struct keyword *k = schema_keywords; k->name; k++) {
		const size_t len = strlen(k->name);

		if (k->form == FORM_UNSUPPORTED || len < 5 || n > 2 * len ||
		    pc_edit_distance(name, k->name) >
			(len >= 8 && n >= 8 ? 2 : 1))
			continue;
		pc_error_set(&why, "unknown keyword; did you mean '%s'?",
		    k->name);
		return refuse(c, why.text);
	}
	return 0;
}

static int
check_keyword(void *ctx, const char *name, const struct pc_json *v)
{
	const struct checking *c = ctx;
	const struct place at = {.up = c->at, .name = name};
	const struct checking inner = {c->root, c->err, &at};
	const struct keyword *k = schema_keyword(name);

	return k ? check_word(&inner, k->form, v) : check_unknown(&inner, name);
}

static int
check_schema(const struct checking *c, const struct pc_json *schema)
{
	const enum pc_json_type type = pc_json_type(schema);

	if (type == PC_JSON_BOOL)
		return 0;
	if (type != PC_JSON_OBJECT)
		return refuse_value(c, "a schema: an object, true or false",
		    schema);
	return pc_json_each(schema, check_keyword, (void *)(uintptr_t)c);
}

int
schema_check(const struct pc_json *schema, struct pc_error *err)
{
	const struct checking c = {schema, err, NULL};

	return check_schema(&c, schema);
}
