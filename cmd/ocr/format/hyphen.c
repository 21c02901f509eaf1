/* hyphen.c - words that the end of a line broke, made whole.
 *
 * Without a dictionary "long-" and "term" look as "exam-" and "ple" do; what
 * is told apart is told by its form, and in doubt the line stays as it is. */
#include "format_in.h"

#include <string.h>

enum {
	SOFT_HYPHEN = 0xad,
	HYPHEN = 0x2010,
	WORD_MAX = 64, /* characters; longer ones are not words */
};

static int
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The character at s, 0 at the end.  Those past U+FFFF are not letters that
 * matter here. */
static uint32_t
decode(const char *s, const char *end)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = (size_t)(end - s);

	if (n == 0)
		return 0;
	if (p[0] < 0x80)
		return p[0];
	if (p[0] >= 0xc0 && p[0] < 0xe0 && n >= 2)
		return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
	if (p[0] >= 0xe0 && p[0] < 0xf0 && n >= 3)
		return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 |
		    (p[2] & 0x3fu);
	return 0xfffd;
}

/* Where the character that ends at s begins; s > start. */
static const char *
before(const char *start, const char *s)
{
	const char *stop = s - start > 4 ? s - 4 : start;

	do
		s--;
	while (s > stop && ((unsigned char)*s & 0xc0) == 0x80);
	return s;
}

/* Lower-case letters of Latin, Greek and Cyrillic: towlower() knows none but
 * ASCII's in the C locale. */
static int
lower(uint32_t c)
{
	if (c < 0x80)
		return c >= 'a' && c <= 'z';
	if (c < 0x100)
		return c >= 0xdf && c != 0xf7;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c % 2 == 0;
	if (c < 0x180)
		return c % 2 == 1;
	return (c >= 0x3ac && c <= 0x3ce) || (c >= 0x430 && c <= 0x45f) ||
	    (c >= 0xfb00 && c <= 0xfb06);
}

static int
letter(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0xc0;
}

/* Is what ends at end the first part of a word?  It ends with a small letter,
 * has two letters, and no sign of being a name of the net, a number, or
 * "state-of-the-", whose hyphens are its own. */
static int
first_part(const char *start, const char *end)
{
	const char *p = end;
	int letters = 0;

	for (int n = 0; p > start; n++) {
		const char *at = before(start, p);
		uint32_t c = decode(at, p);

		if (c <= ' ')
			break;
		if (n == WORD_MAX || (n == 0 && !lower(c)) || c == HYPHEN ||
		    (c < 0x80 && strchr("-/@_\\.:0123456789", (int)c)))
			return 0;
		letters += letter(c);
		p = at;
	}
	return letters >= 2;
}

/* Where the hyphen begins that ends start to end in the midst of a word, or
 * NULL.  A soft one can have no other meaning. */
static const char *
hyphen(const char *start, const char *end, int *soft)
{
	const char *at;
	uint32_t c;

	while (end > start && blank(end[-1]))
		end--;
	if (end == start)
		return NULL;
	at = before(start, end);
	c = decode(at, end);
	*soft = c == SOFT_HYPHEN;
	if (*soft)
		return at > start && (unsigned char)at[-1] > ' ' ? at : NULL;
	if ((c != '-' && c != HYPHEN) || !first_part(start, at))
		return NULL;
	return at;
}

/* "pre- and postfix": these are words of their own. */
static int
joins_words(const char *s, size_t n)
{
	static const char *const words[] = {"and", "or", "to", "und", "oder",
	    "bzw", "sowie", "et", "ou"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == n && memcmp(words[i], s, n) == 0)
			return 1;
	return 0;
}

/* The second part, at the start of the line at s, or NULL. */
static const char *
second_part(const char *s, const char *end, int soft)
{
	size_t n = 0, letters = 0;

	while (s < end && blank(*s))
		s++;
	if (!lower(decode(s, end)))
		return NULL;
	for (; s + n < end; n++) {
		unsigned char c = (unsigned char)s[n];

		if (c < 0x80 && !letter(c))
			break;
		letters += (c & 0xc0) != 0x80;
	}
	return !soft && (letters == 1 || joins_words(s, n)) ? NULL : s;
}

/* End the line that out has from start on, the next of which is at s: with
 * the rest of its last word, if that is there.  Returns what is still to be
 * printed. */
static const char *
end_line(struct pc_buf *out, size_t start, const char *s, const char *end)
{
	const char *text = (const char *)out->data;
	const char *at = NULL, *rest, *word;
	int soft = 0;

	if (out->len > start)
		at = hyphen(text + start, text + out->len, &soft);
	rest = at ? second_part(s, end, soft) : NULL;
	if (!rest) {
		pc_buf_add(out, "\n", 1);
		return s;
	}
	out->len = (size_t)(at - text);
	for (word = rest; word < end && (unsigned char)*word > ' ';)
		word++;
	pc_buf_add(out, rest, (size_t)(word - rest));
	while (word < end && blank(*word))
		word++;
	/* A line of nothing but the rest may end in a hyphen itself. */
	if (word < end && *word != '\n')
		pc_buf_add(out, "\n", 1);
	return word;
}

void
format_dehyphenate(const char *s, size_t n, struct pc_buf *out)
{
	const char *end = s + n;
	size_t start = out->len;

	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));

		pc_buf_add(out, s, (size_t)((nl ? nl : end) - s));
		if (!nl || out->failed)
			return;
		s = end_line(out, start, nl + 1, end);
	}
}
