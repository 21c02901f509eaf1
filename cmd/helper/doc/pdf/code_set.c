/* code_set.c - see code_set.h. */
#include "code_set.h"

#include "content.h"

#include <ctype.h>
#include <string.h>

int
code_set_has(const struct code_set *s, unsigned code)
{
	return s->bits[code / 8] >> code % 8 & 1;
}

void
code_set_add(struct code_set *s, unsigned code)
{
	s->bits[code / 8] |= (unsigned char)(1 << code % 8);
}

/* Read the hexadecimal string at *at, and move behind it.  -1: there is none,
 * or it is not a code. */
static long
read_code(const char **at, const char *end)
{
	const char *p = *at;
	long code = 0;
	int digits = 0;

	while (p < end && isspace((unsigned char)*p))
		p++;
	if (p == end || *p != '<')
		return -1;
	for (p++; p < end && *p != '>'; p++) {
		const char c = *p;

		if (!isxdigit((unsigned char)c) || ++digits > 4)
			return -1;
		code = code * 16 + content_hex_value(c);
	}
	*at = p + (p < end);
	return code;
}

/* Skip a string, or an array of strings. */
static void
skip_target(const char **at, const char *end)
{
	const char *p = *at;

	while (p < end && isspace((unsigned char)*p))
		p++;
	p = p < end ? memchr(p, *p == '[' ? ']' : '>', (size_t)(end - p))
		    : NULL;
	*at = p ? p + 1 : end;
}

/* Add the codes of one list in a map, from its keyword on. */
static void
add_list(struct code_set *s, const char *at, const char *end, int ranges)
{
	long first, last;

	while ((first = read_code(&at, end)) >= 0) {
		last = ranges ? read_code(&at, end) : first;
		for (; first <= last; first++)
			code_set_add(s, (unsigned)first);
		skip_target(&at, end);
	}
}

void
code_set_add_map(struct code_set *s, const char *map, size_t n)
{
	static const char chars[] = "beginbfchar", ranges[] = "beginbfrange";
	const char *at = map, *end = map + n;

	while ((at = memmem(at, (size_t)(end - at), "beginbf", 7))) {
		const size_t left = (size_t)(end - at);

		if (left >= sizeof chars - 1 &&
		    memcmp(at, chars, sizeof chars - 1) == 0)
			add_list(s, at + sizeof chars - 1, end, 0);
		else if (left >= sizeof ranges - 1 &&
		    memcmp(at, ranges, sizeof ranges - 1) == 0)
			add_list(s, at + sizeof ranges - 1, end, 1);
		at += 7;
	}
}
