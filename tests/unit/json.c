/* json.c - reading and writing JSON: what is valid, and what is refused. */
#include "pc.h"
#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct pc_json *
parse(const char *text)
{
	struct pc_error err;

	return pc_json_parse(text, strlen(text), &err);
}

static void
test_refused(void)
{
	static const struct {
		const char *text;
		size_t n; /* 0: strlen */
		const char *why;
	} bad[] = {
	    {"", 0, "line 1: "},
	    {" \n ", 0, "line 2: "},
	    {"null", 0, "null"},
	    {"nul", 0, "line 1: "},
	    {"TRUE", 0, "line 1: "},
	    {"nan", 0, "line 1: "},
	    {"NaN", 0, "number"},
	    {"[-Infinity]", 0, "number"},
	    {"infinity", 0, "line 1: "},
	    {"{\"a\": 1} x", 0, "line 1: "},
	    {"{\"a\": 1}\n{}", 0, "line 2: "},
	    {"{\"a\": 1,}", 0, "line 1: "},
	    {"[1\n2]", 0, "line 2: "},
	    {"{\"a\" 1}", 0, "line 1: "},
	    {"{'a': 1}", 0, "line 1: '"},
	    {"{\n\"a\": \"x\ny\"}", 0, "line 2: a control character"},
	    {"\"\\x\"", 0, "line 1: "},
	    {"{}//", 0, "line 1: "},
	    {"{}\0", 3, "line 1: a NUL"},
	    {"{}\0x", 4, "line 1: a NUL"},
	    {"\"\\\0\"", 4, "line 1: "},
	    {"\n\"\xff\"", 0, "line 2: bytes that are not UTF-8"},
	    {"\"\xc0\x80\"", 0, "UTF-8"},
	    {"\"\xed\xa0\x80\"", 0, "UTF-8"},
	    {"\"\xf4\x90\x80\x80\"", 0, "UTF-8"},
	    {"\"\\\xc3\xa9\"", 0, "line 1: "},
	    {"[\xc3\xa9]", 0, "line 1: "},
	    {"\"a\"\n\"b\"", 0, "line 2: "},
	    {"1 2", 0, "line 1: "},
	    {"{} {}", 0, "line 1: "},
	    {"[1,\n]", 0, "line 2: a comma"},
	    {"[,1]", 0, "line 1: "},
	    {"[1,,2]", 0, "line 1: "},
	    {"[1 // one\n]", 0, "line 1: "},
	    {"/* one */ 1", 0, "line 1: "},
	    {"[True]", 0, "line 1: a word"},
	    {"[truefalse]", 0, "line 1: a word"},
	    {"[nUll]", 0, "line 1: a word"},
	    {"[01]", 0, "number"},
	    {"[-]", 0, "number"},
	    {"[+1]", 0, "number"},
	    {"[.5]", 0, "number"},
	    {"[1.]", 0, "number"},
	    {"[1e]", 0, "number"},
	    {"[0x1]", 0, "number"},
	    {"[1e5.0]", 0, "number"},
	    {"\"a", 0, "line 1: "},
	    {"\"a\\", 0, "line 1: "},
	    {"\f1", 0, "line 1: "},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct pc_error err = {""};
		struct pc_json *j = pc_json_parse(bad[i].text,
		    bad[i].n ? bad[i].n : strlen(bad[i].text), &err);

		OK(!j && strstr(err.text, bad[i].why), "refused, row %zu: %s",
		    i, err.text);
		pc_json_free(j);
	}
}

static void
test_null(void)
{
	struct pc_error err = {""};
	struct pc_json *j;

	OK(pc_json_parse_any(" null ", 6, &j, &err) == 0 && !j,
	    "null is accepted as a value: %s", err.text);
	OK(pc_json_parse_any("nul", 3, &j, &err) == -1 && !j &&
		strstr(err.text, "line 1: "),
	    "the beginning of null is refused: %s", err.text);
	OK(pc_json_parse_any("[null]", 6, &j, &err) == 0 &&
		pc_json_length(j) == 1,
	    "an array is accepted as a value");
	pc_json_free(j);
}

