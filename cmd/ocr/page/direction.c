/* direction.c - right-to-left text, Hebrew and Arabic: from the order in which
 * it is seen to the order in which it is read.  This follows the Unicode
 * bidirectional algorithm (UAX #9) as far as the places of the letters allow,
 * as a text layer keeps nothing else. */
#include "direction.h"

enum direction {
	NEUTRAL,
	SIGN,   /* as '%': beside a number it belongs to it */
	NUMBER, /* runs from left to right in any text */
	LEFT,   /* from left to right */
	RIGHT,  /* from right to left */
};

enum { REPLACEMENT = 0xfffd };

uint32_t
direction_next(const unsigned char **s, const unsigned char *end)
{
	uint32_t c = *(*s)++;
	int more = c < 0x80 ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;

	if (more)
		c &= 0x3fu >> more;
	for (; more > 0 && *s < end && (**s & 0xc0) == 0x80; more--)
		c = c << 6 | (*(*s)++ & 0x3f);
	return more || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? REPLACEMENT
								   : c;
}

int
direction_is_rtl(uint32_t c)
{
	return (c >= 0x590 && c < 0x900) || (c >= 0xfb1d && c < 0xfe00) ||
	    (c >= 0xfe70 && c < 0xff00) || (c >= 0x10800 && c < 0x11000) ||
	    (c >= 0x1e800 && c < 0x1f000);
}

/* A sign does not belong to a number that follows Arabic letters. */
static int
is_arabic(uint32_t c)
{
	return (c >= 0x600 && c < 0x7c0) || (c >= 0x860 && c < 0x900) ||
	    (c >= 0xfb50 && c < 0xfe00) || (c >= 0xfe70 && c < 0xff00);
}

static enum direction
of_character(uint32_t c)
{
	if ((c >= '#' && c <= '%') || (c >= 0xa2 && c <= 0xa5) || c == 0xb0 ||
	    c == 0xb1 || (c >= 0x2030 && c < 0x2035) ||
	    (c >= 0x20a0 && c < 0x20d0) || c == 0x66a)
		return SIGN;
	if ((c >= '0' && c <= '9') || (c >= 0x660 && c < 0x66a) ||
	    (c >= 0x6f0 && c < 0x6fa))
		return NUMBER;
	if (direction_is_rtl(c))
		return c == 0x60c || c == 0x61b || c == 0x66b || c == 0x66c
		    ? NEUTRAL
		    : RIGHT;
	return ((c | 32) >= 'a' && (c | 32) <= 'z') ||
		(c >= 0xc0 && (c < 0x2000 || c >= 0x3040) && c != REPLACEMENT)
	    ? LEFT
	    : NEUTRAL;
}

/* The direction of the strongest of its characters. */
static enum direction
of_word(const struct word *w)
{
	const unsigned char *s = (const unsigned char *)w->text;
	const unsigned char *end = s + w->length;
	enum direction d = NEUTRAL, next;

	while (s < end)
		if ((next = of_character(direction_next(&s, end))) > d)
			d = next;
	return d;
}

/* ---- letters ---- */

static void
turn_bytes(unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		const unsigned char first = p[i];

		p[i] = p[n - 1 - i];
		p[n - 1 - i] = first;
	}
}

static size_t
length_of(const unsigned char *p, size_t n, enum direction *d)
{
	const unsigned char *next = p;

	*d = of_character(direction_next(&next, p + n));
	return (size_t)(next - p);
}

/* Reverse the order of the characters. */
static void
turn(unsigned char *p, size_t n)
{
	enum direction d;
	size_t length;

	for (size_t i = 0; i < n; i += length) {
		length = length_of(p + i, n - i, &d);
		turn_bytes(p + i, length);
	}
	turn_bytes(p, n);
}

/* How many bytes, starting with a number or a foreign letter, are read from
 * left to right? */
