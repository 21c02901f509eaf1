/* letters.c - normalise letters for searching, and find spaces between them. */
#include "letters.h"

#include "direction.h"

enum {
	SOFT_HYPHEN = 0xad,
	IDEOGRAPHIC_SPACE = 0x3000,
};

/* Parts of a word's thinner side, which is its letter size.  Thai puts a space
 * between sentences.  Punctuation fills only half of its square. */
static const double gap_square = 0.5, gap_sign = 1.1, gap_other = 0.15;

/* ---- characters ---- */

static int
is_between(uint32_t c, uint32_t first, uint32_t last)
{
	return c >= first && c <= last;
}

int
letters_is_square(uint32_t c)
{
	return is_between(c, 0x2e80, 0x2fdf) ||
	    is_between(c, IDEOGRAPHIC_SPACE + 1, 0x312f) ||
	    is_between(c, 0x3190, 0x9fff) || is_between(c, 0xf900, 0xfaff) ||
	    is_between(c, 0xfe30, 0xfe4f) || is_between(c, 0xff01, 0xff9f) ||
	    is_between(c, 0x1b000, 0x1b16f) || is_between(c, 0x20000, 0x3ffff);
}

/* Is it Thai, Lao, Burmese or Khmer? */
static int
is_unspaced(uint32_t c)
{
	return is_between(c, 0x0e01, 0x0eff) || is_between(c, 0x1000, 0x109f) ||
	    is_between(c, 0x1780, 0x17ff);
}

static int
is_square_sign(uint32_t c)
{
	return is_between(c, IDEOGRAPHIC_SPACE + 1, 0x303f) ||
	    is_between(c, 0xff01, 0xff0f) || is_between(c, 0xff1a, 0xff20) ||
	    is_between(c, 0xff5b, 0xff65);
}

/* Is it invisible?  Joiners of Arabic and Indic letters are kept, because they
 * change how the letters look. */
static int
is_unseen(uint32_t c)
{
	return c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f ||
	    is_between(c, 0x202a, 0x202e) || c == 0x2060 ||
	    is_between(c, 0x2066, 0x2069) || c == 0xfeff;
}

static uint32_t
first_of(const unsigned char *s, const unsigned char *end)
{
	return s < end ? direction_next(&s, end) : ' ';
}

static uint32_t
last_of(const unsigned char *start, const unsigned char *end)
{
	const unsigned char *s = end;

	while (s > start && (*--s & 0xc0) == 0x80)
		;
	return first_of(s, end);
}

/* ---- text ---- */

/* What replaces a character: its replacement is never longer.  NULL: keep
 * it. */
static const char *
instead_of(uint32_t c, const unsigned char *next, const unsigned char *end)
{
	static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl",
	    "st", "st"};

	if (is_between(c, 0xfb00, 0xfb06))
		return ligatures[c - 0xfb00];
	if (c == SOFT_HYPHEN)
		return first_of(next, end) <= ' ' ? "-" : "";
	return is_unseen(c) ? "" : NULL;
}

/* Is it a single space between two such characters, the first ending at to? */
static int
is_needless(const unsigned char *start, const unsigned char *to,
    const unsigned char *next, const unsigned char *end)
{
	return to > start && to[-1] >= 0x80 && next < end && *next >= 0x80 &&
	    letters_is_square(last_of(start, to)) &&
	    letters_is_square(first_of(next, end));
}

/* What replaces the character that ends at next; NULL: keep it. */
static const char *
instead_of_next(const unsigned char *start, const unsigned char *to,
    const unsigned char **next, const unsigned char *end)
{
	const uint32_t c = direction_next(next, end);

	if (c == ' ')
		return is_needless(start, to, *next, end) ? "" : NULL;
	return instead_of(c, *next, end);
}

size_t
letters_clean(unsigned char *s, size_t n)
{
	const unsigned char *from = s, *end = s + n;
	unsigned char *to = s;

	while (from < end) {
		const unsigned char *next = from;
		const char *instead;

		/* Most characters are of these kinds, and are kept. */
		if (*from < 0x80 &&
		    (*from != ' ' || to == s || to[-1] < 0x80)) {
			*to++ = *from++;
			continue;
		}
		instead = instead_of_next(s, to, &next, end);
		if (instead) {
			while (*instead)
				*to++ = (unsigned char)*instead++;
			from = next;
		}
		while (from < next)
			*to++ = *from++;
	}
	return (size_t)(to - s);
}

/* ---- spaces ---- */

/* The largest gap, in letter sizes, between two characters without a space;
 * less than 0: there is always a space. */
static double
gap_max(uint32_t a, uint32_t b)
{
	if (letters_is_square(a) && letters_is_square(b))
		return is_square_sign(a) || is_square_sign(b) ? gap_sign
							      : gap_square;
	return is_unspaced(a) && is_unspaced(b) ? gap_other : -1;
}

/* The same for a text; less than 0: there is always a space. */
static double
gap_between(const char *a, size_t n, const char *b, size_t m)
{
	const unsigned char *s = (const unsigned char *)a,
			    *t = (const unsigned char *)b;

	if (n == 0 || m == 0 || s[n - 1] < 0x80 || *t < 0x80)
		return -1;
	return gap_max(last_of(s, s + n), first_of(t, t + m));
}

int
letters_join(const char *s, size_t n, const char *next, size_t m)
{
	return gap_between(s, n, next, m) >= 0;
}

static int32_t
thin_side(const struct box *b)
{
	return b->x1 - b->x0 < b->y1 - b->y0 ? b->x1 - b->x0 : b->y1 - b->y0;
}

static int32_t
larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

int
words_join(const struct word *a, const struct word *b)
{
	const double most = gap_between(a->text, a->length, b->text, b->length);
	const struct box *p = &a->box, *q = &b->box;

	/* The line may run in any direction. */
	return most >= 0 &&
	    larger(larger(q->x0 - p->x1, p->x0 - q->x1),
		larger(q->y0 - p->y1, p->y0 - q->y1)) <=
	    most * larger(thin_side(p), thin_side(q));
}
