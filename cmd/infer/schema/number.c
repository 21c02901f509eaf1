/* number.c - keywords for a number's value. */
#include "schema_in.h"

int
number_of(const struct pc_json *v, struct number *n)
{
	const enum pc_json_type type = pc_json_type(v);

	if (type != PC_JSON_INT && type != PC_JSON_REAL)
		return -1;
	n->whole = pc_json_int(v, &n->i) == 0;
	/* On ERANGE the value is infinite, which compares correctly. */
	(void)pc_json_real(v, &n->d);
	return 0;
}

int
number_compare(const struct number *a, const struct number *b)
{
	return a->whole && b->whole ? (a->i > b->i) - (a->i < b->i)
				    : (a->d > b->d) - (a->d < b->d);
}

/* Doubles from 2^53 on have no fraction. */
int
number_is_whole(const struct number *n)
{
	static const double large = 9007199254740992.0;

	return n->d >= large || n->d <= -large ||
	    n->d - (double)(int64_t)n->d == 0;
}

int
number_count(const struct pc_json *v, uint64_t *count)
{
	struct number n;

	if (number_of(v, &n) < 0 || n.d < 0 || !number_is_whole(&n))
		return -1;
	*count = n.whole ? (uint64_t)n.i
	    : n.d < 1e18 ? (uint64_t)n.d
			 : UINT64_MAX;
	return 0;
}

/* Compare the bound word with the value; the result must not be sign. */
static int
bound(struct schema_run *r, const struct schema_frame *f, int sign,
    int equal_too, const char *what)
{
	struct pc_buf v = {0}, limit = {0};
	struct number have, want;
	int c;

	if (number_of(f->value, &have) < 0 || number_of(f->word, &want) < 0)
		return 0;
	c = number_compare(&have, &want);
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
assert_minimum(struct schema_run *r, const struct schema_frame *f)
{
	return bound(r, f, -1, 0, "a number of at least");
}

int
assert_maximum(struct schema_run *r, const struct schema_frame *f)
{
	return bound(r, f, 1, 0, "a number of at most");
}

int
assert_above(struct schema_run *r, const struct schema_frame *f)
{
	return bound(r, f, -1, 1, "a number above");
}

int
assert_below(struct schema_run *r, const struct schema_frame *f)
{
	return bound(r, f, 1, 1, "a number below");
}
