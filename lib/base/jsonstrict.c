/* jsonstrict.c - find what RFC 8259 forbids but json-c accepts.
 *
 * json-c's own strict mode does not help: 0.16 accepts many of these faults,
 * and 0.18 rejects all bytes above 0x7f and all numbers that it cannot
 * represent. */
#include "json.h"

#include <string.h>

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && is_digit(s[i]))
		i++;
	return i;
}

/* Is it a number as RFC 8259 defines it? */
static int
is_number(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '-', whole = digits(s + i, n - i), more;

	if (!whole || (whole > 1 && s[i] == '0'))
		return 0;
	i += whole;
	if (i < n && s[i] == '.') {
		more = digits(s + i + 1, n - i - 1);
		if (!more)
			return 0;
		i += 1 + more;
	}
	if (i < n && (s[i] == 'e' || s[i] == 'E')) {
		i++;
		i += i < n && (s[i] == '+' || s[i] == '-');
		more = digits(s + i, n - i);
		if (!more)
			return 0;
		i += more;
	}
	return i == n;
}

/* Check the string whose opening " is just before *at, and move *at behind the
 * closing one.  NULL: it is valid. */
static const char *
check_string(const char *text, size_t n, size_t *at)
{
	for (; *at < n; ++*at) {
		unsigned char c = (unsigned char)text[*at];

		if (c == '\0')
			return "a NUL byte";
		if (c < ' ')
			return "a control character in a string, which \" ends";
		if (c == '"') {
			++*at;
			return NULL;
		}
		if (c == '\\' && *at + 1 < n && text[*at + 1])
			++*at;
	}
	return NULL; /* json-c reports the missing end */
}

/* Check the number or word at *at, and move *at behind it. */
static const char *
check_word(const char *text, size_t n, size_t *at)
{
	const char *s = text + *at;
	size_t len = 0;

	while (*at + len < n && !json_is_space(s[len]) && s[len] &&
	    !strchr("{}[]:,\"", s[len]))
		len++;
	if (is_number(s, len) || (len == 4 && memcmp(s, "true", 4) == 0) ||
	    (len == 5 && memcmp(s, "false", 5) == 0) ||
	    (len == 4 && memcmp(s, "null", 4) == 0)) {
		*at += len;
		return NULL;
	}
	if (!len)
		return "a NUL byte";
	if (*s == '\'')
		return "' for \"";
	if (strchr("+-.0123456789NI", *s))
		return "a number that is none";
	if ((*s | 0x20) >= 'a' && (*s | 0x20) <= 'z')
		return "a word that is none of JSON's";
	return "unexpected character";
}

const char *
json_find_fault(const char *text, size_t n, size_t *at)
{
	const char *end, *why = NULL;
	char last = '\0';

	for (*at = 0; *at < n && !why;) {
		char c = text[*at];

		if (json_is_space(c)) {
			++*at;
			continue;
		}
		if (last == ',' && (c == '}' || c == ']'))
			return "a comma that nothing follows";
		last = c;
		if (c && strchr("{}[]:,", c)) {
			++*at;
		} else if (c == '"') {
			++*at;
			why = check_string(text, n, at);
		} else {
			why = check_word(text, n, at);
		}
	}
	if (why)
		return why;
	for (*at = 0; *at < n; *at = (size_t)(end - text) + 1) {
		end = memchr(text + *at, '\n', n - *at);
		if (!end)
			end = text + n;
		if (!pc_utf8_valid(text + *at, (size_t)(end - text) - *at))
			return "bytes that are not UTF-8";
	}
	return NULL;
}
