/* keyword.c - all keywords: what their values must be, and what they assert. */
#include "schema_in.h"

#include <string.h>

static const struct keyword keywords[] = {
    {"$schema", FORM_DIALECT, NULL},
    {"$id", FORM_ANY, NULL}, /* checked before all others */
    {"$anchor", FORM_ANCHOR, NULL},
    {"$dynamicAnchor", FORM_DYNAMIC_ANCHOR, NULL},
    {"$ref", FORM_REF, apply_ref},
    {"$dynamicRef", FORM_REF, apply_dynamic_ref},
    {"$defs", FORM_MEMBERS, NULL},
    {"definitions", FORM_MEMBERS, NULL},
    {"allOf", FORM_SCHEMAS, apply_all},
    {"anyOf", FORM_SCHEMAS, apply_any},
    {"oneOf", FORM_SCHEMAS, apply_one},
    {"not", FORM_SCHEMA, apply_not},
    {"if", FORM_SCHEMA, apply_if},
    {"then", FORM_SCHEMA, NULL},
    {"else", FORM_SCHEMA, NULL},
    {"type", FORM_TYPE, assert_type},
    {"enum", FORM_VALUES, assert_enum},
    {"const", FORM_ANY, assert_const},
    {"minimum", FORM_NUMBER, assert_minimum},
    {"maximum", FORM_NUMBER, assert_maximum},
    {"exclusiveMinimum", FORM_NUMBER, assert_above},
    {"exclusiveMaximum", FORM_NUMBER, assert_below},
    {"multipleOf", FORM_UNIT, assert_multiple},
    {"minLength", FORM_COUNT, assert_min_length},
    {"maxLength", FORM_COUNT, assert_max_length},
    {"pattern", FORM_PATTERN, assert_pattern},
    {"format", FORM_TEXT, assert_format},
    {"properties", FORM_MEMBERS, object_properties},
    {"patternProperties", FORM_PATTERNS, object_patterns},
    {"additionalProperties", FORM_SCHEMA, object_additional},
    {"unevaluatedProperties", FORM_SCHEMA, NULL}, /* after all others */
    {"propertyNames", FORM_SCHEMA, object_names},
    {"required", FORM_NAMES, object_required},
    {"dependentRequired", FORM_NAME_LISTS, object_dependencies},
    {"dependentSchemas", FORM_MEMBERS, object_dependencies},
    {"dependencies", FORM_DEPENDENCIES, object_dependencies},
    {"minProperties", FORM_COUNT, object_min},
    {"maxProperties", FORM_COUNT, object_max},
    {"items", FORM_SCHEMA, array_items},
    {"prefixItems", FORM_SCHEMAS, array_prefix},
    {"unevaluatedItems", FORM_SCHEMA, NULL}, /* after all others */
    {"contains", FORM_SCHEMA, array_contains},
    {"minContains", FORM_COUNT, NULL},
    {"maxContains", FORM_COUNT, NULL},
    {"minItems", FORM_COUNT, array_min},
    {"maxItems", FORM_COUNT, array_max},
    {"uniqueItems", FORM_BOOL, assert_unique},
    {"$recursiveRef", FORM_UNSUPPORTED, NULL},
    {"$recursiveAnchor", FORM_UNSUPPORTED, NULL},
    {"additionalItems", FORM_UNSUPPORTED, NULL},
    {NULL, FORM_ANY, NULL},
};

const struct keyword *
keyword_find(const char *name)
{
	const struct keyword *k = keywords;

	while (k->name && strcmp(k->name, name) != 0)
		k++;
	return k->name ? k : NULL;
}

const char *
keyword_nearest(const char *name)
{
	const size_t n = strlen(name);

	for (const struct keyword *k = keywords; k->name; k++) {
		const size_t len = strlen(k->name);

		if (k->form != FORM_UNSUPPORTED && len >= 5 && n <= 2 * len &&
		    pc_edit_distance(name, k->name) <=
			(len >= 8 && n >= 8 ? 2 : 1))
			return k->name;
	}
	return NULL;
}
