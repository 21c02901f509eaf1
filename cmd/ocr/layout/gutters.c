/* gutters.c - white strips between columns of text.
 *
 * The lines of a column begin at the same x.  Where many words begin at x
 * after a gap, the strip to the left of x is followed up and down until a word
 * crosses it.  It is a gutter if there is running text on both sides; strips
 * in a table have short cells beside them.  Only white space counts, because a
 * font's box may be higher than its letters. */
#include "layout_in.h"
#include "strip.h"

#include <stdlib.h>

enum {
	WORDS_MAX = 20000, /* no page in columns has more */
	PLACES_MAX = 16,   /* positions that are examined */
	BIN = 200,         /* 1/100 point: the width of a bin of positions */
};

static const double strip = 0.5; /* least width of a gutter, in letter sizes */
static const double blank = 1.5; /* leads of white space that end a gutter */

struct x_range {
	int32_t from, to;
};

struct spans {
	struct x_range *span; /* owned: from the top down */
	size_t count;
};

/* A position at which lines begin. */
struct line_start {
	int32_t x;
	size_t lines;
};

struct gutter_search {
	struct layout *l;
	struct sorted_words sorted;
	struct spans across; /* words that cross the strip */
	struct spans beside; /* words that do not */
};

static int
by_value(const void *va, const void *vb)
{
	const int32_t a = *(const int32_t *)va, b = *(const int32_t *)vb;

	return (a > b) - (a < b);
}

static int
by_place(const void *va, const void *vb)
{
	const struct line_start *a = va, *b = vb;

	return (a->x > b->x) - (a->x < b->x);
}

static int
begins_line(const struct layout *l, size_t i)
{
	const struct word *w = &l->page->words[i];
	double gap;

	if (w->turned || w->length == 0)
		return 0;
	if (i == 0 || !box_same_row(&w[-1].box, &w->box))
		return 1;
	gap = (double)w->box.x0 - w[-1].box.x1;
	return gap < 0 || gap > strip * l->body;
}

/* ---- the strips ---- */

static int
is_known(const struct layout *l, const struct box *s)
{
	for (size_t i = 0; i < l->gutter_count; i++)
		if (box_overlap_x(&l->gutters[i], s) > 0 &&
		    box_overlap_y(&l->gutters[i], s) > 0)
			return 1;
	return 0;
}

static void
try_strip(struct gutter_search *g, struct box s)
{
	struct layout *l = g->l;

	if (l->gutter_count == GUTTERS_MAX ||
	    box_height(&s) < (COLUMN_LINES_MIN - 1) * l->body)
		return;
	strip_widen(&g->sorted, &s);
	if (!is_known(l, &s) &&
	    strip_parts_text(&g->sorted, &s, strip * l->body))
		l->gutters[l->gutter_count++] = s;
}

/* Try the strip between two words that cross it.  White space on both sides
 * also ends it. */
static void
try_between(struct gutter_search *g, struct box s, size_t *next)
{
	const struct spans *b = &g->beside;
	const double room = blank * g->l->lead;
	const int32_t end = s.y1;
	int some = 0;

	while (*next < b->count && b->span[*next].from < s.y0)
		++*next;
	for (; *next < b->count && b->span[*next].to <= end; ++*next) {
		const struct x_range *w = &b->span[*next];

		if (some && w->from - s.y1 > room) {
			try_strip(g, s);
			some = 0;
		}
		if (!some)
			s.y0 = s.y1 = w->from;
		some = 1;
		s.y1 = w->to > s.y1 ? w->to : s.y1;
	}
	if (some)
		try_strip(g, s);
}

/* Does the word cross the strip, or the space before it?  Spaces between large
 * letters, as in a title above the columns, may be as wide as a strip. */
static int
crosses(const struct layout *l, const struct word *w, const struct box *s)
{
	const struct word *last = w > l->page->words ? w - 1 : w;
	const double gap = (double)w->box.x0 - last->box.x1;

	return (w->box.x0 < s->x1 && w->box.x1 > s->x0) ||
	    (last->box.x1 <= s->x1 && w->box.x0 >= s->x0 &&
		gap < strip * layout_word_size(w, l->ink) &&
		gap < strip * layout_word_size(last, l->ink) &&
		box_same_row(&last->box, &w->box));
}

