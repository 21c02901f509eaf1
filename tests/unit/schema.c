/* schema.c - JSON Schema: what fits, what does not and what is said of it. */
#include "infer/schema/schema.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct pc_json *
parse(const char *text)
{
	struct pc_error err;
	struct pc_json *j = pc_json_parse(text, strlen(text), &err);

	/* Alone, null is nothing that can be parsed. */
	if (!j && strcmp(text, "null") != 0)
		printf("# %s: %s\n", text, err.text);
	return j;
}

/* why NULL: it fits; else what its message begins with. */
static void
check(const char *schema, const char *value, const char *why)
{
	struct pc_error err = {""};
	struct pc_json *s = parse(schema), *v = parse(value);
	int r = schema_check(s, &err);

	if (r == 0)
		r = schema_validate(s, v, &err);
	if (!why)
		OK(r == 0, "%s fits %s %s", value, schema, err.text);
	else
		OK(r == -1 && strncmp(err.text, why, strlen(why)) == 0,
		    "%s does not fit %s: %s", value, schema, err.text);
	pc_json_free(s);
	pc_json_free(v);
}

struct row {
	const char *schema, *value, *why;
};

static void
check_all(const struct row *rows)
{
	for (; rows->schema; rows++)
		check(rows->schema, rows->value, rows->why);
}

static void
test_scalars(void)
{
	static const struct row rows[] = {
	    {"true", "1", NULL},
	    {"false", "1", "the whole: nothing is allowed here"},
	    {"{}", "null", NULL},
	    {"{\"type\":\"string\"}", "3",
		"the whole: wanted a string, found 3"},
	    {"{\"type\":[\"string\",\"null\"]}", "null", NULL},
	    {"{\"type\":[\"string\",\"null\"]}", "[1,2]",
		"the whole: wanted a string or null, found an array of 2"},
	    {"{\"type\":\"integer\"}", "1.0", NULL},
	    {"{\"type\":\"integer\"}", "1e300", NULL},
	    {"{\"type\":\"integer\"}", "1.5",
		"the whole: wanted an integer, found 1.5"},
	    {"{\"type\":\"number\"}", "1", NULL},
	    {"{\"type\":\"boolean\"}", "0",
		"the whole: wanted true or false, found 0"},
	    {"{\"enum\":[1,\"a\",null,[1],{\"a\":null,\"b\":2}]}",
		"{\"b\":2.0,\"a\":null}", NULL},
	    {"{\"enum\":[{\"a\":null}]}", "{\"b\":null}",
		"the whole: an object is not an object"},
	    {"{\"enum\":[1,null]}", "null", NULL},
	    {"{\"enum\":[true]}", "1", "the whole: 1 is not true"},
	    {"{\"enum\":[[1,2]]}", "[1,2,3]", "the whole: an array of 3 is"},
	    {"{\"const\":null}", "null", NULL},
	    {"{\"const\":null}", "0", "the whole: 0 is not null"},
	    {"{\"const\":9007199254740993}", "9007199254740992",
		"the whole: 9007199254740992 is not 9007199254740993"},
	    {"{\"minimum\":1.5}", "1.5", NULL},
	    {"{\"minimum\":1.5}", "1",
		"the whole: wanted a number of at least 1.5, found 1"},
	    {"{\"maximum\":1}", "2", "the whole: wanted a number of at most"},
	    {"{\"exclusiveMinimum\":1}", "1",
		"the whole: wanted a number above 1, found 1"},
	    {"{\"exclusiveMaximum\":1}", "1",
		"the whole: wanted a number below 1, found 1"},
	    {"{\"exclusiveMaximum\":1}", "\"x\"", NULL},
	    {"{\"multipleOf\":0.01}", "0.07", NULL},
	    {"{\"multipleOf\":0.01}", "-0.07", NULL},
	    {"{\"multipleOf\":0.01}", "0.075",
		"the whole: wanted a multiple of 0.01, found 0.075"},
	    {"{\"multipleOf\":3}", "9", NULL},
	    {"{\"multipleOf\":3}", "-9.0e2", NULL},
	    {"{\"multipleOf\":1e-8}", "12391239123", NULL},
	    {"{\"multipleOf\":1e2}", "1.5e3", NULL},
	    {"{\"multipleOf\":7}", "1e999999999999",
		"the whole: wanted a multiple of 7, found 1e99"},
	    {"{\"multipleOf\":0.5}", "1e-999999999999",
		"the whole: wanted a multiple of 0.5, found 1e-99"},
	    {"{\"enum\":[]}", "1",
		"the whole: 1 is not allowed: the enum is empty"},
	    {"{\"multipleOf\":3}", "10", "the whole: wanted a multiple of 3"},
	    {"{\"minLength\":2,\"maxLength\":3}",
		"\"\xc3\xa4\xf0\x9f\x98\x80\"", NULL},
	    {"{\"minLength\":2}", "\"\xc3\xa4\"",
		"the whole: wanted at least 2 characters, found 1"},
	    {"{\"maxLength\":2.0}", "\"abc\"",
		"the whole: wanted at most 2 characters, found 3"},
	    {0},
	};

	check_all(rows);
}

