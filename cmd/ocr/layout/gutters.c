/* gutters.c - white strips between columns of text.
 *
 * A column's lines begin at one place.  Where many words begin at x after a
 * gap, the strip at the left of x is followed up and down until a word lies
 * across it.  It is a gutter if there is running text at both of its sides: the
 * strips in a table have short cells beside them.  Only white space counts,
 * because a font's box may be higher than its letters. */
#include "layout_in.h"

#include <stdlib.h>

enum {
	WORDS_MAX = 20000, /* no page in columns has more */
	PLACES_MAX = 16,   /* where lines begin, those that are looked at */
	LINES_MIN = 4,     /* of a column */
	BIN = 200,         /* of places, in 1/100 point */
};

static const double strip = 0.5; /* sizes that a gutter is wide, at least */
static const double blank = 1.5; /* leads that part what is below */
/* A column of text has more words in a line, and covers more of its width. */
static const double words_min = 3, cover_min = 0.5;

struct x_range {
	int32_t from, to;
};

struct spans {
	struct x_range *span; /* owned */
	size_t count;
};

/* Where lines begin. */
struct line_start {
	int32_t x;
	size_t lines;
};

struct gutter_search {
	struct layout *l;
	struct spans across; /* of the words that lie across the strip */
	struct spans beside; /* of those that do not */
	struct spans inside; /* of the words at one side, from left to right */
};

static int
by_start(const void *va, const void *vb)
{
	const struct x_range *a = va, *b = vb;

	return (a->from > b->from) - (a->from < b->from);
}

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

/* ---- is there text at both sides? ---- */

static int
is_inside(const struct word *w, const struct box *part)
{
	return !w->turned && w->box.x0 >= part->x0 && w->box.x1 <= part->x1 &&
	    w->box.y0 >= part->y0 && w->box.y1 <= part->y1;
}

/* Cut off the part of the page what a strip as wide parts from its left or
 * right edge: of a table only the nearest column stays. */
static void
keep_column(struct gutter_search *g, struct box *part, int at_left)
{
	const struct page *p = g->l->page;
	const double gap = strip * g->l->body;
	struct spans *s = &g->inside;
	size_t i;

	s->count = 0;
	for (i = 0; i < p->word_count; i++) {
		const struct box *b = &p->words[i].box;

		if (is_inside(&p->words[i], part))
			s->span[s->count++] = at_left
			    ? (struct x_range){b->x0, b->x1}
			    : (struct x_range){-b->x1, -b->x0};
	}
	if (s->count == 0)
		return;
	qsort(s->span, s->count, sizeof *s->span, by_start);
	for (i = 1; i < s->count; i++) {
		if (s->span[i].from - (double)s->span[0].to > gap)
			break;
		if (s->span[i].to > s->span[0].to)
			s->span[0].to = s->span[i].to;
	}
	*part = at_left
	    ? (struct box){s->span[0].from, part->y0, s->span[0].to, part->y1}
	    : (struct box){-s->span[0].to, part->y0, -s->span[0].from,
		  part->y1};
}

/* Is there running text at this edge of the part of the page? */
static int
has_text(struct gutter_search *g, struct box part, int at_left)
{
	const struct page *p = g->l->page;
	double words = 0, lines = 0, covered = 0;
	const struct word *last = NULL;

	keep_column(g, &part, at_left);
	for (size_t i = 0; i < p->word_count; i++) {
		const struct word *w = &p->words[i];

		if (!is_inside(w, &part))
			continue;
		words++;
		covered += box_width(&w->box);
		lines += !last || !box_same_row(&last->box, &w->box);
		last = w;
	}
	return lines >= LINES_MIN && words >= words_min * lines &&
	    covered >= cover_min * lines * box_width(&part);
}

static int
parts_text(struct gutter_search *g, const struct box *s)
{
	const struct box left = {-PLACE_MAX, s->y0, s->x0, s->y1},
			 right = {s->x1, s->y0, PLACE_MAX, s->y1};

	return has_text(g, left, 0) && has_text(g, right, 1);
}

/* ---- the strips ---- */

/* The strip is as wide as the words beside it let it be. */
static void
widen(const struct layout *l, struct box *s)
{
	const struct page *p = l->page;
	int32_t left = INT32_MIN, right = INT32_MAX;

	for (size_t i = 0; i < p->word_count; i++) {
		const struct box *b = &p->words[i].box;

		if (b->y1 <= s->y0 || b->y0 >= s->y1)
			continue;
		if (b->x1 <= s->x0 && b->x1 > left)
			left = b->x1;
		if (b->x0 >= s->x1 && b->x0 < right)
			right = b->x0;
	}
	s->x0 = left > INT32_MIN ? left : s->x0;
	s->x1 = right < INT32_MAX ? right : s->x1;
}

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
	    box_height(&s) < (LINES_MIN - 1) * l->body)
		return;
	widen(l, &s);
	if (!is_known(l, &s) && parts_text(g, &s))
		l->gutters[l->gutter_count++] = s;
}

/* Try the strip between two words that lie across it; room that is empty at
 * both sides ends it too. */
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

/* Follow the strip at the left of x down the page. */
static void
follow(struct gutter_search *g, int32_t x)
{
	const struct page *p = g->l->page;
	struct box s = {.x0 = x - (int32_t)(strip * g->l->body), .x1 = x};
	size_t next = 0;

	g->across.count = g->beside.count = 0;
	for (size_t i = 0; i < p->word_count; i++) {
		const struct box *b = &p->words[i].box;
		struct spans *to = b->x0 < s.x1 && b->x1 > s.x0 ? &g->across
								: &g->beside;

		if (!p->words[i].turned)
			to->span[to->count++] = (struct x_range){b->y0, b->y1};
	}
	qsort(g->across.span, g->across.count, sizeof(struct x_range),
	    by_start);
	qsort(g->beside.span, g->beside.count, sizeof(struct x_range),
	    by_start);
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

/* Keep the places at which most lines begin, in the order of their lines:
 * wide spaces make many with few. */
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

/* Find where lines begin; x is room for all of them.  Returns how many. */
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
		if (i - first >= LINES_MIN && first > 0)
			add_place(places, &count,
			    (struct line_start){x[first], i - first});
		first = i;
	}
	qsort(places, count, sizeof *places, by_place);
	return count;
}

int
layout_find_gutters(struct layout *l)
{
	const size_t n = l->page->word_count;
	struct gutter_search g = {.l = l};
	struct line_start places[PLACES_MAX];
	int32_t *x;
	int r = -1;

	if (n > WORDS_MAX || l->body <= 0)
		return 0;
	x = malloc((n + 1) * sizeof *x);
	g.across.span = malloc((n + 1) * sizeof(struct x_range));
	g.beside.span = malloc((n + 1) * sizeof(struct x_range));
	g.inside.span = malloc((n + 1) * sizeof(struct x_range));
	if (x && g.across.span && g.beside.span && g.inside.span) {
		const size_t count = find_places(l, x, places);

		for (size_t i = 0; i < count; i++)
			follow(&g, places[i].x);
		r = 0;
	}
	free(x);
	free(g.across.span);
	free(g.beside.span);
	free(g.inside.span);
	return r;
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

/* Odd: the gutter is at the left of the column; even: at the right of it. */
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
