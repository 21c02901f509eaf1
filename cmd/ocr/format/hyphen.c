/* hyphen.c - join words that a line's end broke.
 *
 * Without a dictionary "long-" and "term" look like "exam-" and "ple".  Only
 * the words' form can decide; in doubt the line stays as it is. */
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

/* The character at s; 0 at the end.  Letters above U+FFFF do not matter
 * here. */
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

/* The start of the character that ends at s; s > start. */
static const char *
before(const char *start, const char *s)
{
	const char *stop = s - start > 4 ? s - 4 : start;

	do
		s--;
	while (s > stop && ((unsigned char)*s & 0xc0) == 0x80);
	return s;
}

/* Is it a lower-case letter of Latin, Greek or Cyrillic?  In the C locale
 * towlower() knows only ASCII. */
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

/* Is the text before end the first part of a word?  It ends with a lower-case
 * letter and has two letters.  It is not a URL, a number, or like
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

/* The start of the hyphen with which start to end breaks off within a word, or
 * NULL.  A soft hyphen always does. */
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

/* "pre- and postfix": the word after the hyphen is not its second part. */
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

/* The second part of the word, at the start of the line at s, or NULL. */
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

/* End the line that out holds from start on; the next line is at s.  If that
 * begins with the rest of the last word, join it.  Returns what is left to
 * print. */
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
	/* If the line has only the rest of a word, it may end in a hyphen
	 * too. */
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
