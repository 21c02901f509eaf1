/* header.c - the header lines of requests and answers. */
#include "client.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A token, RFC 9110, 5.6.2. */
static size_t
name_length(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) ||
	    (s[n] && strchr("!#$%&'*+-.^_`|~", s[n])))
		n++;
	return n;
}

/* The length of a "Name: value" without control characters, which could end
 * the line or control a terminal; 0: it is not valid. */
static size_t
line_length(const char *s)
{
	size_t n = name_length(s);

	if (n == 0 || s[n] != ':')
		return 0;
	while ((unsigned char)s[n] >= ' ' ? s[n] != 0x7f : s[n] == '\t')
		n++;
	return n;
}

int
http_header_valid(const char *line)
{
	const size_t n = line_length(line);

	return n > 0 && line[n] == '\0';
}

int
http_headers_valid(const char *s)
{
	while (*s) {
		const size_t n = line_length(s);

		if (n == 0 || s[n] != '\n')
			return 0;
		s += n + 1;
	}
	return 1;
}

const char *
http_header(const char *s, const char *name, size_t *n)
{
	const size_t len = strlen(name);
	const char *found = NULL;

	while (*s) {
		const char *end = s + strcspn(s, "\n");

		if (strncasecmp(s, name, len) == 0 && s[len] == ':') {
			const char *last = end;

			found = s + len + 1;
			while (found < last && strchr(" \t", *found))
				found++;
			while (last > found && strchr(" \t\r", last[-1]))
				last--;
			*n = (size_t)(last - found);
		}
		s = *end ? end + 1 : end;
	}
	return found;
}
