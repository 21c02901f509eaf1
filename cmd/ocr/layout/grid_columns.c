/* grid_columns.c - the columns of a table.
 *
 * Between two fragments of a band there is a gap; the fewest separators such
 * that each gap holds one are those of the columns.  Fragments that cross a
 * separator cover several columns.  A separator that as many fragments cross as
 * gaps hold is a wide space in a cell. */
#include "grid.h"

#include <stdlib.h>

enum { TRIED_MAX = 4 * TABLE_COLUMNS_MAX }; /* separators that are tried */

/* A fragment covers a column if it enters it this far, in letter sizes. */
static const double enter = 0.25;

struct gap {
	int32_t from, to;
	size_t count; /* of gaps that hold it and no other separator */
};

static int
by_end(const void *va, const void *vb)
{
	const struct gap *a = va, *b = vb;

	return (a->to > b->to) - (a->to < b->to);
}

static size_t
find_gaps(const struct grid *g, struct gap *gaps)
{
	size_t n = 0;

	for (size_t i = 0; i < g->band_count; i++) {
		const struct fragment *f = g->fragments + g->bands[i].first;
		int32_t right = f->box.x1;

		for (size_t j = 1; j < g->bands[i].count; j++) {
			if (f[j].box.x0 > right)
				gaps[n++] = (struct gap){right, f[j].box.x0, 0};
			if (f[j].box.x1 > right)
				right = f[j].box.x1;
		}
	}
	qsort(gaps, n, sizeof *gaps, by_end);
	return n;
}

static int32_t
middle(const struct gap *gap)
{
	return (int32_t)(((int64_t)gap->from + gap->to) / 2);
}

/* Find what the gaps that one separator can be in have in common.  Returns the
 * number of separators. */
static size_t
join_gaps(const struct gap *gaps, size_t n, struct gap *joined)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		struct gap *last = count ? &joined[count - 1] : NULL;

		if (last && gaps[i].from < last->to) {
			if (gaps[i].from > last->from)
				last->from = gaps[i].from;
			continue;
		}
		if (count == TRIED_MAX)
			break;
		joined[count++] = gaps[i];
	}
	return count;
}

/* Count the gaps that hold one separator only. */
static void
count_gaps(const struct gap *gaps, size_t n, struct gap *joined, size_t count)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < count && middle(&joined[k]) < gaps[i].from)
			k++;
		if (k < count && middle(&joined[k]) <= gaps[i].to &&
		    (k + 1 == count || middle(&joined[k + 1]) > gaps[i].to))
			joined[k].count++;
	}
}

static int
crosses(const struct fragment *f, int32_t x)
{
	const double by = enter * f->size;

	return f->box.x0 < x - by && f->box.x1 > x + by;
}

static int
is_separator(const struct grid *g, const struct gap *gap)
{
	size_t crossing = 0;

	for (size_t i = 0; i < g->fragment_count; i++)
		crossing += (size_t)crosses(&g->fragments[i], middle(gap));
	return crossing < gap->count;
}

static void
assign(struct grid *g, const struct gap *separators)
{
	for (size_t i = 0; i < g->band_count; i++) {
		struct band *band = &g->bands[i];

		for (size_t j = 0; j < band->count; j++) {
			struct fragment *f = &g->fragments[band->first + j];
			const double by = enter * f->size;

			for (uint32_t k = 0; k + 1 < g->columns; k++) {
				const int32_t x = middle(&separators[k]);

				f->first += f->box.x0 >= x - by;
				f->last += f->box.x1 > x + by;
			}
			if (f->last < f->first)
				f->last = f->first;
			band->columns |= (uint64_t)1 << f->first;
		}
	}
}

static void
measure_columns(struct grid *g)
{
	for (uint32_t k = 0; k < g->columns; k++)
		g->column[k] = (struct box){.x0 = INT32_MAX, .x1 = INT32_MIN};
	for (size_t i = 0; i < g->fragment_count; i++) {
		const struct fragment *f = &g->fragments[i];
		struct box *c = &g->column[f->first];

		if (f->first != f->last)
			continue;
		c->x0 = f->box.x0 < c->x0 ? f->box.x0 : c->x0;
		c->x1 = f->box.x1 > c->x1 ? f->box.x1 : c->x1;
	}
}

int
grid_find_columns(struct grid *g)
{
	struct gap *gaps = malloc((g->fragment_count + 1) * sizeof *gaps);
	struct gap joined[TRIED_MAX];
	size_t n, count, kept = 0;

	if (!gaps)
		return -1;
	n = find_gaps(g, gaps);
	count = join_gaps(gaps, n, joined);
	count_gaps(gaps, n, joined, count);
	free(gaps);
	for (size_t i = 0; i < count && kept + 1 < TABLE_COLUMNS_MAX; i++)
		if (is_separator(g, &joined[i]))
			joined[kept++] = joined[i];
	g->columns = (uint32_t)kept + 1;
	assign(g, joined);
	measure_columns(g);
	return 0;
}
