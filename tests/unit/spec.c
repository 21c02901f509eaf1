/* spec.c - keys, and the times, sizes and numbers that people write. */
#include "pc.h"
#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct pc_id
key_of(struct pc_spec *s)
{
	struct pc_buf material = {0};
	const char *twice;
	struct pc_id key = {{0}};

	if (pc_spec_key(s, &material, &key, &twice) < 0)
		memset(key.b, 0xee, sizeof key.b);
	pc_buf_clear(&material);
	return key;
}

static int
same(struct pc_id a, struct pc_id b)
{
	return memcmp(a.b, b.b, sizeof a.b) == 0;
}

static void
test_keys(void)
{
	struct pc_spec a = {0}, b = {0};
	struct pc_buf material = {0};
	const char *twice = NULL;
	struct pc_id before, key;

	pc_spec_stage(&a, "ocr");
	pc_spec_stage(&b, "ocr");
	pc_spec_param(&a, "b=2");
	pc_spec_param(&a, "a=1");
	pc_spec_param(&b, "a=1");
	pc_spec_addf(&b, PC_FIELD_PARAM, "%s=%d", "b", 2);
	OK(same(key_of(&a), key_of(&b)),
	    "the order of parameters does not change the key");
	before = key_of(&a);
	pc_spec_add(&a, PC_FIELD_INPUT, "one", 3);
	OK(!same(key_of(&a), before), "an input changes the key");
	pc_spec_drop_input(&a);
	OK(same(key_of(&a), before), "a dropped input does not change the key");
	pc_spec_add(&a, PC_FIELD_ARG, "ab", 2);
	pc_spec_add(&a, PC_FIELD_ARG, "c", 1);
	pc_spec_add(&b, PC_FIELD_ARG, "a", 1);
	pc_spec_add(&b, PC_FIELD_ARG, "bc", 2);
	OK(!same(key_of(&a), key_of(&b)), "arguments are framed by length");
	pc_spec_param(&a, "a.x=1");
	pc_spec_param(&a, "a=3");
	OK(pc_spec_key(&a, &material, &key, &twice) < 0 && errno == EEXIST &&
		strncmp(twice, "a=", 2) == 0,
	    "a parameter given twice is found: %s", twice);
	pc_spec_clear(&a);
	pc_spec_clear(&b);
	pc_buf_clear(&material);
	/* If this key changes, no existing store gives hits any more. */
	pc_spec_stage(&a, "ocr");
	pc_spec_param(&a, "lang=eng");
	key = key_of(&a);
	OK(key.b[0] == 0x50 && key.b[31] == 0x54,
	    "the key of a fixed stage and parameter is unchanged: %02x...%02x",
	    key.b[0], key.b[31]);
	pc_spec_clear(&a);
}

static void
test_material(void)
{
	static const unsigned char cut[] = {'p', 9, 0, 0, 0, 'x'};
	const unsigned char *p;
	enum pc_field kind;
	size_t at = 0, n;

	OK(pc_material_next(cut, sizeof cut, &at, &kind, &p, &n) < 0,
	    "a truncated field is refused");
	at = 0;
	OK(pc_material_next(cut, 3, &at, &kind, &p, &n) < 0,
	    "half a frame is refused");
	at = 0;
	OK(pc_material_next(cut, 0, &at, &kind, &p, &n) == 1,
	    "empty material has no field");
}

static int
size_is(const char *text, int64_t want)
{
	int64_t v = -1;

	return pc_parse_size(text, &v) == 0 && v == want;
}

static void
test_words(void)
{
	static const char *const bad[] = {"", "5Q", "G", ".5G", "1.G", "1.5",
	    "1.5B", "-1G", "+1G", " 1G", "1 G", "1G ", "1GBs", "1Gi", "1GG",
	    "1BB", "1BiB", "1,5G", "1e3", "0x10", "9999999T", "1.5.5G",
	    "99999999999999999999"};
	int64_t v = 0;

	OK(pc_parse_duration("90s", &v) == 0 && v == 90000000, "90s is a time");
	OK(pc_parse_duration("90", &v) == 0 && v == 90000000,
	    "a time without a unit is in seconds");
	OK(pc_parse_duration("30d", &v) == 0 && v == 30 * 86400000000LL,
	    "30d is a time");
	OK(pc_parse_duration("never", &v) == 0 && v == PC_NEVER,
	    "never is a time");
	OK(pc_parse_duration("1h ", &v) < 0 && pc_parse_duration("", &v) < 0 &&
		pc_parse_duration("-1s", &v) < 0 &&
		pc_parse_duration("9999999999d", &v) < 0,
	    "words that are not times are refused");
	OK(pc_parse_size("5G", &v) == 0 && v == 5LL << 30, "5G is a size");
	OK(size_is("5GB", 5LL << 30) && size_is("5GiB", 5LL << 30) &&
		size_is("5g", 5LL << 30) && size_is("5gib", 5LL << 30) &&
		size_is("64kb", 64 << 10) && size_is("2T", 2LL << 40),
	    "a size's unit is a letter in either case, or with B or iB");
	OK(size_is("1.5G", 3LL << 29) && size_is("0.5k", 512) &&
		size_is("1.25MiB", 5 << 18) && size_is("2.0", 2) &&
		size_is("1.1K", 1126) &&
		size_is("1.9999999999T", (2LL << 40) - 1099512),
	    "a size may have a fraction");
	OK(size_is("500", 500) && size_is("500B", 500) && size_is("0", 0),
	    "a size without a unit is in bytes");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		OK(pc_parse_size(bad[i], &v) < 0, "'%s' is not a size", bad[i]);
	OK(pc_parse_int("12", 1, 12, &v) == 0 && v == 12 &&
		pc_parse_int("13", 1, 12, &v) < 0 &&
		pc_parse_int(" 1", 1, 12, &v) < 0 &&
		pc_parse_int("1x", 1, 12, &v) < 0,
	    "whole numbers within their bounds are read");
	OK(pc_stage_valid("ocr.v2_x-1") && !pc_stage_valid("") &&
		!pc_stage_valid("-a") && !pc_stage_valid("OCR") &&
		!pc_stage_valid("a/b") && !pc_stage_valid("a\n"),
	    "names of stages are accepted or refused");
	OK(pc_edit_distance("ttl", "ttl") == 0 &&
		pc_edit_distance("deafult_ttl", "default_ttl") == 2 &&
		pc_edit_distance("", "abc") == 3,
	    "the edit distance of two words is right");
}

int
main(void)
{
	test_keys();
	test_material();
	test_words();
	return tap_done();
}
