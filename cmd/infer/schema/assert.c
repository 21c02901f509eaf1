/* assert.c - keywords for a value's type, or for equality. */
#include "schema_in.h"

#include <string.h>

enum { LISTED_MAX = 300 }; /* bytes of an enum's values in a message */

/* ---- types ---- */

static const struct {
	const char *name, *shown;
} types[] = {
    {"null", "null"},
    {"boolean", "true or false"},
    {"integer", "an integer"},
    {"number", "a number"},
    {"string", "a string"},
    {"array", "an array"},
    {"object", "an object"},
};

static int
find_type(const char *name)
{
	int i = 0;

	while (i < (int)(sizeof types / sizeof *types) &&
	    strcmp(types[i].name, name) != 0)
		i++;
	return i < (int)(sizeof types / sizeof *types) ? i : -1;
}

int
type_is_name(const char *name)
{
	return find_type(name) >= 0;
}

static int
is_of_type(const struct pc_json *v, const char *name)
{
	static const char *const names[] = {
	    [PC_JSON_NULL] = "null",
	    [PC_JSON_BOOL] = "boolean",
	    [PC_JSON_INT] = "number",
	    [PC_JSON_REAL] = "number",
	    [PC_JSON_TEXT] = "string",
	    [PC_JSON_ARRAY] = "array",
	    [PC_JSON_OBJECT] = "object",
	};
	struct number n;

	if (strcmp(name, "integer") == 0)
		return number_of(v, &n) == 0 && number_is_whole(&n);
	return strcmp(name, names[pc_json_type(v)]) == 0;
}

int
assert_type(struct schema_run *r, const struct schema_frame *f)
{
	const size_t count = pc_json_length(f->word);
	struct pc_buf b = {0};
	size_t n;

	for (size_t i = 0; i < (count ? count : 1); i++) {
		const char *name = pc_json_text(
		    count ? pc_json_at(f->word, i) : f->word, &n);
		const int row = name ? find_type(name) : -1;

		if (row < 0 || is_of_type(f->value, name)) {
			pc_buf_clear(&b);
			return 0;
		}
		pc_buf_addf(&b, "%s%s", i ? " or " : "wanted ",
		    types[row].shown);
		if (b.len > LISTED_MAX)
			b.len = LISTED_MAX;
	}
	pc_buf_addf(&b, ", found ");
	place_show(&b, f->value);
	schema_misfit(r, f, "%.*s", (int)b.len, (char *)b.data);
	/* An alternative with the right type would have been closer. */
	r->rank--;
	pc_buf_clear(&b);
	return 1;
}

/* ---- what it equals ---- */

static int equal(struct schema_run *, const struct pc_json *,
    const struct pc_json *);

struct object_comparison {
	struct schema_run *run;
	const struct pc_json *other;
	size_t members; /* of other */
};

static int
equal_member(void *ctx, const char *name, const struct pc_json *v)
{
	struct object_comparison *c = ctx;
	int r;

	if (schema_spend(c->run, v ? 1 : c->members) < 0)
		return -1;
	if (!v && !json_has(c->other, name))
		return 1;
	r = equal(c->run, v, pc_json_get(c->other, name));
	return r < 0 ? -1 : !r;
}

/* 1: equal; 0: not equal; -1: no steps are left. */
static int
equal(struct schema_run *r, const struct pc_json *a, const struct pc_json *b)
{
	struct object_comparison c = {.run = r, .other = b};
	struct number x, y;
	const char *s, *t;
	size_t n, m;
	int e;

	if (schema_spend(r, 1) < 0)
		return -1;
	if (number_of(a, &x) == 0)
		return number_of(b, &y) == 0 && number_compare(&x, &y) == 0;
	if (pc_json_type(a) != pc_json_type(b))
		return 0;
	switch (pc_json_type(a)) {
	case PC_JSON_BOOL:
		return pc_json_bool(a) == pc_json_bool(b);
	case PC_JSON_TEXT:
		s = pc_json_text(a, &n);
		t = pc_json_text(b, &m);
		if (n != m)
			return 0;
		if (schema_spend(r, n / 256) < 0)
			return -1;
		return memcmp(s, t, n) == 0;
	case PC_JSON_ARRAY:
		n = pc_json_length(a);
		if (n != pc_json_length(b))
			return 0;
		for (size_t i = 0; i < n; i++) {
			e = equal(r, pc_json_at(a, i), pc_json_at(b, i));
			if (e != 1)
				return e;
		}
		return 1;
	case PC_JSON_OBJECT:
		n = object_count(a);
		c.members = object_count(b);
		if (schema_spend(r, n + c.members) < 0)
			return -1;
		if (n != c.members)
			return 0;
		e = pc_json_each(a, equal_member, &c);
		return e < 0 ? -1 : e == 0;
	default:
		return 1;
	}
}

int
assert_enum(struct schema_run *r, const struct schema_frame *f)
{
	const size_t n = pc_json_length(f->word);
	struct pc_buf b = {0};

	for (size_t i = 0; i < n; i++) {
		const int e = equal(r, f->value, pc_json_at(f->word, i));

		if (e != 0)
			return e < 0 ? -1 : 0;
	}
	place_show(&b, f->value);
	pc_buf_addf(&b, " is not %s",
	    n > 1       ? "one of "
		: n > 0 ? ""
			: "allowed: the enum is empty");
	for (size_t i = 0; i < n; i++) {
		if (b.len > LISTED_MAX) {
			pc_buf_addf(&b, " and %zu more", n - i);
			break;
		}
		pc_buf_addf(&b, "%s", i ? ", " : "");
		place_show(&b, pc_json_at(f->word, i));
	}
	schema_misfit(r, f, "%.*s", (int)b.len, (char *)b.data);
	pc_buf_clear(&b);
	return 1;
}

int
assert_const(struct schema_run *r, const struct schema_frame *f)
{
	const int e = equal(r, f->value, f->word);
	struct pc_buf b = {0};

	if (e != 0)
		return e < 0 ? -1 : 0;
	place_show(&b, f->value);
	pc_buf_addf(&b, " is not ");
	place_show(&b, f->word);
	schema_misfit(r, f, "%.*s", (int)b.len, (char *)b.data);
	pc_buf_clear(&b);
	return 1;
}

int
assert_unique(struct schema_run *r, const struct schema_frame *f)
{
	const size_t n = pc_json_length(f->value);

	if (!pc_json_bool(f->word))
		return 0;
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++) {
			const int e = equal(r, pc_json_at(f->value, i),
			    pc_json_at(f->value, k));

			if (e < 0)
				return -1;
			if (e)
				return schema_misfit(r, f,
				    "elements %zu and %zu are the same", k, i);
		}
	return 0;
}
