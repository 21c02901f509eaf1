/* form.c - the valid values of keywords that contain no schemas. */
#include "schema_in.h"

#include <string.h>

static const char *
wanted_names(const struct pc_json *v, const struct pc_json **found)
{
	size_t n;

	for (size_t i = 0; i < pc_json_length(v); i++)
		if (!pc_json_text(pc_json_at(v, i), &n)) {
			*found = pc_json_at(v, i);
			return "an array of names";
		}
	return pc_json_type(v) == PC_JSON_ARRAY ? NULL : "an array of names";
}

static const char *
wanted_type(const struct pc_json *v, const struct pc_json **found)
{
	static const char wanted[] =
	    "null, boolean, integer, number, string, array or object, or an "
	    "array of these";
	const size_t count = pc_json_length(v);
	size_t n;

	if (pc_json_type(v) == PC_JSON_ARRAY && count == 0)
		return wanted;
	for (size_t i = 0; i < (count ? count : 1); i++) {
		const struct pc_json *one = count ? pc_json_at(v, i) : v;
		const char *name = pc_json_text(one, &n);

		*found = one;
		if (!name || !type_is_name(name))
			return wanted;
	}
	return NULL;
}

/* In other dialects the same keywords may mean something else. */
static const char *
wanted_dialect(const char *uri)
{
	static const char *const known[] = {"https://json-schema.org/",
	    "http://json-schema.org/"};

	for (size_t i = 0; i < 2; i++)
		if (uri && strncmp(uri, known[i], strlen(known[i])) == 0)
			return NULL;
	return "a dialect of json-schema.org; own ones ($vocabulary) are not "
	       "supported";
}

static const char *
wanted_anchor(const char *text, size_t n)
{
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
	    "0123456789-.";

	if (text && n > 0 && !strchr("-.0123456789", text[0]) &&
	    strspn(text, allowed) == n)
		return NULL;
	return "a name of letters, digits, -, . and _ that begins with a "
	       "letter or _";
}

const char *
form_wanted(enum word_form form, const struct pc_json *v,
    const struct pc_json **found)
{
	size_t n = 0;
	const char *text = pc_json_text(v, &n);
	uint64_t count;
	double d;

	*found = v;
	switch (form) {
	case FORM_TYPE:
		return wanted_type(v, found);
	case FORM_NAMES:
		return wanted_names(v, found);
	case FORM_DIALECT:
		return wanted_dialect(text);
	case FORM_ANCHOR:
	case FORM_DYNAMIC_ANCHOR:
		return wanted_anchor(text, n);
	case FORM_VALUES:
		return pc_json_type(v) == PC_JSON_ARRAY ? NULL : "an array";
	case FORM_BOOL:
		return pc_json_type(v) == PC_JSON_BOOL ? NULL : "true or false";
	case FORM_REF:
		return text && strlen(text) == n ? NULL : "a URI reference";
	case FORM_PATTERN:
		return text ? NULL : "a pattern";
	case FORM_TEXT:
		return text ? NULL : "a string";
	case FORM_NUMBER:
		return pc_json_real(v, &d) == 0 ? NULL : "a number";
	case FORM_UNIT:
		return multiple_is_unit(v)
		    ? NULL
		    : "a number above 0 of up to 18 digits";
	case FORM_COUNT:
		return number_count(v, &count) == 0
		    ? NULL
		    : "a whole number, 0 or more";
	default:
		return NULL;
	}
}