static void
test_patterns(void)
{
	static const struct {
		const char *pattern, *yes, *no; /* NULL: none */
	} rows[] = {
	    {"^a.c$",
		"a\xc3\xa9"
		"c",
		"a\\nc"},
	    {"^\\\\d{3}-\\\\d{4}$", "555-0123", "5550123"},
	    {"^\\\\w+$", "a_9", "a-9"},
	    {"^\\\\W\\\\S\\\\D$", "-x\xc3\xa9", "ax9"},
	    {"^[\\\\w.-]+@[\\\\w-]+$", "a.b-c@d", "a b@c"},
	    {"^(?:ab|cd)+?$", "abcd", "abc"},
	    {"^[^\\\\s]+$", "caf\xc3\xa9", "a b"},
	    {"^[\\\\s\\\\S]*$", "a\\n\\u0000b", NULL},
	    {"^[\xc3\xa4\xc3\xb6]$", "\xc3\xb6", "\xc3\xbc"},
	    {"^\xc3\xa9{2}$", "\xc3\xa9\xc3\xa9", "\xc3\xa9"},
	    {"^\\\\u00e9\\\\x41$",
		"\xc3\xa9"
		"A",
		"e\xcc\x81"
		"A"},
	    {"^\\\\ud83d\\\\ude00$", "\xf0\x9f\x98\x80", "x"},
	    {"^[\\\\]\\\\[^-]$", "]", "a"},
	    {"^[\\\\^]$", "^", "a"},
	    {"^[\\\\^-]$", "-", "["},
	    {"^[^\\\\^-]$", "a", "^"},
	    {"^[a-]$", "-", "b"},
	    {"\\\\.\\\\*\\\\/\\\\(\\\\)\\\\[\\\\]\\\\{\\\\}\\\\|\\\\$",
		".*/()[]{}|$", "x"},
	    {"^.{2,3}$", "\xe2\x82\xac\xe2\x82\xac", "\xe2\x82\xac"},
	    {"b", "abc", "ac"},
	    {"^(|a)$", "", "b"},
	    {"^x{0}$", "", "x"},
	    {"^[!-/]$", "-", "0"},
	    {"^\\\\t$", "\\t", "t"},
	    {"^$", "", "\\u0000"},
	    {"^(?=a)[^b]+$", "ac", "ab"},
	    {"^(?!ab)a", "ac", "ab"},
	    {"(?<=\\\\$)\\\\d+", "a $5", "a 5"},
	    {"^(.)\\\\1$", "aa", "ab"},
	    {"^(?:(a)|b\\\\1)$", "b", "ba"},
	    {"^(?<x>.)\\\\k<x>$", "aa", "ab"},
	    {"a\\\\b", "a b", "ab"},
	    {"[]", NULL, "a"},
	    {"^[^]$", "\\n", "ab"},
	    {"^[^\xc3\xa9]$", "a", "\xc3\xa9"},
	    {"^[\xc3\xa0-\xc3\xa9]$", "\xc3\xa8", "\xc3\xaa"},
	    {"^[[:alpha:]]$", ":]", "a"},
	    {"^\\\\p{Lu}\\\\P{gc=Letter}$", "\xc3\x89.", "\xc3\xa9."},
	    {"^\\\\p{Script=Greek}+$", "\xcf\x80", "p"},
	    {"^\\\\p{Alphabetic}$", "\xcf\x80", "1"},
	    {"^[\\\\s-]$", "\xc2\xa0", "a"},
	    {"^[\\\\S-]$", "\xc3\xa9", "\xe2\x80\xa9"},
	    {"^[^\\\\S]$", " ", "a"},
	    {"^\\\\v$", "\\u000b", "\\n"},
	    {"^\\\\0$", "\\u0000", "0"},
	    {"^\\\\cJ$", "\\n", "J"},
	    {"^\\\\u{1f600}$", "\xf0\x9f\x98\x80", "x"},
	    {"^.$", "\xc2\x85", "\xe2\x80\xa8"},
	    {"^a$", "a", "a\\n"},
	};
	char schema[200], value[200];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(schema, sizeof schema, "{\"pattern\":\"%s\"}",
		    rows[i].pattern);
		snprintf(value, sizeof value, "\"%s\"",
		    rows[i].yes ? rows[i].yes : "");
		if (rows[i].yes)
			check(schema, value, NULL);
		snprintf(value, sizeof value, "\"%s\"",
		    rows[i].no ? rows[i].no : "");
		if (rows[i].no)
			check(schema, value, "the whole: \"");
	}
	check("{\"pattern\":\"^a+$\"}", "\"b\"",
	    "the whole: \"b\" does not match the pattern ^a+$");
}

