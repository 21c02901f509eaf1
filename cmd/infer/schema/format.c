/* format.c - strings of a given format: dates, addresses, ids. */
#include "schema_in.h"

#include <string.h>

/* Match text against a form, in which 0 stands for a digit and other
 * characters for themselves.  Returns the length matched; 0: it does not
 * match. */
static size_t
has_form(const char *form, const char *s, size_t n)
{
	const size_t len = strlen(form);

	if (n < len)
		return 0;
	for (size_t i = 0; i < len; i++)
		if (form[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return 0;
	return len;
}

static int
number(const char *s, int digits)
{
	int v = 0;

	while (digits-- > 0)
		v = v * 10 + (*s++ - '0');
	return v;
}

/* RFC 3339's full-date. */
static size_t
date_length(const char *s, size_t n)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
	    31};
	int year, month, day;

	if (!has_form("0000-00-00", s, n))
		return 0;
	year = number(s, 4);
	month = number(s + 5, 2);
	day = number(s + 8, 2);
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return 0;
	if (month == 2 && day == 29 &&
	    (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
		return 0;
	return 10;
}

static int
is_date(const char *s, size_t n)
{
	return n == 10 && date_length(s, n) == n;
}

/* RFC 3339's full-time; a leap second may come in any minute. */
static int
is_time(const char *s, size_t n)
{
	size_t at = 8;

	if (!has_form("00:00:00", s, n) || number(s, 2) > 23 ||
	    number(s + 3, 2) > 59 || number(s + 6, 2) > 60)
		return 0;
	if (at < n && s[at] == '.') {
		const size_t point = at++;

		while (at < n && s[at] >= '0' && s[at] <= '9')
			at++;
		if (at == point + 1)
			return 0;
	}
	if (n - at == 1)
		return s[at] == 'Z' || s[at] == 'z';
	return n - at == 6 && (s[at] == '+' || s[at] == '-') &&
	    has_form("00:00", s + at + 1, 5) && number(s + at + 1, 2) < 24 &&
	    number(s + at + 4, 2) < 60;
}

static int
is_date_time(const char *s, size_t n)
{
	return n > 11 && date_length(s, n) &&
	    (s[10] == 'T' || s[10] == 't' || s[10] == ' ') &&
	    is_time(s + 11, n - 11);
}

/* Is the text free of white space, control characters and these? */
static int
is_without(const char *s, size_t n, const char *bad)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 127 ||
		    strchr(bad, s[i]))
			return 0;
	return 1;
}

/* The usual form, without quotes and comments. */
static int
is_email(const char *s, size_t n)
{
	const char *at = memchr(s, '@', n);
	const size_t before = at ? (size_t)(at - s) : 0;
	const char *host;
	size_t len;

	if (before == 0 || before > 64 || n - before - 1 == 0)
		return 0;
	host = at + 1;
	len = n - before - 1;
	return is_without(s, before, "()<>[]:;,\\\"") &&
	    is_without(host, len, "()<>[]:;,\\\"@_/") && s[0] != '.' &&
	    at[-1] != '.' && !memmem(s, n, "..", 2) && host[0] != '.' &&
	    host[0] != '-' && host[len - 1] != '.' && host[len - 1] != '-';
}

/* RFC 3986: a scheme, and only characters that need no escape. */
static int
is_uri(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n &&
	    (((s[i] | 32) >= 'a' && (s[i] | 32) <= 'z') ||
		(i > 0 &&
		    ((s[i] >= '0' && s[i] <= '9') || strchr("+-.", s[i])))) &&
	    s[i])
		i++;
	if (i == 0 || i == n || s[i] != ':')
		return 0;
	for (size_t k = i; k < n; k++)
		if ((unsigned char)s[k] >= 0x80)
			return 0;
	return is_without(s, n, "<>\"{}|\\^`");
}

static int
is_uuid(const char *s, size_t n)
{
	for (size_t i = 0; i < n && n == 36; i++) {
		const int dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-'
			 : !s[i] || !strchr("0123456789abcdefABCDEF", s[i]))
			return 0;
	}
	return n == 36;
}

int
format_fits(const char *name, const char *text, size_t n)
{
	static const struct {
		const char *name;
		int (*is)(const char *, size_t);
	} formats[] = {
	    {"date", is_date},
	    {"time", is_time},
	    {"date-time", is_date_time},
	    {"email", is_email},
	    {"uri", is_uri},
	    {"uuid", is_uuid},
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(name, formats[i].name) == 0)
			return formats[i].is(text, n);
	return 1;
}
