/* order.c - the reading order of boxes: an XY-cut.
 *
 * The page is cut into bands from side to side.  Bands that a common gutter
 * crosses form a group, which is read column by column. */
#include "layout_in.h"

#include <stdlib.h>

enum {
	DEPTH_MAX = 16,    /* nested columns */
	STRIPS_MAX = 16,   /* free strips that are examined, from the left */
	BOXES_MAX = 50000, /* no page has more, unless it is noise */
};

/* In letter sizes. */
static const double touch = 0.3, /* bands may overlap by this */
    tail = 3;                    /* largest distance of a column's end */

struct strip {
	int32_t x0, x1;
};

/* The strips that no box of a group enters. */
struct gutters {
	struct strip free[STRIPS_MAX];
	size_t count;
	int32_t left, right; /* where the group's boxes start and end */
	int wide;            /* at least one of its bands has a gutter by
			      * itself */
};

struct cut {
	const struct box *boxes;
	size_t *order;
	double gutter, size;
};

static int
from_above(const void *va, const void *vb, void *ctx)
{
	const size_t a = *(const size_t *)va, b = *(const size_t *)vb;
	const struct box *box = ctx;

	if (box[a].y0 != box[b].y0)
		return box[a].y0 < box[b].y0 ? -1 : 1;
	return (a > b) - (a < b);
}

static int
as_given(const void *va, const void *vb)
{
	const size_t a = *(const size_t *)va, b = *(const size_t *)vb;

	return (a > b) - (a < b);
}

/* ---- gutters ---- */

/* Remove a box from the free strips. */
static void
block_strips(struct gutters *g, const struct box *b, double min)
{
	struct strip kept[STRIPS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++) {
		const struct strip s = g->free[i];
		const int32_t left = b->x0 < s.x1 ? b->x0 : s.x1,
			      right = b->x1 > s.x0 ? b->x1 : s.x0;

		if (left - s.x0 >= min && n < STRIPS_MAX)
			kept[n++] = (struct strip){s.x0, left};
		if (s.x1 - right >= min && n < STRIPS_MAX)
			kept[n++] = (struct strip){right, s.x1};
	}
	for (size_t i = 0; i < n; i++)
		g->free[i] = kept[i];
	g->count = n;
	g->left = b->x0 < g->left ? b->x0 : g->left;
	g->right = b->x1 > g->right ? b->x1 : g->right;
}

/* The widest strip with boxes on both sides. */
static const struct strip *
gutter(const struct gutters *g)
{
	const struct strip *best = NULL;

	for (size_t i = 0; i < g->count; i++) {
		const struct strip *s = &g->free[i];

		if (s->x0 > g->left && s->x1 < g->right &&
		    (!best || s->x1 - s->x0 > best->x1 - best->x0))
			best = s;
	}
	return best;
}

static void
gutters_init(struct gutters *g)
{
	/* Each end is twice as far as needed, so that boxes never reach it. */
	*g = (struct gutters){.free = {{INT32_MIN / 4, INT32_MAX / 4}},
	    .count = 1,
	    .left = INT32_MAX,
	    .right = INT32_MIN};
}

static void
gutters_add(struct gutters *g, const struct cut *c, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		block_strips(g, &c->boxes[c->order[i]], c->gutter);
}

/* ---- bands ---- */

/* The end of the band that starts at first; *bottom is its lowest edge. */
static size_t
band_end(const struct cut *c, size_t first, size_t end, int32_t *bottom)
{
	size_t i = first;

	*bottom = c->boxes[c->order[i]].y1;
	while (++i < end) {
		const struct box *b = &c->boxes[c->order[i]];

		if (b->y0 >= *bottom - touch * c->size)
			break;
		if (b->y1 > *bottom)
			*bottom = b->y1;
	}
	return i;
}

/* Does the band [first, end) continue the columns of g? */
static int
joins(struct gutters *g, const struct cut *c, size_t first, size_t end,
    double below)
{
	struct gutters alone, both = *g;
	const struct strip *s;

	gutters_init(&alone);
	gutters_add(&alone, c, first, end);
	gutters_add(&both, c, first, end);
	alone.wide = both.wide = gutter(&alone) != NULL;
	s = gutter(&both);
	if (!s || !(g->wide || alone.wide))
		return 0;
	/* A heading above the left column may join, but not boxes to the
	 * right. */
	if (!g->wide && g->right > s->x0)
		return 0;
	if (!alone.wide && alone.right <= s->x0 && below > tail * c->size)
		return 0;
	both.wide = 1;
	*g = both;
	return 1;
}

static void cut(struct cut *, size_t first, size_t end, int depth);

/* Read a group of bands, column by column if it has columns. */
static void
read_group(struct cut *c, size_t first, size_t end, const struct gutters *g,
    int depth)
{
	const struct strip *s = gutter(g);
	size_t middle = first;

	qsort(c->order + first, end - first, sizeof *c->order, as_given);
	if (!s)
		return;
	for (size_t i = first; i < end; i++) {
		size_t which = c->order[i];

		if (c->boxes[which].x1 <= s->x0) {
			c->order[i] = c->order[middle];
			c->order[middle++] = which;
		}
	}
	cut(c, first, middle, depth + 1);
	cut(c, middle, end, depth + 1);
}

static void
cut(struct cut *c, size_t first, size_t end, int depth)
{
	struct gutters g;
	size_t group = first, next;
	int32_t bottom, last = 0;

	if (end - first < 2)
		return;
	if (depth >= DEPTH_MAX) {
		qsort(c->order + first, end - first, sizeof *c->order,
		    as_given);
		return;
	}
	qsort_r(c->order + first, end - first, sizeof *c->order, from_above,
	    (void *)(uintptr_t)c->boxes);
	for (size_t i = first; i < end; i = next, last = bottom) {
		next = band_end(c, i, end, &bottom);
		if (i > group &&
		    joins(&g, c, i, next,
			(double)c->boxes[c->order[i]].y0 - last))
			continue;
		if (i > group)
			read_group(c, group, i, &g, depth);
		group = i;
		gutters_init(&g);
		gutters_add(&g, c, i, next);
		g.wide = gutter(&g) != NULL;
	}
	read_group(c, group, end, &g, depth);
}

void
layout_order(const struct box *boxes, size_t n, double gutter, double size,
    size_t *order)
{
	struct cut c = {.boxes = boxes,
	    .order = order,
	    .gutter = gutter,
	    .size = size};

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	if (n > 1 && n <= BOXES_MAX && gutter > 0)
		cut(&c, 0, n, 0);
}
