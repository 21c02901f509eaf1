/* assert.c - keywords that look at one value: its type, what it equals,
 * how large or long it is, what pattern it has. */
#include "schema_in.h"

#include <string.h>

enum {
	MATCHED_MAX = 16 * 1024, /* bytes that a pattern is tried on */
	LISTED_MAX = 300,        /* bytes of an enum's values in a message */
};

/* ---- numbers ---- */

/* Whole numbers of 64 bits are compared as such, all else as double. */
struct number {
	int whole;
	int64_t i;
	double d;
};

static int
number_of(const struct pc_json *v, struct number *n)
{
	const enum pc_json_type type = pc_json_type(v);

	if (type != PC_JSON_INT && type != PC_JSON_REAL)
		return -1;
	n->whole = pc_json_int(v, &n->i) == 0;
	/* ERANGE is infinity, which compares as it should. */
	(void)pc_json_real(v, &n->d);
	return 0;
}

static int
compare(const struct number *a, const struct number *b)
{
	return a->whole && b->whole ? (a->i > b->i) - (a->i < b->i)
				    : (a->d > b->d) - (a->d < b->d);
}

/* Doubles of 2 to the 53rd and more have no fraction. */
static int
is_whole(double d)
{
	static const double large = 9007199254740992.0;

	return d >= large || d <= -large || d - (double)(int64_t)d == 0;
}

int
assert_count(const struct pc_json *v, uint64_t *count)
{
	struct number n;

	if (number_of(v, &n) < 0 || n.d < 0 || !is_whole(n.d))
		return -1;
	*count = n.whole ? (uint64_t)n.i
	    : n.d < 1e18 ? (uint64_t)n.d
			 : UINT64_MAX;
	return 0;
}

/* How word, a bound, compares to the value; which must not be sign. */
static int
bound(struct run *r, const struct frame *f, int sign, int equal_too,
    const char *what)
{
	struct pc_buf v = {0}, limit = {0};
	struct number have, want;
	int c;

	if (number_of(f->value, &have) < 0 || number_of(f->word, &want) < 0)
		return 0;
	c = compare(&have, &want);
	if (c != sign && !(equal_too && c == 0))
		return 0;
	place_show(&v, f->value);
	place_show(&limit, f->word);
	schema_misfit(r, f, "wanted %s %.*s, found %.*s", what, (int)limit.len,
	    (char *)limit.data, (int)v.len, (char *)v.data);
	pc_buf_clear(&v);
	pc_buf_clear(&limit);
	return 1;
}

int
assert_minimum(struct run *r, const struct frame *f)
{
	return bound(r, f, -1, 0, "a number of at least");
}

int
assert_maximum(struct run *r, const struct frame *f)
{
	return bound(r, f, 1, 0, "a number of at most");
}

int
assert_above(struct run *r, const struct frame *f)
{
	return bound(r, f, -1, 1, "a number above");
}

int
assert_below(struct run *r, const struct frame *f)
{
	return bound(r, f, 1, 1, "a number below");
}

/* 0.07 is 7 times 0.01, although not in binary. */
static int
is_multiple(const struct number *n, const struct number *of)
{
	const double q = n->d / of->d;
	double off;

	if (n->whole && of->whole)
		return of->i != 0 && n->i % of->i == 0;
	if (is_whole(q))
		return 1;
	off = q - (double)(int64_t)(q + (q < 0 ? -0.5 : 0.5));
	return off < 1e-9 && off > -1e-9;
}

int
assert_multiple(struct run *r, const struct frame *f)
{
	struct pc_buf v = {0}, unit = {0};
	struct number have, of;

	if (number_of(f->value, &have) < 0 || number_of(f->word, &of) < 0 ||
	    is_multiple(&have, &of))
		return 0;
	place_show(&v, f->value);
	place_show(&unit, f->word);
	schema_misfit(r, f, "wanted a multiple of %.*s, found %.*s",
	    (int)unit.len, (char *)unit.data, (int)v.len, (char *)v.data);
	pc_buf_clear(&v);
	pc_buf_clear(&unit);
	return 1;
}

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
assert_is_type(const char *name)
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
		return number_of(v, &n) == 0 && is_whole(n.d);
	return strcmp(name, names[pc_json_type(v)]) == 0;
}

int
assert_type(struct run *r, const struct frame *f)
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
	/* What has the right type was nearer. */
	r->rank--;
	pc_buf_clear(&b);
	return 1;
}

/* ---- what it equals ---- */

static int equal(struct run *, const struct pc_json *, const struct pc_json *);

struct comparison {
	struct run *run;
	const struct pc_json *other;
	size_t members; /* of other */
};

static int
equal_member(void *ctx, const char *name, const struct pc_json *v)
{
	struct comparison *c = ctx;
	int r;

	if (schema_spend(c->run, v ? 1 : c->members) < 0)
		return -1;
	if (!v && !schema_has(c->other, name))
		return 1;
	r = equal(c->run, v, pc_json_get(c->other, name));
	return r < 0 ? -1 : !r;
}

static int
count_member(void *ctx, const char *name, const struct pc_json *v)
{
	size_t *n = ctx;

	(void)name;
	(void)v;
	++*n;
	return 0;
}