static void
test_formats(void)
{
	static const struct {
		const char *format, *yes, *no;
	} rows[] = {
	    {"date", "2024-02-29", "2023-02-29"},
	    {"date", "2000-12-31", "2000-13-01"},
	    {"time", "23:59:60Z", "24:00:00Z"},
	    {"time", "12:00:00.5+01:30", "12:00:00."},
	    {"date-time", "2024-05-06T07:08:09Z", "2024-05-06 7:08"},
	    {"date-time", "2024-05-06T07:08:09.123-05:00",
		"2024-05-06T07:08:09"},
	    {"email", "jo.do+x@example.org", "jo do@example.org"},
	    {"email", "a@b", "a@"},
	    {"email", "a@b.c", "@b"},
	    {"uri", "https://example.org/a?b=c#d", "example.org/a"},
	    {"uri", "urn:isbn:0451450523", "http://a b"},
	    {"uuid", "123e4567-e89b-12d3-a456-426614174000",
		"123e4567-e89b-12d3-a456-42661417400g"},
	};
	char schema[100], value[100];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(schema, sizeof schema, "{\"format\":\"%s\"}",
		    rows[i].format);
		snprintf(value, sizeof value, "\"%s\"", rows[i].yes);
		check(schema, value, NULL);
		snprintf(value, sizeof value, "\"%s\"", rows[i].no);
		check(schema, value, "the whole: \"");
	}
	check("{\"format\":\"color\"}", "\"x\"", NULL);
	check("{\"format\":\"date\"}", "\"x\"",
	    "the whole: \"x\" is not of the format date");
}

