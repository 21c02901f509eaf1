/* parse.c - parse durations, sizes, numbers and stages as people write them. */
#include "base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Parse digits, followed by one letter of units or by nothing. */
static int
parse_scaled(const char *s, const char *units, const int64_t *scale,
    int64_t *out)
{
	const char *unit;
	char *end;
	long long n;

	if (*s < '0' || *s > '9') {
		errno = EINVAL;
		return -1;
	}
	errno = 0;
	n = strtoll(s, &end, 10);
	if (errno)
		return -1;
	if (*end == '\0') {
		unit = units;
	} else {
		unit = strchr(units, *end);
		if (!unit || end[1] != '\0') {
			errno = EINVAL;
			return -1;
		}
	}
	/* Half of the range, so that adding the current time does not
	 * overflow. */
	if (n > INT64_MAX / 2 / scale[unit - units]) {
		errno = ERANGE;
		return -1;
	}
	*out = n * scale[unit - units];
	return 0;
}

int
pc_parse_duration(const char *s, int64_t *us)
{
	static const int64_t scale[] = {1000000, 60 * 1000000LL,
	    3600 * 1000000LL, 86400 * 1000000LL, 7 * 86400 * 1000000LL};

	if (strcmp(s, "never") == 0) {
		*us = PC_NEVER;
		return 0;
	}
	return parse_scaled(s, "smhdw", scale, us);
}

/* The power of 1024 that a unit stands for: a letter in upper or lower case,
 * alone or followed by B or iB. */
static int
parse_unit(const char *unit, unsigned *power)
{
	static const char letters[] = "bkmgt";
	const char *letter;

	*power = 0;
	if (*unit == '\0')
		return 0;
	letter = strchr(letters, *unit | 0x20);
	if (!letter)
		return -1;
	*power = (unsigned)(letter - letters);
	return unit[1] == '\0' ||
		(*power &&
		    (strcasecmp(unit + 1, "b") == 0 ||
			strcasecmp(unit + 1, "ib") == 0))
	    ? 0
	    : -1;
}

int
pc_parse_size(const char *s, int64_t *bytes)
{
	enum { PLACES = 6 }; /* decimals; more are ignored */
	const size_t digits = strspn(s, "0123456789");
	int64_t whole, scale, part = 0, place = 1;
	unsigned power;
	char *end;

	errno = EINVAL;
	if (digits == 0)
		return -1;
	errno = 0;
	whole = strtoll(s, &end, 10);
	if (errno)
		return -1;
	if (*end == '.') {
		const size_t places = strspn(++end, "0123456789");

		for (size_t i = 0; i < places && i < PLACES; i++) {
			part = 10 * part + (end[i] - '0');
			place *= 10;
		}
		end += places;
		if (places == 0) {
			errno = EINVAL;
			return -1;
		}
	}
	errno = EINVAL;
	if (parse_unit(end, &power) < 0 || (part && power == 0))
		return -1;
	scale = (int64_t)1 << 10 * power;
	/* Half of the range, so that the sum of two sizes does not overflow. */
	if (whole > INT64_MAX / 2 / scale - 1) {
		errno = ERANGE;
		return -1;
	}
	*bytes = whole * scale + part * scale / place;
	return 0;
}

int
pc_parse_int(const char *s, int64_t min, int64_t max, int64_t *out)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(s, &end, 10);
	if (errno)
		return -1;
	if (end == s || *end || (*s != '-' && (*s < '0' || *s > '9'))) {
		errno = EINVAL;
		return -1;
	}
	if (n < min || n > max) {
		errno = ERANGE;
		return -1;
	}
	*out = n;
	return 0;
}

int
pc_stage_valid(const char *s)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t n = strlen(s);

	return n > 0 && n <= PC_STAGE_MAX && strchr(first, s[0]) &&
	    strspn(s, rest) == n;
}

unsigned
pc_edit_distance(const char *a, const char *b)
{
	enum { LONGEST = 63 };
	unsigned row[LONGEST + 1];
	size_t na = strlen(a), nb = strlen(b);

	if (na > LONGEST || nb > LONGEST)
		return (unsigned)(na > nb ? na : nb);
	for (size_t j = 0; j <= nb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned swap = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < swap)
				swap = row[j] + 1;
			if (row[j - 1] + 1 < swap)
				swap = row[j - 1] + 1;
			row[j] = swap;
		}
	}
	return row[nb];
}