/* 1: they are; 0: they are not; -1: there are no steps left. */
static int
equal(struct run *r, const struct pc_json *a, const struct pc_json *b)
{
	struct comparison c = {.run = r, .other = b};
	struct number x, y;
	const char *s, *t;
	size_t n, m;
	int e;

	if (schema_spend(r, 1) < 0)
		return -1;
	if (number_of(a, &x) == 0)
		return number_of(b, &y) == 0 && compare(&x, &y) == 0;
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
		n = 0;
		(void)pc_json_each(a, count_member, &n);
		(void)pc_json_each(b, count_member, &c.members);
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
assert_enum(struct run *r, const struct frame *f)
{
	const size_t n = pc_json_length(f->word);
	struct pc_buf b = {0};

	for (size_t i = 0; i < n; i++) {
		const int e = equal(r, f->value, pc_json_at(f->word, i));

		if (e != 0)
			return e < 0 ? -1 : 0;
	}
	place_show(&b, f->value);
	pc_buf_addf(&b, " is not %s", n > 1 ? "one of " : "");
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
assert_const(struct run *r, const struct frame *f)
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
assert_unique(struct run *r, const struct frame *f)
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

/* ---- strings ---- */

static uint64_t
characters(const char *s, size_t n)
{
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += (s[i] & 0xc0) != 0x80;
	return count;
}

static int
length(struct run *r, const struct frame *f, int most)
{
	const char *text;
	uint64_t have, want;
	size_t n;

	text = pc_json_text(f->value, &n);
	if (!text || assert_count(f->word, &want) < 0)
		return 0;
	if (schema_spend(r, n / 64) < 0)
		return -1;
	have = characters(text, n);
	if (most ? have <= want : have >= want)
		return 0;
	return schema_misfit(r, f, "wanted at %s %llu character%s, found %llu",
	    most ? "most" : "least", (unsigned long long)want,
	    want == 1 ? "" : "s", (unsigned long long)have);
}

int
assert_min_length(struct run *r, const struct frame *f)
{
	return length(r, f, 0);
}

int
assert_max_length(struct run *r, const struct frame *f)
{
	return length(r, f, 1);
}

/* The source compiled, from those that are kept. */
static struct pattern *
compiled(struct run *r, const struct frame *f, const char *source)
{
	struct pc_buf posix = {0};
	struct pattern *p;
	struct pc_error why;
	int e;

	for (unsigned i = 0; i < r->patterns_made && i < KEPT_PATTERNS; i++)
		if (r->patterns[i].source == source)
			return &r->patterns[i];
	p = &r->patterns[r->patterns_made % KEPT_PATTERNS];
	if (r->patterns_made >= KEPT_PATTERNS && p->source)
		regfree(&p->compiled);
	p->source = NULL;
	e = pattern_translate(source, strlen(source), &posix, &p->size, &why);
	if (e == 0)
		e = regcomp(&p->compiled, (char *)posix.data,
		    REG_EXTENDED | REG_NOSUB);
	pc_buf_clear(&posix);
	if (e != 0) {
		schema_give_up(r, f, "a pattern cannot be compiled");
		return NULL;
	}
	p->source = source;
	r->patterns_made++;
	return p;
}

void
assert_drop_patterns(struct run *r)
{
	for (unsigned i = 0; i < r->patterns_made && i < KEPT_PATTERNS; i++)
		if (r->patterns[i].source)
			regfree(&r->patterns[i].compiled);
	r->patterns_made = 0;
}

int
assert_matches(struct run *r, const struct frame *f, const char *source,
    const char *text, size_t n)
{
	struct pattern *p;
	regmatch_t where;
	int e;

	if (n > MATCHED_MAX)
		return schema_give_up(r, f,
		    "more than 16 KiB are not matched "
		    "with a pattern");
	p = compiled(r, f, source);
	if (!p)
		return -1;
	/* It is tried from each character on. */
	if (schema_spend(r, (n * n / 256 + n / 4) * (1 + p->size / 100)) < 0)
		return -1;
	where = (regmatch_t){.rm_so = 0, .rm_eo = (regoff_t)n};
	e = regexec(&p->compiled, text, 1, &where, REG_STARTEND);
	if (e == REG_ESPACE)
		return schema_give_up(r, f, "out of memory");
	return e != 0;
}

int
assert_pattern(struct run *r, const struct frame *f)
{
	size_t n, len;
	const char *text = pc_json_text(f->value, &n);
	const char *source = pc_json_text(f->word, &len);
	struct pc_buf b = {0};
	int e;

	if (!text || !source)
		return 0;
	e = assert_matches(r, f, source, text, n);
	if (e != 1)
		return e;
	place_show(&b, f->value);
	schema_misfit(r, f, "%.*s does not match the pattern %.200s",
	    (int)b.len, (char *)b.data, source);
	pc_buf_clear(&b);
	return 1;
}

int
assert_format(struct run *r, const struct frame *f)
{
	size_t n, len;
	const char *text = pc_json_text(f->value, &n);
	const char *name = pc_json_text(f->word, &len);
	struct pc_buf b = {0};

	if (!text || !name || format_fits(name, text, n))
		return 0;
	place_show(&b, f->value);
	schema_misfit(r, f, "%.*s is not of the format %s", (int)b.len,
	    (char *)b.data, name);
	pc_buf_clear(&b);
	return 1;
}
