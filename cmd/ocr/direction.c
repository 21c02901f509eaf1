/* direction.c - text that runs from right to left, Hebrew and Arabic: from what
 * is seen to the order in which it is read, in the manner of the Unicode
 * bidirectional algorithm (UAX #9), of which a text layer keeps no more than
 * where its letters are. */
#include "direction.h"

enum direction {
	NEUTRAL,
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
	return more || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)
	    ? REPLACEMENT
	    : c;
}

int
direction_is_rtl(uint32_t c)
{
	return (c >= 0x590 && c < 0x900) || (c >= 0xfb1d && c < 0xfe00) ||
	    (c >= 0xfe70 && c < 0xff00) || (c >= 0x10800 && c < 0x11000) ||
	    (c >= 0x1e800 && c < 0x1f000);
}

static enum direction
of_character(uint32_t c)
{
	if ((c >= '0' && c <= '9') || (c >= 0x660 && c < 0x66a) ||
	    (c >= 0x6f0 && c < 0x6fa))
		return NUMBER;
	if (direction_is_rtl(c))
		return c == 0x60c || c == 0x61b ? NEUTRAL : RIGHT;
	return ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	        (c >= 0xc0 && (c < 0x2000 || c >= 0x3040) && c != REPLACEMENT)
	    ? LEFT
	    : NEUTRAL;
}

/* Of the strongest of its characters. */
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

/* Put the characters the other way. */
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

/* From right to left, but numbers and foreign letters in it. */
static void
turn_letters(unsigned char *p, size_t n)
{
	enum direction d;
	size_t i = 0, end, at;

	turn(p, n);
	while (i < n) {
		at = end = i + length_of(p + i, n - i, &d);
		if (d == NUMBER || d == LEFT) {
			while (at < n && d != RIGHT) {
				at += length_of(p + at, n - at, &d);
				if (d == NUMBER || d == LEFT)
					end = at;
			}
			turn(p + i, end - i);
		}
		i = end;
	}
}

int
direction_find(struct page *p)
{
	size_t count[RIGHT + 1] = {0};

	for (size_t i = 0; i < p->word_count; i++) {
		const struct word *w = &p->words[i];
		const enum direction d = of_word(w);
		unsigned char *text =
		    p->data + ((const unsigned char *)w->text - p->data);

		count[d]++;
		if (d == RIGHT)
			turn_letters(text, w->length);
	}
	p->rtl = count[RIGHT] > count[LEFT];
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

/* Is there so much between two words of a line that they are of two cells, as
 * format_md_table.c has them? */
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

	/* What runs the other way begins at the line's end. */
	while (i > 0) {
		if (of_word(&w[--i]) != other)
			continue;
		for (first = from = i; from > 0; from--) {
			const enum direction d = of_word(&w[from - 1]);

			if ((d != other && d >= LEFT) ||
			    parted(l, &w[from], &w[from - 1]))
				break;
			if (d != NEUTRAL)
				first = from - 1;
		}
		turn_words(w + first, i - first + 1);
		i = first;
	}
}