/* Follow the strip to the left of x down the page. */
static void
follow(struct gutter_search *g, int32_t x)
{
	const struct sorted_words *sorted = &g->sorted;
	struct box s = {.x0 = x - (int32_t)(strip * g->l->body), .x1 = x};
	size_t next = 0;

	g->across.count = g->beside.count = 0;
	for (size_t i = 0; i < sorted->count; i++) {
		const struct word *w = &sorted->words[sorted->down[i].word];
		const struct box *b = &w->box;
		struct spans *to = crosses(g->l, w, &s) ? &g->across
							: &g->beside;

		if (!w->turned)
			to->span[to->count++] = (struct x_range){b->y0, b->y1};
	}
	s.y0 = -PLACE_MAX;
	for (size_t i = 0; i < g->across.count; i++) {
		s.y1 = g->across.span[i].from;
		if (s.y1 > s.y0)
			try_between(g, s, &next);
		s.y0 = g->across.span[i].to > s.y0 ? g->across.span[i].to
						   : s.y0;
	}
	s.y1 = PLACE_MAX;
	try_between(g, s, &next);
}

/* ---- where lines begin ---- */

/* Keep the positions at which most lines begin, in their order.  Wide spaces
 * between words make many positions with few lines each. */
static void
add_place(struct line_start *places, size_t *count, struct line_start new)
{
	size_t i = *count < PLACES_MAX ? (*count)++ : PLACES_MAX;

	for (; i > 0 && places[i - 1].lines < new.lines; i--)
		if (i < PLACES_MAX)
			places[i] = places[i - 1];
	if (i < PLACES_MAX)
		places[i] = new;
}

/* Find the positions at which lines begin; x has room for all of them.
 * Returns their number. */
static size_t
find_places(const struct layout *l, int32_t *x, struct line_start *places)
{
	size_t n = 0, count = 0, first = 0;

	for (size_t i = 0; i < l->page->word_count; i++)
		if (begins_line(l, i))
			x[n++] = l->page->words[i].box.x0;
	qsort(x, n, sizeof *x, by_value);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && x[i] - x[first] <= BIN)
			continue;
		if (i - first >= COLUMN_LINES_MIN && first > 0)
			add_place(places, &count,
			    (struct line_start){x[first], i - first});
		first = i;
	}
	qsort(places, count, sizeof *places, by_place);
	return count;
}

static int
follow_places(struct layout *l, const struct line_start *places, size_t count)
{
	const size_t n = l->page->word_count;
	struct gutter_search g = {.l = l};
	int r = strip_words_sort(&g.sorted, l->page);

	g.across.span = malloc((n + 1) * sizeof(struct x_range));
	g.beside.span = malloc((n + 1) * sizeof(struct x_range));
	if (!g.across.span || !g.beside.span)
		r = -1;
	for (size_t i = 0; r == 0 && i < count; i++)
		follow(&g, places[i].x);
	strip_words_drop(&g.sorted);
	free(g.across.span);
	free(g.beside.span);
	return r;
}

int
layout_find_gutters(struct layout *l)
{
	const size_t n = l->page->word_count;
	struct line_start places[PLACES_MAX];
	size_t count;
	int32_t *x;

	if (n > WORDS_MAX || l->body <= 0)
		return 0;
	x = malloc((n + 1) * sizeof *x);
	if (!x)
		return -1;
	count = find_places(l, x, places);
	free(x);
	return count > 0 ? follow_places(l, places, count) : 0;
}

int
layout_gutter_between(const struct layout *l, const struct box *a,
    const struct box *b)
{
	for (size_t i = 0; i < l->gutter_count; i++) {
		const struct box *g = &l->gutters[i];

		if (a->x1 <= g->x0 && b->x0 >= g->x1 &&
		    box_overlap_y(a, g) > 0 && box_overlap_y(b, g) > 0)
			return 1;
	}
	return 0;
}

/* An odd number: the gutter is to the left of the column; even: to the
 * right. */
uint32_t
layout_column_of(const struct layout *l, const struct box *b)
{
	uint32_t column = 0;
	int32_t left = INT32_MIN, right = INT32_MAX;

	for (uint32_t i = 0; i < l->gutter_count; i++) {
		const struct box *g = &l->gutters[i];

		if (box_overlap_y(b, g) <= 0)
			continue;
		if (g->x1 <= b->x0 && g->x1 > left) {
			left = g->x1;
			column = 2 * i + 1;
		}
		if (left == INT32_MIN && g->x0 >= b->x1 && g->x0 < right) {
			right = g->x0;
			column = 2 * i + 2;
		}
	}
	return column;
}