static void
test_structures(void)
{
	static const struct row rows[] = {
	    {"{\"properties\":{\"entities\":{\"items\":{\"properties\":"
	     "{\"label\":{\"enum\":[\"PER\",\"ORG\"]}}}}}}",
		"{\"entities\":[{\"label\":\"XYZ\"}]}",
		"/entities/0/label: \"XYZ\" is not one of \"PER\", \"ORG\""},
	    {"{\"properties\":{\"a/b\":{\"properties\":{\"~\":false}}}}",
		"{\"a/b\":{\"~\":1}}", "/a~1b/~0: nothing is allowed here"},
	    {"{\"properties\":{\"a\":{\"type\":\"null\"}}}", "{\"a\":null}",
		NULL},
	    {"{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":null}",
		"/a: wanted a string, found null"},
	    {"{\"required\":[\"a\",\"b\"]}", "{\"a\":null}",
		"the whole: wanted a member \"b\", found none"},
	    {"{\"required\":[\"a\"]}", "{\"a\":null}", NULL},
	    {"{\"required\":[\"a\"]}", "[]", NULL},
	    {"{\"properties\":{\"a\":{},\"b\":{}},"
	     "\"additionalProperties\":false}",
		"{\"a\":1,\"c\":1}",
		"the whole: the member \"c\" is not allowed: there can be "
		"\"a\", \"b\""},
	    {"{\"patternProperties\":{\"^x\":{\"type\":\"integer\"}},"
	     "\"additionalProperties\":{\"type\":\"string\"}}",
		"{\"x1\":1,\"y\":\"s\"}", NULL},
	    {"{\"patternProperties\":{\"^x\":{\"type\":\"integer\"}}}",
		"{\"x1\":\"s\"}", "/x1: wanted an integer, found \"s\""},
	    {"{\"additionalProperties\":{\"type\":\"string\"}}", "{\"y\":1}",
		"/y: wanted a string, found 1"},
	    {"{\"propertyNames\":{\"pattern\":\"^[a-z]+$\"}}", "{\"ab\":1}",
		NULL},
	    {"{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}",
		"the whole: a member's name is wrong: /ab: wanted at most 1"},
	    {"{\"minProperties\":1,\"maxProperties\":1}", "{\"a\":1}", NULL},
	    {"{\"minProperties\":1}", "{}",
		"the whole: wanted at least 1 member, found 0"},
	    {"{\"maxProperties\":1}", "{\"a\":1,\"b\":null}",
		"the whole: wanted at most 1 member, found 2"},
	    {"{\"items\":{\"type\":\"integer\"}}", "[1,2,\"x\"]",
		"/2: wanted an integer, found \"x\""},
	    {"{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}",
		"[\"a\"]", NULL},
	    {"{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}",
		"[\"a\",1]", "/1: nothing is allowed here"},
	    {"{\"prefixItems\":[{\"type\":\"string\"}]}", "[1]",
		"/0: wanted a string"},
	    {"{\"minItems\":1}", "[]",
		"the whole: wanted at least 1 element, found 0"},
	    {"{\"maxItems\":1}", "[1,2]",
		"the whole: wanted at most 1 element, found 2"},
	    {"{\"uniqueItems\":true}", "[1,{\"a\":[1]},{\"a\":[1.0]}]",
		"the whole: elements 1 and 2 are the same"},
	    {"{\"uniqueItems\":true}", "[1,true,\"1\",[1],null]", NULL},
	    {"{\"contains\":{\"const\":3}}", "[1,3]", NULL},
	    {"{\"contains\":{\"const\":3}}", "[1]",
		"the whole: wanted an element that fits \"contains\", found "
		"none in 1"},
	    {"{\"contains\":{\"const\":3},\"minContains\":2}", "[1,3]",
		"the whole: found 1 element that fits \"contains\"; wanted at "
		"least 2"},
	    {"{\"contains\":{\"const\":3},\"maxContains\":1}", "[3,3]",
		"the whole: found 2 elements that fit \"contains\"; wanted at "
		"most 1"},
	    {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":null}",
		"the whole: the member \"a\" requires a member \"b\""},
	    {"{\"dependentSchemas\":{\"a\":{\"maxProperties\":1}}}",
		"{\"a\":1,\"b\":2}", "the whole: wanted at most 1 member"},
	    {"{\"allOf\":[{\"properties\":{\"a\":true}}],"
	     "\"unevaluatedProperties\":false}",
		"{\"a\":1,\"b\":2}",
		"the whole: the member \"b\" is not allow"},
	    {"{\"unevaluatedProperties\":{\"type\":\"string\"}}", "{\"b\":2}",
		"/b: wanted a string, found 2"},
	    {"{\"prefixItems\":[true],\"unevaluatedItems\":false}", "[1,2]",
		"/1: nothing is allowed here"},
	    {0},
	};

	check_all(rows);
}

