/* multiple.c - multipleOf, computed with the decimal digits as written: 0.07
 * is a multiple of 0.01, but not in binary. */
#include "schema_in.h"

#include <stdlib.h>
#include <string.h>

enum {
	DIGITS_MAX = 18,                   /* of the unit; ten times it still
					    * fits */
	EXPONENT_MAX = 1000 * 1000 * 1000, /* larger ones have the same
					    * result */
	POWER_MAX = 60, /* more factors of ten make no unit a divisor: it is
			 * < 2^60 */
};

/* A number without its sign: digits, of which the first and last are not 0,
 * and a power of 10.  Zero has no digits. */
struct decimal {
	struct pc_buf digits; /* one character each */
	int64_t exponent;
};

static int64_t
read_exponent(const char *text)
{
	const long e = strtol(text, NULL, 10);

	return e > EXPONENT_MAX ? EXPONENT_MAX
	    : e < -EXPONENT_MAX ? -EXPONENT_MAX
				: e;
}

/* The caller owns it, even after -1: out of memory. */
static int
decimal_of(const struct pc_json *v, struct decimal *d)
{
	struct pc_buf text = {0};
	int fraction = 0;

	*d = (struct decimal){.exponent = 0};
	pc_json_print(&text, v);
	pc_buf_add(&text, "", 1);
	for (const char *s = text.failed ? "" : (char *)text.data; *s; s++) {
		if (*s == 'e' || *s == 'E') {
			d->exponent += read_exponent(s + 1);
			break;
		}
		fraction |= *s == '.';
		if (*s < '0' || *s > '9')
			continue;
		d->exponent -= fraction;
		if (*s != '0' || d->digits.len > 0)
			pc_buf_add(&d->digits, s, 1);
	}
	d->digits.failed |= text.failed;
	pc_buf_clear(&text);
	while (d->digits.len > 0 && d->digits.data[d->digits.len - 1] == '0') {
		d->digits.len--;
		d->exponent++;
	}
	return d->digits.failed ? -1 : 0;
}

/* The remainder of d, a number times a power of 10, divided by unit. */
static uint64_t
rest_of(const struct decimal *d, int64_t tens, uint64_t unit)
{
	uint64_t rest = 0;

	for (size_t i = 0; i < d->digits.len; i++)
		rest = (rest * 10 + (d->digits.data[i] - '0')) % unit;
	for (int64_t i = 0; i < tens && i < POWER_MAX; i++)
		rest = rest * 10 % unit;
	return rest;
}

static int
is_multiple(const struct decimal *d, const struct decimal *of)
{
	uint64_t unit = 0;

	for (size_t i = 0; i < of->digits.len; i++)
		unit = unit * 10 + (of->digits.data[i] - '0');
	if (d->digits.len == 0)
		return 1;
	return d->exponent >= of->exponent &&
	    rest_of(d, d->exponent - of->exponent, unit) == 0;
}

int
multiple_is_unit(const struct pc_json *v)
{
	struct decimal d = {{0}, 0};
	double real;
	const int ok = pc_json_real(v, &real) == 0 && real > 0 &&
	    decimal_of(v, &d) == 0 && d.digits.len <= DIGITS_MAX;

	pc_buf_clear(&d.digits);
	return ok;
}

static int
misfit(struct schema_run *r, const struct schema_frame *f)
{
	struct pc_buf v = {0}, unit = {0};

	place_show(&v, f->value);
	place_show(&unit, f->word);
	schema_misfit(r, f, "wanted a multiple of %.*s, found %.*s",
	    (int)unit.len, (char *)unit.data, (int)v.len, (char *)v.data);
	pc_buf_clear(&v);
	pc_buf_clear(&unit);
	return 1;
}

int
assert_multiple(struct schema_run *r, const struct schema_frame *f)
{
	struct number have;
	struct decimal d, of = {{0}, 0};
	int e;

	if (number_of(f->value, &have) < 0)
		return 0;
	e = decimal_of(f->value, &d) < 0 || decimal_of(f->word, &of) < 0
	    ? schema_give_up(r, f, "out of memory")
	    : schema_spend(r, d.digits.len / 16);
	if (e == 0 && !is_multiple(&d, &of))
		e = misfit(r, f);
	pc_buf_clear(&d.digits);
	pc_buf_clear(&of.digits);
	return e;
}
