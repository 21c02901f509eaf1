/* grid_titles.c - titles that cover several columns. */
#include "grid.h"

#include <math.h>

/* In letter sizes: how far a title is off the middle of its columns, and off
 * the edge of the only one that it belongs to. */
static const double centered = 1, at_edge = 0.25;

/* The extents of the columns, by the rows below this one. */
static void
measure_below(const struct grid *g, uint32_t row, struct box *column)
{
	for (uint32_t k = 0; k < g->columns; k++)
		column[k] = (struct box){.x0 = INT32_MAX, .x1 = INT32_MIN};
	for (size_t i = 0; i < g->band_count; i++) {
		const struct band *b = &g->bands[i];

		for (size_t j = 0; b->row > row && j < b->count; j++) {
			const struct fragment *f = &g->fragments[b->first + j];
			struct box *c = &column[f->first];

			if (f->first != f->last)
				continue;
			c->x0 = f->box.x0 < c->x0 ? f->box.x0 : c->x0;
			c->x1 = f->box.x1 > c->x1 ? f->box.x1 : c->x1;
		}
	}
}

/* The columns that texts of this row cover. */
static uint64_t
columns_of(const struct grid *g, uint32_t row)
{
	uint64_t columns = 0;

	for (size_t i = 0; i < g->band_count; i++) {
		const struct band *b = &g->bands[i];

		for (size_t j = 0; b->row == row && j < b->count; j++) {
			const struct fragment *f = &g->fragments[b->first + j];

			for (uint32_t k = f->first; k <= f->last; k++)
				columns |= (uint64_t)1 << k;
		}
	}
	return columns;
}

/* Is it a title of its own column only? */
static int
is_narrow(const struct fragment *f, const struct box *column)
{
	const struct box *c = &column[f->first];
	const double off = at_edge * f->size;

	return f->first == f->last &&
	    (fabs((double)f->box.x0 - c->x0) <= off ||
		fabs((double)f->box.x1 - c->x1) <= off);
}

/* Widen the title as far as it is in the middle, within the columns from
 * `from` to `to`. */
static void
widen(struct fragment *f, const struct box *column, uint32_t from, uint32_t to,
    uint64_t titled)
{
	uint32_t first = f->first, last = f->last;

	for (uint32_t a = from; a <= f->first; a++)
		for (uint32_t b = f->last; b <= to; b++) {
			const double off = ((double)column[a].x0 +
					       column[b].x1 - f->box.x0 -
					       f->box.x1) /
			    2;

			if (b - a > last - first &&
			    fabs(off) <= centered * f->size &&
			    titled >> a & titled >> b & 1)
				first = a, last = b;
		}
	f->first = first;
	f->last = last;
}

static void
widen_band(struct grid *g, const struct band *b, const struct box *column,
    uint64_t titled)
{
	struct fragment *f = g->fragments + b->first;

	for (size_t j = 0; j < b->count; j++) {
		const uint32_t from = j > 0 ? f[j - 1].last + 1 : 0;
		const uint32_t to = j + 1 < b->count ? f[j + 1].first - 1
						     : g->columns - 1;

		if (from <= f[j].first && to >= f[j].last && to < g->columns &&
		    !is_narrow(&f[j], column))
			widen(&f[j], column, from, to, titled);
	}
}

void
grid_widen_titles(struct grid *g)
{
	struct box column[TABLE_COLUMNS_MAX];

	for (size_t i = g->band_count; i-- > 0;) {
		struct band *b = &g->bands[i];

		if (b->row + 1 >= g->head || b->count >= g->columns)
			continue;
		measure_below(g, b->row, column);
		widen_band(g, b, column, columns_of(g, b->row + 1));
		b->columns = 0;
		for (size_t j = 0; j < b->count; j++)
			b->columns |= (uint64_t)1
			    << g->fragments[b->first + j].first;
	}
}
