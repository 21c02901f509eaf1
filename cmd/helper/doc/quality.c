/* quality.c - rating a text layer, since some lie. */
#include "doc.h"

#include <ctype.h>
#include <string.h>

/* The character at p and its length; a byte that begins none is U+FFFD. */
static uint32_t
next_character(const unsigned char *p, size_t n, size_t *length)
{
	size_t more = p[0] < 0x80 ? 0 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : 3;
	uint32_t c = more ? p[0] & (0x3fu >> more) : p[0];

	if (more >= n) {
		*length = 1;
		return 0xfffd;
	}
	for (size_t i = 1; i <= more; i++)
		c = c << 6 | (p[i] & 0x3f);
	*length = more + 1;
	return c;
}

/* Characters that no text has: what stands for a glyph without a meaning. */
static int
is_rubbish(uint32_t c)
{
	return c == 0xfffd || (c < ' ' && !strchr("\t\n\r\f", (int)c)) ||
	    (c >= 0x7f && c < 0xa0) || (c >= 0xe000 && c <= 0xf8ff) ||
	    c >= 0xf0000;
}

/* The length of a name for a glyph at p, as extractors write what they could
 * not decode: GLYPH<12>, (cid:12), /12; 0 when there is none. */
static size_t
glyph_name(const char *p, size_t n)
{
	static const char *const starts[] = {"GLYPH<", "(cid:", "/"};
	static const char ends[] = ">)";

	for (size_t i = 0; i < 3; i++) {
		size_t k = strlen(starts[i]), digits = 0;

		if (n <= k || memcmp(p, starts[i], k) != 0)
			continue;
		while (k + digits < n && isdigit((unsigned char)p[k + digits]))
			digits++;
		k += digits;
		if (digits == 0 || digits > 5)
			continue;
		if (i < 2 && k < n && p[k] == ends[i])
			return k + 1;
		/* 1/2 is a fraction, a date has more of them; " /12 " is not
		 * of this world. */
		if (i == 2 && (k == n || isspace((unsigned char)p[k])))
			return k;
	}
	return 0;
}

double
quality_of(const char *text, size_t n)
{
	size_t all = 0, bad = 0, words = 0, single = 0, run = 0, length;
	int after_space = 1;

	for (size_t i = 0; i < n; i += length) {
		uint32_t c = next_character((const unsigned char *)text + i,
		    n - i, &length);
		size_t glyph = c < 0x80 && after_space
		    ? glyph_name(text + i, n - i)
		    : 0;
		int space = c <= ' ' || c == 0xa0;

		if (glyph) {
			all += glyph;
			bad += glyph;
			length = glyph;
			after_space = 1;
			run = 0;
			continue;
		}
		if (!space || is_rubbish(c)) {
			all++;
			bad += is_rubbish(c) != 0;
			run++;
		} else if (run) {
			words++;
			/* Only letters: figures and CJK stand alone. */
			single += run == 1 && i > 0 &&
			    isalpha((unsigned char)text[i - 1]);
			run = 0;
		}
		after_space = space;
	}
	if (all == 0)
		return 0;
	/* Letters set apart: few languages have a third of such words. */
	if (words >= 20 && single * 2 > words)
		return 0;
	return 1 - (double)bad / (double)all;
}