static void
test_combinations(void)
{
	static const struct row rows[] = {
	    {"{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"object\","
	     "\"properties\":{\"a\":{\"type\":\"string\"}}}]}",
		"{\"a\":1}",
		"the whole: fits none of the 2 schemas of anyOf; of the "
		"nearest, /a: wanted a string, found 1"},
	    {"{\"anyOf\":[{\"type\":\"null\"},{\"minLength\":2},"
	     "{\"type\":\"array\"}]}",
		"\"x\"",
		"the whole: fits none of the 3 schemas of anyOf; of the "
		"nearest, the whole: wanted at least 2 characters"},
	    {"{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}", "null",
		NULL},
	    {"{\"anyOf\":[{\"type\":\"null\"}]}", "1",
		"the whole: wanted null, found 1"},
	    {"{\"allOf\":[{\"minimum\":1},{\"maximum\":3}]}", "4",
		"the whole: wanted a number of at most 3, found 4"},
	    {"{\"oneOf\":[{\"minimum\":1},{\"maximum\":3}]}", "4", NULL},
	    {"{\"oneOf\":[{\"minimum\":1},{\"maximum\":3}]}", "2",
		"the whole: fits schemas 0 and 1 of oneOf"},
	    {"{\"not\":{\"type\":\"string\"}}", "1", NULL},
	    {"{\"not\":{\"type\":\"string\"}}", "\"x\"",
		"the whole: found \"x\", which \"not\" rules out"},
	    {"{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":2},"
	     "\"else\":{\"minimum\":2}}",
		"\"x\"", "the whole: wanted at least 2 characters"},
	    {"{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":2},"
	     "\"else\":{\"minimum\":2}}",
		"1", "the whole: wanted a number of at least 2"},
	    {"{\"if\":false,\"then\":false}", "1", NULL},
	    {"{\"$ref\":\"#/$defs/a~1b\",\"$defs\":{\"a/b\":"
	     "{\"type\":\"string\"}}}",
		"1", "the whole: wanted a string"},
	    {"{\"$ref\":\"#/definitions/x\",\"definitions\":{\"x\":true},"
	     "\"maximum\":1}",
		"2", "the whole: wanted a number of at most"},
	    {"{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}},"
	     "\"additionalProperties\":false}",
		"{\"next\":{\"next\":{\"other\":1}}}",
		"/next/next: the member \"other\" is not allowed"},
	    {0},
	};

	check_all(rows);
}