static void
test_depth(void)
{
	char text[200];
	struct pc_json *j;

	memset(text, '[', 100);
	memset(text + 100, ']', 99);
	text[199] = '\0';
	OK(!parse(text), "arrays nested 100 deep are refused");
	text[160] = '\0';
	j = parse(text + 40);
	OK(j != NULL, "arrays nested 60 deep are accepted");
	pc_json_free(j);
}

static int
count(void *ctx, const char *name, const struct pc_json *value)
{
	int *n = ctx;

	(void)value;
	++*n;
	return strcmp(name, "stop") == 0 ? 7 : 0;
}

static void
test_values(void)
{
	struct pc_json *j = parse(
	    " {\"i\": -3, \"r\": 0.5, \"b\": true, "
	    "\"t\": \"a\\u0000\\u00e9\", \"n\": null, \"a\": [1, {}], "
	    "\"big\": 123456789012345678901234567890, "
	    "\"low\": -123456789012345678901234567890, \"inf\": 1e999, "
	    "\"stop\": 0, \"last\": 0} ");
	const struct pc_json *a = pc_json_get(j, "a");
	const char *text;
	int64_t v = 0;
	double d = 0;
	size_t n = 0;
	int seen = 0;

	OK(pc_json_type(j) == PC_JSON_OBJECT, "an object has the type object");
	OK(pc_json_int(pc_json_get(j, "i"), &v) == 0 && v == -3,
	    "an integer is read");
	OK(pc_json_real(pc_json_get(j, "i"), &d) == 0 && d < -2.9 && d > -3.1,
	    "an integer is read as a real");
	OK(pc_json_int(pc_json_get(j, "r"), &v) < 0 && errno == EINVAL,
	    "a real is not read as an integer");
	OK(pc_json_real(pc_json_get(j, "r"), &d) == 0 && d > 0.4 && d < 0.6,
	    "a real is read");
	OK(pc_json_real(pc_json_get(j, "inf"), &d) < 0 && errno == ERANGE,
	    "a real that is too large is an error");
	OK(pc_json_int(pc_json_get(j, "big"), &v) < 0 && errno == ERANGE,
	    "an integer that is too large is an error");
	OK(pc_json_int(pc_json_get(j, "low"), &v) < 0 && errno == ERANGE,
	    "an integer that is too low is an error");
	OK(pc_json_bool(pc_json_get(j, "b")) == 1, "true is read");
	OK(pc_json_bool(pc_json_get(j, "i")) == 0, "a number is not true");
	text = pc_json_text(pc_json_get(j, "t"), &n);
	OK(text && n == 4 && memcmp(text, "a\0\xc3\xa9", 4) == 0,
	    "a string is read");
	OK(!pc_json_text(pc_json_get(j, "i"), &n),
	    "a number is not read as a string");
	OK(!pc_json_get(j, "n") && !pc_json_get(j, "none"),
	    "a null member and a missing member are the same");
	OK(pc_json_type(NULL) == PC_JSON_NULL && !pc_json_get(NULL, "x") &&
		!pc_json_at(NULL, 0) && pc_json_length(NULL) == 0,
	    "members and elements of null are missing");
	OK(pc_json_length(a) == 2 && !pc_json_at(a, 2) &&
		pc_json_type(pc_json_at(a, 1)) == PC_JSON_OBJECT,
	    "an array has a length and elements");
	OK(pc_json_each(j, count, &seen) == 7 && seen == 10,
	    "members are visited until the callback stops");
	OK(pc_json_each(a, count, &seen) == 0, "an array has no members");
	pc_json_free(j);
	j = parse("-12");
	OK(pc_json_int(j, &v) == 0 && v == -12,
	    "a number as the whole text is read");
	pc_json_free(j);
	pc_json_free(NULL);
}

