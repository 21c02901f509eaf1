/* vertical.c - Chinese and Japanese text that runs down the page in a font
 * that is not marked as vertical: each character has its own position. */
#include "vertical.h"

#include "direction.h"
#include "letters.h"

enum { DOWN = 3 }; /* quarter turns that such a line needs */

/* The largest gap between two characters of a line, in character heights.
 * Rows with one character each are further apart. */
static const double gap_max = 0.35;

static int
is_square(const struct word *w)
{
	const unsigned char *s = (const unsigned char *)w->text;
	const unsigned char *end = s + w->length;
	const uint32_t c = direction_next(&s, end);

	return s == end && letters_is_square(c);
}

/* Is b directly below a? */
static int
is_under(const struct word *a, const struct word *b)
{
	const struct box *p = &a->box, *q = &b->box;
	const int32_t left = p->x0 > q->x0 ? p->x0 : q->x0;
	const int32_t right = p->x1 < q->x1 ? p->x1 : q->x1;

	return 2 * (right - left) >= p->x1 - p->x0 &&
	    2 * (q->y0 - p->y0) > p->y1 - p->y0 &&
	    q->y0 - p->y1 <= gap_max * (p->y1 - p->y0);
}

static int
continues_down(const struct word *a, const struct word *b)
{
	return !a->turned && !b->turned && is_square(a) && is_square(b) &&
	    is_under(a, b);
}

void
vertical_find(struct page *p)
{
	size_t down = 0;
	int before = 0, after;

	for (size_t i = 0; i + 1 < p->word_count; i++)
		down += (size_t)continues_down(&p->words[i], &p->words[i + 1]);
	if (2 * down <= p->word_count)
		return;
	for (size_t i = 0; i < p->word_count; i++, before = after) {
		after = i + 1 < p->word_count &&
		    continues_down(&p->words[i], &p->words[i + 1]);
		if (before || after)
			p->words[i].turned = DOWN;
	}
	p->rotation = DOWN * 90;
}
