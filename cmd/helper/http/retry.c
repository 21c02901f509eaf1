/* retry.c - whether and when to retry: the rules of OpenAI's client, which
 * compatible servers expect, with shorter waits. */
#include "retry.h"

#include "http/http.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	FIRST_WAIT = 100000, /* us; three times as long each time */
	LONGEST_WAIT = 8000000,
	ASKED_MAX = 60000000, /* us; longest wait that a server may ask for */
};

int
retry_status(int status, const char *headers)
{
	size_t n;
	const char *should = http_header(headers, "x-should-retry", &n);

	if (should && n == 4 && strncasecmp(should, "true", 4) == 0)
		return status >= 400;
	if (should && n == 5 && strncasecmp(should, "false", 5) == 0)
		return 0;
	return status == 408 || status == 409 || status == 429 || status >= 500;
}

int
retry_hopeless(int status, const void *body, size_t n)
{
	static const char quota[] = "\"insufficient_quota\"";

	return status == 429 && memmem(body, n, quota, sizeof quota - 1);
}

/* Parse a number, or one of the three date formats of RFC 9110, 5.6.7. */
static int
parse_date(const char *s, size_t n, time_t *t)
{
	static const char *const forms[] = {"%a, %d %b %Y %H:%M:%S GMT",
	    "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};
	char text[64];

	if (n >= sizeof text)
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct tm tm = {0};
		const char *end = strptime(text, forms[i], &tm);

		if (end && !*end) {
			*t = timegm(&tm);
			return 0;
		}
	}
	return -1;
}

static int
parse_number(const char *s, size_t n, double unit, int64_t *us)
{
	char text[32], *end;
	double v;

	if (n == 0 || n >= sizeof text || strspn(s, "0123456789.") < n)
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	v = strtod(text, &end) * unit;
	if (*end || !isfinite(v))
		return -1;
	*us = v < 1e15 ? (int64_t)v : (int64_t)1e15;
	return 0;
}

/* The wait that the server asks for, us; 0: none. */
static int64_t
asked(const char *headers)
{
	const char *s, *date;
	size_t n, n_date;
	time_t until, now;
	int64_t us = 0;

	s = http_header(headers, "retry-after-ms", &n);
	if (s && parse_number(s, n, 1e3, &us) == 0)
		return us;
	s = http_header(headers, "retry-after", &n);
	if (!s || parse_number(s, n, 1e6, &us) == 0)
		return us;
	if (parse_date(s, n, &until) < 0)
		return 0;
	/* Relative to the server's own clock, if it sends its time. */
	date = http_header(headers, "date", &n_date);
	if (!date || parse_date(date, n_date, &now) < 0)
		now = time(NULL);
	return until > now ? (int64_t)(until - now) * 1000000 : 0;
}

int
retry_wait(unsigned attempt, const char *headers, int64_t *wait)
{
	int64_t us = headers ? asked(headers) : 0;

	*wait = us;
	if (us > ASKED_MAX)
		return 1;
	if (us > 0)
		return 0;
	us = FIRST_WAIT;
	while (--attempt > 0 && us < LONGEST_WAIT)
		us *= 3;
	if (us > LONGEST_WAIT)
		us = LONGEST_WAIT;
	/* Random, so that requests that failed together are not retried
	 * together. */
	*wait = us - us / 4 * (random() % 1024) / 1024;
	return 0;
}