static size_t
length_of_run(const unsigned char *p, size_t n, int arabic)
{
	enum direction d;
	size_t at = length_of(p, n, &d), end = at;
	int counts = d == NUMBER && !arabic; /* can a sign belong to it? */

	while (at < n && d != RIGHT) {
		at += length_of(p + at, n - at, &d);
		if (d == NUMBER || d == LEFT || (d == SIGN && counts))
			end = at;
		if (d != SIGN)
			counts = d == NUMBER && !arabic;
	}
	return end;
}

/* Reverse a word's letters, except within numbers and foreign words. */
static void
turn_letters(struct page *page, const struct word *w)
{
	unsigned char *p = page->data +
	    ((const unsigned char *)w->text - page->data);
	const size_t n = w->length;
	size_t i = 0, signs = 0, length;
	enum direction d;

	turn(p, n);
	for (; i < n; i += length) {
		length = length_of(p + i, n - i, &d);
		if (d == NUMBER || d == LEFT) {
			const size_t from = d == LEFT || page->arabic ? i
								      : signs;

			length = length_of_run(p + i, n - i, page->arabic);
			turn(p + from, i + length - from);
		}
		if (d != SIGN)
			signs = i + length;
	}
}

static int
has_arabic(const struct word *w)
{
	const unsigned char *s = (const unsigned char *)w->text;
	const unsigned char *end = s + w->length;

	while (s < end)
		if (is_arabic(direction_next(&s, end)))
			return 1;
	return 0;
}

int
direction_find(struct page *p)
{
	size_t count[RIGHT + 1] = {0}, arabic = 0;

	for (size_t i = 0; i < p->word_count; i++) {
		const enum direction d = of_word(&p->words[i]);

		count[d]++;
		arabic += d == RIGHT && has_arabic(&p->words[i]);
	}
	p->rtl = count[RIGHT] > count[LEFT];
	p->arabic = arabic > count[RIGHT] / 2;
	for (size_t i = 0; count[RIGHT] > 0 && i < p->word_count; i++)
		if (of_word(&p->words[i]) == RIGHT)
			turn_letters(p, &p->words[i]);
	return count[RIGHT] > 0;
}

/* ---- words ---- */

static void
turn_words(struct word *w, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		const struct word first = w[i];

		w[i] = w[n - 1 - i];
		w[n - 1 - i] = first;
	}
}

void
direction_turn_rows(struct page *p)
{
	size_t n;

	for (size_t i = 0; i < p->word_count; i += n) {
		for (n = 1; i + n < p->word_count; n++) {
			const struct box *a = &p->words[i + n - 1].box;
			const struct box *b = &p->words[i + n].box;

			if (b->x0 < a->x0 || b->y0 > a->y1 || b->y1 < a->y0)
				break;
		}
		turn_words(&p->words[i], n);
	}
}

/* Is the gap between two words of a line so wide that they are in different
 * cells, by the rule of format/md_table.c? */
static int
parted(const struct line *l, const struct word *a, const struct word *b)
{
	const int64_t height = (int64_t)l->box.y1 - l->box.y0;
	const int64_t gap = a->box.x0 < b->box.x0
	    ? (int64_t)b->box.x0 - a->box.x1
	    : (int64_t)a->box.x0 - b->box.x1;

	return 5 * gap > 6 * height;
}

void
direction_order_line(struct page *p, const struct line *l)
{
	const enum direction other = p->rtl ? LEFT : RIGHT;
	struct word *w = p->words + l->first;
	size_t i = l->count, first, from;

	/* Search from the line's end, where text of the other direction
	 * begins. */
	while (i > 0) {
		const enum direction own = of_word(&w[--i]);

		if (own != other) {
			if (p->rtl && own != RIGHT)
				turn_letters(p, &w[i]);
			continue;
		}
		for (first = from = i; from > 0; from--) {
			const enum direction d = of_word(&w[from - 1]);

			if ((d != other && d >= LEFT) ||
			    parted(l, &w[from], &w[from - 1]))
				break;
			if (d >= NUMBER)
				first = from - 1;
		}
		/* Its neighbours run in the page's direction. */
		if (p->rtl && first == i)
			turn_letters(p, &w[i]);
		turn_words(w + first, i - first + 1);
		i = first;
	}
}