/* Each string is written as valid JSON; UTF-8 comes back unchanged. */
static void
test_round_trips(void)
{
	int good = 1, coded = 1;

	srand(1);
	for (int round = 0; round < 2000; round++) {
		struct pc_buf b = {0}, back = {0};
		struct pc_error err;
		struct pc_json *j;
		unsigned char s[64];
		const char *text;
		size_t n = (size_t)rand() % sizeof s, len = 0;

		for (size_t i = 0; i < n; i++)
			s[i] = (unsigned char)(round % 2 ? rand()
							 : rand() & 127);
		good &= pc_json_string(&b, s, n) == 0;
		j = pc_json_parse((char *)b.data, b.len, &err);
		text = pc_json_text(j, &len);
		good &= text && pc_utf8_valid(text, len);
		if (pc_utf8_valid(s, n))
			good &= text && len == n && memcmp(text, s, n) == 0;
		pc_json_free(j);
		b.len = 0;
		coded &= pc_json_base64(&b, s, n) == 0 &&
		    pc_base64_decode(&back, (char *)b.data + 1, b.len - 2) ==
			0 &&
		    back.len == n && (n == 0 || !memcmp(back.data, s, n));
		pc_buf_clear(&b);
		pc_buf_clear(&back);
	}
	OK(good, "2000 strings are written and read back");
	OK(coded, "2000 strings are written as base64 and read back");
}

static void
test_writing(void)
{
	struct pc_buf b = {0};

	OK(pc_json_string(&b, "\"\\\n\x1f\x7f\xff\xe2\x82", 8) == 0 &&
		b.len == 24 &&
		memcmp(b.data,
		    "\"\\\"\\\\\\n\\u001f\x7f"
		    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"",
		    24) == 0,
	    "a string is written with escapes, and U+FFFD for invalid UTF-8");
	b.len = 0;
	OK(pc_base64_decode(&b, "QUJD", 4) == 0 && b.len == 3,
	    "base64 is decoded");
	OK(pc_base64_decode(&b, "QUJDQ?==", 8) < 0 && errno == EINVAL &&
		b.len == 3,
	    "invalid base64 adds nothing");
	OK(pc_base64_decode(&b, "QUJ", 3) < 0, "truncated base64 is an error");
	OK(pc_base64_decode(&b, "Q===", 4) < 0,
	    "too much padding in base64 is an error");
	pc_buf_clear(&b);
}

static void
test_printing(void)
{
	static const char *const same[] = {"{}", "[]", "-12", "true", "\"\"",
	    "[1,1.50,1e-3,null,false]", "{\"b\":[{}],\"a\":null}",
	    "\"a\\u0000b\\n/\\\"\\\\\xc3\xa9\""};

	struct pc_buf b = {0};
	struct pc_json *j;

	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		b.len = 0;
		j = parse(same[i]);
		OK(pc_json_print(&b, j) == 0 && b.len == strlen(same[i]) &&
			memcmp(b.data, same[i], b.len) == 0,
		    "a value is printed as it was written, row %zu", i);
		pc_json_free(j);
	}
	b.len = 0;
	j = parse(" { \"a\" : [ 1 , { } ] } ");
	OK(pc_json_print(&b, j) == 0 && b.len == 12 &&
		memcmp(b.data, "{\"a\":[1,{}]}", 12) == 0,
	    "a value is printed without white space");
	OK(pc_json_print(&b, NULL) == 0 && b.len == 16 &&
		memcmp(b.data + 12, "null", 4) == 0,
	    "null is appended to the buffer");
	pc_json_free(j);
	pc_buf_clear(&b);
}

int
main(void)
{
	test_refused();
	test_null();
	test_depth();
	test_values();
	test_round_trips();
	test_writing();
	test_printing();
	return tap_done();
}