/* The messages for invalid schemas. */
static void
test_check(void)
{
	static const struct {
		const char *schema, *why;
	} rows[] = {
	    {"3", "the whole: must be a schema: an object, true or false"},
	    {"{\"type\":\"strnig\"}", "/type: must be null, boolean"},
	    {"{\"properties\":{\"a\":{\"minLength\":\"x\"}}}",
		"/properties/a/minLength: must be a whole number, 0 or more, "
		"not \"x\""},
	    {"{\"properties\":{\"a\":null}}",
		"/properties/a: must be a schema"},
	    {"{\"items\":[{}]}", "/items: must be a schema"},
	    {"{\"anyOf\":[]}", "/anyOf: must be an array of schemas"},
	    {"{\"anyOf\":[{},{\"minimum\":\"1\"}]}",
		"/anyOf/1/minimum: must be a number, not \"1\""},
	    {"{\"multipleOf\":0}", "/multipleOf: must be a number above 0"},
	    {"{\"required\":[\"a\",1]}",
		"/required: must be an array of names"},
	    {"{\"enum\":{}}", "/enum: must be an array, not an object"},
	    {"{\"uniqueItems\":1}", "/uniqueItems: must be true or false"},
	    {"{\"$ref\":\"#/$defs/x\"}",
		"/$ref: refers to '#/$defs/x', which is not in the schema"},
	    {"{\"$ref\":\"http://example.org/\"}",
		"/$ref: refers to 'http://example.org/', which is another "
		"document; only references within the schema are supported"},
	    {"{\"items\":{\"$ref\":\"#/x\"},\"x\":{\"minimum\":\"a\"}}",
		"/items/$ref/minimum: must be a number, not \"a\""},
	    {"{\"$ref\":\"#/required\",\"required\":[\"a\"]}",
		"/$ref: must be a schema: an object, true or false, not an "
		"array of 1"},
	    {"{\"$ref\":\"#a%2\",\"$anchor\":\"a\"}", "/$ref: refers to"},
	    {"{\"$ref\":\"#/allOf/00\",\"allOf\":[{}]}", "/$ref: refers to"},
	    {"{\"$id\":\"a#b\"}", "/$id: must be a URI without a fragment"},
	    {"{\"$id\":3}", "/$id: must be a URI without a fragment, not 3"},
	    {"{\"$anchor\":\"1\"}", "/$anchor: must be a name of letters"},
	    {"{\"not\":{\"$anchor\":\"a\"},\"if\":{\"$anchor\":\"a\"}}",
		"/if/$anchor: another schema has this name too"},
	    {"{\"not\":{\"$id\":\"a\"},\"if\":{\"$id\":\"../a\"}}",
		"/if/$id: another schema has this name too"},
	    {"{\"$schema\":\"http://example.org/own\"}",
		"/$schema: must be a dialect of json-schema.org"},
	    {"{\"dependentRequired\":{\"a\":[1]}}",
		"/dependentRequired/a: must be an array of names, not 1"},
	    {"{\"dependencies\":{\"a\":1}}", "/dependencies/a: must be a"},
	    {"{\"multipleOf\":0.1234567890123456789}",
		"/multipleOf: must be a number above 0 of up to 18 digits"},
	    {"{\"multipleOf\":-1}", "/multipleOf: must be a number above 0"},
	    {"{\"additionalItems\":false}",
		"/additionalItems: this keyword is not supported"},
	    {"{\"$ref\":null}", "/$ref: must be"},
	    {"{\"$recursiveRef\":\"#\"}",
		"/$recursiveRef: this keyword is not supported"},
	    {"{\"$defs\":{\"a\":{\"unevaluatedProperties\":0}}}",
		"/$defs/a/unevaluatedProperties: must be a schema"},
	    {"{\"minlength\":1}",
		"/minlength: unknown keyword; did you mean 'minLength'?"},
	    {"{\"additional_properties\":1}",
		"/additional_properties: unknown keyword; did you mean"},
	    {"{\"pattern\":\"(?i)a\"}",
		"/pattern: the pattern (?i)a cannot be used: ECMA-262 has no "
		"such (?...)"},
	    {"{\"pattern\":\"(a)\\\\2\"}", "/pattern: the pattern (a)\\2 ca"},
	    {"{\"pattern\":\"a\\\\A\"}",
		"/pattern: the pattern a\\A cannot be "
		"used: \\A is not supported"},
	    {"{\"pattern\":\"(\"}", "/pattern: "},
	    {"{\"pattern\":\")\"}", "/pattern: "},
	    {"{\"pattern\":\"[a\"}", "/pattern: "},
	    {"{\"pattern\":\"a++\"}", "/pattern: "},
	    {"{\"pattern\":\"(*UCP)a\"}", "/pattern: "},
	    {"{\"pattern\":\"(?>a)\"}", "/pattern: "},
	    {"{\"pattern\":\"[b-a]\"}", "/pattern: "},
	    {"{\"pattern\":\"(?<=a*)b\"}", "/pattern: "},
	    {"{\"pattern\":\"\\\\ud83d\"}", "/pattern: "},
	    {"{\"pattern\":\"a**\"}", "/pattern: "},
	    {"{\"pattern\":\"*\"}", "/pattern: "},
	    {"{\"pattern\":\"^*\"}", "/pattern: "},
	    {"{\"pattern\":\"a{2,1}\"}", "/pattern: "},
	    {"{\"pattern\":\"a{9999999999}\"}", "/pattern: "},
	    {"{\"pattern\":\"((a{1,99}){1,99}){1,99}\"}", "/pattern: "},
	    {"{\"pattern\":\"\\\\\"}", "/pattern: "},
	    {"{\"pattern\":\"\\\\u12\"}", "/pattern: "},
	    {"{\"pattern\":\"\\\\p{Lettre}\"}", "/pattern: "},
	    {"{\"pattern\":\"\\\\p{^L}\"}", "/pattern: "},
	    {"{\"pattern\":\"\\\\p\"}", "/pattern: "},
	    {"{\"pattern\":\"\\\\01\"}", "/pattern: "},
	    {"{\"pattern\":\"a\\u0000\"}", "/pattern: "},
	    {"{\"patternProperties\":{\"(\":{}}}",
		"/patternProperties/(: the pattern ( cannot be used"},
	    {"{\"title\":1,\"x-order\":[],\"$comment\":\"\",\"default\":null,"
	     "\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"\",\"examples\":[],\"deprecated\":1,"
	     "\"readOnly\":true,\"description\":\"\"}",
		NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pc_error err = {""};
		struct pc_json *s = parse(rows[i].schema);
		const int r = schema_check(s, &err);

		OK(rows[i].why ? r == -1 &&
			    strncmp(err.text, rows[i].why,
				strlen(rows[i].why)) == 0
			       : r == 0,
		    "of %s: %s", rows[i].schema, err.text);
		pc_json_free(s);
	}
}

/* A string of n times what is given. */
static char *
times(const char *before, const char *what, int n, const char *after)
{
	struct pc_buf b = {0};

	pc_buf_addf(&b, "%s", before);
	while (n-- > 0)
		pc_buf_addf(&b, "%s", what);
	pc_buf_add(&b, after, strlen(after) + 1);
	return (char *)b.data;
}

/* Many identifiers and references, long ones, and chains of them. */
static void
test_hostile_references(void)
{
	struct pc_buf b = {0};
	char *text;

	text = times("{\"$id\":\"", "x", 600, "\"}");
	check(text, "1", "/$id: the URI is longer than 512 bytes");
	free(text);
	/* Each is read only when the one before is. */
	pc_buf_addf(&b, "{\"$ref\":\"#/x0\",\"maximum\":1");
	for (int i = 0; i < 20000; i++)
		pc_buf_addf(&b, ",\"x%d\":{\"$ref\":\"#/x%d\"}", i, i + 1);
	pc_buf_add(&b, ",\"x20000\":true}", 16);
	pc_buf_add(&b, "", 1);
	check((char *)b.data, "1",
	    "the whole: the schema refers to itself in circles");
	pc_buf_clear(&b);
	pc_buf_addf(&b, "{\"$id\":\"http://example.org/a/b/\",\"allOf\":[");
	for (int i = 0; i < 20000; i++)
		pc_buf_addf(&b,
		    "%s{\"$id\":\"i%d\",\"$anchor\":\"a\",\"$ref\":\"i%d#a\"}",
		    i ? "," : "", i, i);
	pc_buf_add(&b, "]}", 3);
	check((char *)b.data, "1",
	    "the whole: the schema refers to itself in circles");
	pc_buf_clear(&b);
	/* What each branch evaluates is counted as work. */
	text = times("[", "1,", 200000, "1]");
	pc_buf_addf(&b, "{\"unevaluatedItems\":false,\"anyOf\":[");
	for (int i = 0; i < 1000; i++)
		pc_buf_addf(&b, "true,");
	pc_buf_add(&b, "true]}", 7);
	check((char *)b.data, text, "the schema takes too long");
	pc_buf_clear(&b);
	free(text);
}

/* What would take for ever, or all of the stack, is ended. */
static void
test_hostile(void)
{
	enum { HANG = 900 }; /* s; even a slow machine needs less */
	char *text;

	alarm(HANG);
	check("{\"$ref\":\"#\"}", "1",
	    "the whole: the schema refers to itself in circles");
	check("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":"
	      "\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}",
	    "1", "the whole: the schema refers to itself in circles");
	check("{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}", "1",
	    "the whole: the schema refers to itself in circles");
	/* Each level doubles the work. */
	check("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"items\":{\"allOf\":"
	      "[{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/a\"}]}}}}",
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]"
	    "]]]]]]]]]]]]]]]]]]]]",
	    "the schema takes too long");
	text = times("[", "1.5,", 9000, "2]");
	check("{\"uniqueItems\":true}", text,
	    "the whole: elements 0 and 1 are the same");
	free(text);
	text = times("\"", "a", 16000, "\"");
	check("{\"pattern\":\"(a*)*(a|a)*b\"}", text, "the whole: \"aaaa");
	free(text);
	text = times("\"", "ab", 8000, "\"");
	check("{\"pattern\":\"(a|b)*a(a|b){9}(a|b){9}c\"}", text, "the");
	free(text);
	/* A limit gives no verdict, so "not" must not invert it. */
	text = times("\"", "a", 40, "!\"");
	check("{\"pattern\":\"^(a+)+$\"}", text,
	    "the whole: the pattern ^(a+)+$: matching takes too long");
	check("{\"not\":{\"pattern\":\"^(a+)+$\"}}", text,
	    "the whole: the pattern ^(a+)+$: matching takes too long");
	free(text);
	text = times("\"", "a", 16000, "\"");
	check("{\"pattern\":\"(.*)\\\\1(.*)\\\\2x|y\"}", text,
	    "the whole: the pattern (.*)\\1(.*)\\2x|y: matching takes too");
	check("{\"pattern\":\"^(a|b)*$\"}", text, NULL);
	check("{\"pattern\":\"^(?:(?:(?=[^b]*)a)*c|.)$\"}", text,
	    "the whole: ");
	free(text);
	text = times("\"", "a", 17000, "\"");
	check("{\"pattern\":\"a\"}", text, "the whole: more than 16 KiB");
	free(text);
	text = times("{\"pattern\":\"", "(", 500, "\"}");
	check(text, "\"\"", "/pattern: ");
	free(text);
	test_hostile_references();
	OK(alarm(0) > 0, "none of that hangs");
}

int
main(void)
{
	test_scalars();
	test_patterns();
	test_formats();
	test_structures();
	test_combinations();
	test_check();
	test_hostile();
	return tap_done();
}
