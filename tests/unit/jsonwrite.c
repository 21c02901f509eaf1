/* jsonwrite.c - writing JSON: commas, names and each kind of value. */
#include "pc.h"
#include "tap.h"

#include <math.h>
#include <string.h>

static int
is(struct pc_buf *b, const char *want)
{
	const int same = !b->failed && b->len == strlen(want) &&
	    memcmp(b->data, want, b->len) == 0;

	if (!same)
		printf("# got  %.*s\n# want %s\n", (int)b->len,
		    b->data ? (char *)b->data : "", want);
	pc_buf_clear(b);
	return same;
}

static void
test_nesting(void)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_end_object(&b);
	OK(is(&b, "{}"), "an empty object is written");
	pc_json_begin_array(&b, NULL);
	pc_json_begin_array(&b, NULL);
	pc_json_end_array(&b);
	pc_json_begin_object(&b, NULL);
	pc_json_end_object(&b);
	pc_json_begin_array(&b, NULL);
	pc_json_end_array(&b);
	pc_json_end_array(&b);
	OK(is(&b, "[[],{},[]]"),
	    "empty arrays and objects in an array are separated by commas");
	pc_json_begin_object(&b, NULL);
	pc_json_begin_object(&b, "a");
	pc_json_begin_array(&b, "b");
	pc_json_add_int(&b, NULL, 1);
	pc_json_add_int(&b, NULL, 2);
	pc_json_end_array(&b);
	pc_json_add_int(&b, "c", 3);
	pc_json_end_object(&b);
	pc_json_add_null(&b, "d");
	pc_json_end_object(&b);
	OK(is(&b, "{\"a\":{\"b\":[1,2],\"c\":3},\"d\":null}"),
	    "members after an array and after an object have a comma");
}

/* The end of a value must not be taken for the start of another. */
static void
test_commas(void)
{
	static const char *const ends[] = {"{", "[", ":", ",", "\\", "\"", "a ",
	    "\n", ""};
	struct pc_buf b = {0}, want = {0};

	pc_json_begin_array(&b, NULL);
	pc_buf_addf(&want, "[");
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		pc_json_add_text(&b, NULL, ends[i]);
		pc_buf_addf(&want, i ? "," : "");
		pc_json_string(&want, ends[i], strlen(ends[i]));
	}
	pc_json_end_array(&b);
	pc_buf_addf(&want, "]%c", 0);
	OK(is(&b, (char *)want.data),
	    "each string is followed by a comma, "
	    "whatever its last character is");
	pc_buf_clear(&want);
	pc_json_begin_array(&b, NULL);
	pc_json_add_bool(&b, NULL, 1);
	pc_json_add_bool(&b, NULL, 0);
	pc_json_add_null(&b, NULL);
	pc_json_add_int(&b, NULL, -5);
	pc_json_add_fixed(&b, NULL, 2.0, 0);
	pc_json_add_real(&b, NULL, 1e20, 3);
	pc_json_add_raw(&b, NULL, "{\"x\":1}", 7);
	pc_json_add_base64(&b, NULL, "\xff", 1);
	pc_json_add_uint(&b, NULL, 0);
	pc_json_end_array(&b);
	OK(is(&b, "[true,false,null,-5,2,1e+20,{\"x\":1},\"/w==\",0]"),
	    "each other kind of value is followed by a comma");
	pc_json_begin_object(&b, NULL);
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	pc_json_begin_object(&b, NULL);
	pc_json_end_object(&b);
	OK(is(&b, "{}\n{}"), "there is no comma between lines");
}

static void
test_names(void)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_key(&b, "a\"b=c", 3);
	pc_json_add_bytes(&b, NULL, "d\0e", 3);
	pc_json_add_key(&b, "\xff", 1);
	pc_json_begin_array(&b, NULL);
	pc_json_end_array(&b);
	pc_json_add_text(&b, "\n", "\t");
	pc_json_end_object(&b);
	OK(is(&b,
	       "{\"a\\\"b\":\"d\\u0000e\",\"\xef\xbf\xbd\":[],"
	       "\"\\n\":\"\\t\"}"),
	    "names are escaped, and may be part of a longer text");
}

static void
test_numbers(void)
{
	static const double none[] = {INFINITY, -INFINITY, NAN};
	struct pc_buf b = {0};

	pc_json_begin_array(&b, NULL);
	pc_json_add_int(&b, NULL, INT64_MIN);
	pc_json_add_int(&b, NULL, INT64_MAX);
	pc_json_add_uint(&b, NULL, UINT64_MAX);
	pc_json_end_array(&b);
	OK(is(&b,
	       "[-9223372036854775808,9223372036854775807,"
	       "18446744073709551615]"),
	    "integers of 64 bits are written");
	pc_json_begin_array(&b, NULL);
	pc_json_add_fixed(&b, NULL, 1.0 / 3, 3);
	pc_json_add_fixed(&b, NULL, 12345.678, 1);
	pc_json_add_real(&b, NULL, 1.0 / 3, 4);
	pc_json_add_real(&b, NULL, 12345.678, 4);
	pc_json_end_array(&b);
	OK(is(&b, "[0.333,12345.7,0.3333,1.235e+04]"),
	    "reals are written with fixed decimals or significant digits");
	pc_json_begin_array(&b, NULL);
	for (int i = 0; i < 3; i++) {
		pc_json_add_fixed(&b, NULL, none[i], 2);
		pc_json_add_real(&b, NULL, none[i], 2);
	}
	pc_json_end_array(&b);
	OK(is(&b, "[null,null,null,null,null,null]"),
	    "infinity and NaN are written as null");
}

static void
test_ids(void)
{
	struct pc_id id;
	struct pc_buf b = {0};

	memset(&id, 0xab, sizeof id);
	pc_json_begin_object(&b, NULL);
	pc_json_add_id(&b, "id", &id);
	pc_json_end_object(&b);
	OK(is(&b,
	       "{\"id\":\"abababababababababababababababab"
	       "abababababababababababababababab\"}"),
	    "an id is written in hexadecimal");
}

static void
test_members(void)
{
	static const char members[] = "\"a\":1,\"b\":[]";
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_members(&b, members, 0);
	pc_json_add_members(&b, members, sizeof members - 1);
	pc_json_add_members(&b, members, 0);
	pc_json_add_uint(&b, "c", 2);
	pc_json_end_object(&b);
	OK(is(&b, "{\"a\":1,\"b\":[],\"c\":2}"),
	    "members in JSON are added to an object");
}

static void
test_failure(void)
{
	struct pc_buf b = {.failed = 1};

	pc_json_begin_object(&b, NULL);
	pc_json_add_text(&b, "a", "b");
	pc_json_end_object(&b);
	OK(b.failed && b.len == 0, "a failed buffer stays unchanged");
	pc_buf_clear(&b);
}

int
main(void)
{
	test_nesting();
	test_commas();
	test_names();
	test_numbers();
	test_ids();
	test_members();
	test_failure();
	return tap_done();
}
