/* grid_rows.c - the rows of a table.
 *
 * The lines of a cell are closer than rows are; if they are not, a band with
 * text in few columns, but not in the first, continues the row above if its
 * words had no room there. */
#include "grid.h"

#include <stdlib.h>

/* rows are further apart than lines by this factor */
static const double row_jump = 1.05, row_jump_ink = 1.12, row_jump_sure = 1.2;
/* In letter sizes: the largest distance of lines, and a space. */
static const double line_max = 1.7, space = 0.25;

/* ---- the distance of lines ---- */

static int
by_value(const void *va, const void *vb)
{
	const double a = *(const double *)va, b = *(const double *)vb;

	return (a > b) - (a < b);
}

struct line_distance {
	double most; /* in a cell; 0: rows are not further apart */
	double jump; /* rows are further apart by this factor, at least */
};

static int
find_line_distance(const struct grid *g, struct line_distance *lines)
{
	double *d = malloc((g->band_count + 1) * sizeof *d);
	double jump = g->l->ink ? row_jump_ink : row_jump;

	lines->most = 0;
	if (!d)
		return -1;
	for (size_t i = 1; i < g->band_count; i++)
		d[i - 1] = g->bands[i].base - g->bands[i - 1].base;
	if (g->band_count > 2)
		qsort(d, g->band_count - 1, sizeof *d, by_value);
	for (size_t i = 1; i + 1 < g->band_count; i++)
		if (d[i] > jump * d[i - 1]) {
			jump = d[i] / d[i - 1];
			lines->most = d[i - 1];
		}
	lines->jump = jump;
	free(d);
	return 0;
}

/* ---- bands that continue a row ---- */

/* The last bands of a row that grows. */
struct grid_row {
	size_t first, end; /* in the grid's bands */
	uint64_t columns;
};

static int
is_rich(const struct grid *g, uint64_t columns)
{
	const int n = __builtin_popcountll(columns);

	return n > 1 && 2u * (unsigned)n > g->columns;
}

/* The row's last text in a column, or NULL. */
static const struct fragment *
last_in(const struct grid *g, const struct grid_row *row, uint32_t column)
{
	const struct fragment *f = g->fragments + g->bands[row->first].first,
			      *last = g->fragments +
	    g->bands[row->end - 1].first + g->bands[row->end - 1].count;

	while (last-- > f)
		if (last->first == column)
			return last;
	return NULL;
}

/* Does the text go on with that of the row above, where it had no room? */
static int
goes_on(const struct grid *g, const struct grid_row *row,
    const struct fragment *f)
{
	const struct fragment *above = last_in(g, row, f->first);
	const struct box *column = &g->column[f->first];
	const struct word *w = &g->l->page->words[f->word];

	return above && above->letters && f->letters && f->first == f->last &&
	    box_width(&above->box) + space * f->size + box_width(&w->box) >
	    (double)box_width(column) - space * f->size;
}

static int
all_go_on(const struct grid *g, const struct grid_row *row,
    const struct band *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (!goes_on(g, row, &g->fragments[b->first + i]))
			return 0;
	return 1;
}

static int
covers_columns(const struct grid *g, const struct grid_row *row)
{
	for (size_t i = row->first; i < row->end; i++) {
		const struct band *b = &g->bands[i];

		for (size_t j = 0; j < b->count; j++)
			if (g->fragments[b->first + j].first !=
			    g->fragments[b->first + j].last)
				return 1;
	}
	return 0;
}

static int
continues(const struct grid *g, const struct grid_row *row,
    const struct band *b, const struct line_distance *lines)
{
	/* It is as close as lines are, and rows are not. */
	const int near = b->base - b[-1].base <= lines->most;
	const int rich = is_rich(g, b->columns);

	if (rich && is_rich(g, row->columns))
		return near && lines->jump >= row_jump_sure &&
		    all_go_on(g, row, b);
	/* The first column's text may be below the top of a higher cell. */
	if (rich || (b->columns & ~row->columns & 1))
		return near && !(row->columns & 1) && !covers_columns(g, row) &&
		    (row->columns & ~b->columns) == 0;
	return (near || !(b->columns & 1)) && all_go_on(g, row, b);
}

static void
join_bands(struct grid *g, const struct line_distance *lines)
{
	struct grid_row row = {0};

	for (size_t i = 0; i < g->band_count; i++) {
		struct band *b = &g->bands[i];
		const double size = g->fragments[b->first].size;
		double above = i > 0 ? b->base - b[-1].base : 0;

		if (i == 0 || above > line_max * size ||
		    !continues(g, &row, b, lines)) {
			row = (struct grid_row){.first = i};
			g->rows++;
		}
		row.end = i + 1;
		row.columns |= b->columns;
		b->row = g->rows - 1;
	}
}

/* ---- the header ---- */

int
grid_is_year(const struct word *w)
{
	return w->length == 4 && (*w->text == '1' || *w->text == '2');
}

/* Is the text a title, not a value? */
static int
is_title(const struct grid *g, const struct fragment *f)
{
	return f->letters ||
	    (f->count == 1 && grid_is_year(&g->l->page->words[f->word]));
}

/* Are all texts of this row titles?  *count gets their number. */
static int
has_titles(const struct grid *g, uint32_t row, size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < g->band_count; i++) {
		const struct band *b = &g->bands[i];

		if (b->row != row)
			continue;
		for (size_t j = 0; j < b->count; j++)
			if (!is_title(g, &g->fragments[b->first + j]))
				return 0;
		*count += b->count;
	}
	return 1;
}

static void
find_head(struct grid *g)
{
	size_t count = 0;

	while (g->head < HEAD_MAX && g->head + 1 < g->rows &&
	    count < g->columns && has_titles(g, g->head, &count) &&
	    (g->head > 0 || g->columns > 1))
		g->head++;
}

int
grid_find_rows(struct grid *g)
{
	struct line_distance lines;

	if (find_line_distance(g, &lines) < 0)
		return -1;
	join_bands(g, &lines);
	find_head(g);
	return 0;
}
