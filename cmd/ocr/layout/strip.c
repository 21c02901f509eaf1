/* strip.c - how wide a white strip is, and whether it separates running text.
 *
 * A page has many strips.  Its words are sorted once, in three directions, so
 * that each strip examines only a few words besides those next to it. */
#include "strip.h"

#include <stdlib.h>

/* A column of text has at least this many words per line, and they cover at
 * least this part of its width. */
static const double words_min = 3, cover_min = 0.5;

/* ---- sorted words ---- */

static int
by_place(const void *va, const void *vb)
{
	const struct placed_word *a = va, *b = vb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->word > b->word) - (a->word < b->word);
}

static void
find_deepest(struct sorted_words *s)
{
	int32_t deepest = INT32_MIN;

	for (size_t i = 0; i < s->count; i++) {
		const int32_t end = s->words[s->down[i].word].box.y1;

		deepest = end > deepest ? end : deepest;
		s->deepest[i] = deepest;
	}
}

int
strip_words_sort(struct sorted_words *s, const struct page *p)
{
	const size_t n = p->word_count;

	*s = (struct sorted_words){
	    .words = p->words,
	    .count = n,
	    .down = malloc((n + 1) * sizeof *s->down),
	    .right = malloc((n + 1) * sizeof *s->right),
	    .left = malloc((n + 1) * sizeof *s->left),
	    .deepest = malloc((n + 1) * sizeof *s->deepest),
	};
	if (!s->down || !s->right || !s->left || !s->deepest)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		const struct box *b = &p->words[i].box;

		s->down[i] = (struct placed_word){b->y0, i};
		s->right[i] = (struct placed_word){b->x0, i};
		s->left[i] = (struct placed_word){-b->x1, i};
	}
	qsort(s->down, n, sizeof *s->down, by_place);
	qsort(s->right, n, sizeof *s->right, by_place);
	qsort(s->left, n, sizeof *s->left, by_place);
	find_deepest(s);
	return 0;
}

void
strip_words_drop(struct sorted_words *s)
{
	free(s->down);
	free(s->right);
	free(s->left);
	free(s->deepest);
}

/* The first word that begins at this position or after it. */
static size_t
first_from(const struct placed_word *w, size_t n, int32_t at)
{
	size_t low = 0;

	while (low < n) {
		const size_t middle = low + (n - low) / 2;

		if (w[middle].at < at)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

/* The first word from the top that may end below this position. */
static size_t
first_below(const struct sorted_words *s, int32_t y)
{
	size_t low = 0, n = s->count;

	while (low < n) {
		const size_t middle = low + (n - low) / 2;

		if (s->deepest[middle] <= y)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

/* ---- width ---- */

void
strip_widen(const struct sorted_words *w, struct box *s)
{
	int32_t left = INT32_MIN, right = INT32_MAX;

	for (size_t i = first_below(w, s->y0);
	     i < w->count && w->down[i].at < s->y1; i++) {
		const struct box *b = &w->words[w->down[i].word].box;

		if (b->y1 <= s->y0)
			continue;
		if (b->x1 <= s->x0 && b->x1 > left)
			left = b->x1;
		if (b->x0 >= s->x1 && b->x0 < right)
			right = b->x0;
	}
	s->x0 = left > INT32_MIN ? left : s->x0;
	s->x1 = right < INT32_MAX ? right : s->x1;
}

/* ---- text at a side ---- */

struct strip_column {
	struct box box;
	uint32_t first, last; /* of the page's words */
	double words, covered;
};

static int
is_inside(const struct word *w, const struct box *part)
{
	return w->box.y0 >= part->y0 && w->box.y1 <= part->y1 &&
	    w->box.x0 >= part->x0 && w->box.x1 <= part->x1 && !w->turned;
}

static void
add_word(struct strip_column *c, const struct sorted_words *s, uint32_t word)
{
	const struct box *b = &s->words[word].box;

	if (c->words == 0) {
		c->box.x0 = b->x0;
		c->box.x1 = b->x1;
		c->first = c->last = word;
	}
	c->box.x0 = b->x0 < c->box.x0 ? b->x0 : c->box.x0;
	c->box.x1 = b->x1 > c->box.x1 ? b->x1 : c->box.x1;
	c->first = word < c->first ? word : c->first;
	c->last = word > c->last ? word : c->last;
	c->words++;
	c->covered += box_width(b);
}

/* The words in this part of the page between its left or right edge and the
 * next strip: in a table that is only the nearest column. */
static struct strip_column
nearest_column(const struct sorted_words *s, const struct box *part,
    int at_left, double gap)
{
	const struct placed_word *order = at_left ? s->right : s->left;
	struct strip_column c = {.box = *part};

	for (size_t i =
		 first_from(order, s->count, at_left ? part->x0 : -part->x1);
	     i < s->count; i++) {
		const struct word *w = &s->words[order[i].word];

		if (!is_inside(w, part))
			continue;
		if (c.words > 0 &&
		    (at_left ? w->box.x0 - (double)c.box.x1
			     : c.box.x0 - (double)w->box.x1) > gap)
			break;
		add_word(&c, s, order[i].word);
	}
	return c;
}

static double
count_lines(const struct sorted_words *s, const struct strip_column *c)
{
	const struct word *last = NULL;
	double lines = 0;

	for (uint32_t i = c->first; i <= c->last; i++) {
		const struct word *w = &s->words[i];

		if (!is_inside(w, &c->box))
			continue;
		lines += !last || !box_same_row(&last->box, &w->box);
		last = w;
	}
	return lines;
}

/* Is there running text at this edge of this part of the page? */
static int
has_text(const struct sorted_words *s, const struct box *part, int at_left,
    double gap)
{
	const struct strip_column c = nearest_column(s, part, at_left, gap);
	double lines;

	if (c.words < words_min * COLUMN_LINES_MIN)
		return 0;
	lines = count_lines(s, &c);
	return lines >= COLUMN_LINES_MIN && c.words >= words_min * lines &&
	    c.covered >= cover_min * lines * box_width(&c.box);
}

int
strip_parts_text(const struct sorted_words *w, const struct box *s, double gap)
{
	const struct box left = {-PLACE_MAX, s->y0, s->x0, s->y1},
			 right = {s->x1, s->y0, PLACE_MAX, s->y1};

	return has_text(w, &left, 0, gap) && has_text(w, &right, 1, gap);
}
