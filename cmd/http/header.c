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

int
http_headers_valid(const char *s)
{
	while (*s) {
		size_t n = name_length(s);

		if (n == 0 || s[n] != ':')
			return 0;
		for (s += n; *s != '\n'; s++)
			if (((unsigned char)*s < ' ' && *s != '\t') ||
			    *s == 0x7f)
				return 0;
		s++;
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
