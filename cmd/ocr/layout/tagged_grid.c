/* tagged_grid.c - see tagged_table.h.
 *
 * Some programs leave empty cells out of the structure, so that those after
 * them seem to be one column further left.  The rows that have all cells show
 * where the columns are; in the others each cell moves to the column that its
 * box is in. */
#include "tagged_table.h"

#include <stdlib.h>
#include <string.h>

/* In letter sizes: how far the boxes of neighbours overlap. */
static const double overlap = 0.5;

struct span {
	int32_t from, to;
};

static const struct span no_span = {INT32_MAX, INT32_MIN};

/* The cell of each field, from 1; 0: none. */
struct tagged_grid {
	struct tagged_table *table;
	uint32_t *field;   /* owned */
	struct span *span; /* owned: room for all rows and columns */
};

/* If the page repeats the header, the rows of the pages before are between it
 * and the next row; a single row may be empty. */
void
tagged_table_measure(struct tagged_table *t)
{
	const int32_t last = t->cells[t->count - 1].at.row;
	int32_t first = t->cells[0].at.row, below = first;

	t->columns = 0;
	for (size_t i = 0; i < t->count; i++) {
		struct tagged_cell *c = &t->cells[i].at;

		if (c->rows > last - c->row + 1)
			c->rows = last - c->row + 1;
		if (c->row > below + 1)
			first += c->row - below;
		if (c->row + c->rows > below)
			below = c->row + c->rows;
		c->row -= first;
		t->columns = c->column + c->columns > t->columns
		    ? c->column + c->columns
		    : t->columns;
	}
	t->rows = last - first + 1;
}

/* Name the cell of each field.  0: two cells share one. */
static int
fill_fields(const struct tagged_grid *g)
{
	const struct tagged_table *t = g->table;

	memset(g->field, 0,
	    (size_t)t->rows * (size_t)t->columns * sizeof *g->field);
	for (size_t i = 0; i < t->count; i++) {
		const struct tagged_cell *c = &t->cells[i].at;

		for (int32_t y = c->row; y < c->row + c->rows; y++)
			for (int32_t x = c->column; x < c->column + c->columns;
			     x++) {
				uint32_t *f = &g->field[y * t->columns + x];

				if (*f)
					return 0;
				*f = (uint32_t)i + 1;
			}
	}
	return 1;
}

/* ---- columns ---- */

static int
is_full(const struct tagged_grid *g, int32_t row)
{
	const struct tagged_table *t = g->table;

	for (int32_t x = 0; x < t->columns; x++)
		if (!g->field[row * t->columns + x])
			return 0;
	return 1;
}

/* Where the columns are in full rows. */
static void
find_columns(const struct tagged_grid *g, struct span *column)
{
	const struct tagged_table *t = g->table;

	for (int32_t x = 0; x < t->columns; x++)
		column[x] = no_span;
	for (size_t i = 0; i < t->count; i++) {
		const struct placed_cell *c = &t->cells[i];
		struct span *s = &column[c->at.column];

		if (c->at.columns > 1 || !is_full(g, c->at.row))
			continue;
		s->from = c->box.x0 < s->from ? c->box.x0 : s->from;
		s->to = c->box.x1 > s->to ? c->box.x1 : s->to;
	}
}

static int32_t
shared(const struct span *column, int32_t n, const struct box *b)
{
	int32_t from = INT32_MAX, to = INT32_MIN;

	for (int32_t x = 0; x < n; x++) {
		from = column[x].from < from ? column[x].from : from;
		to = column[x].to > to ? column[x].to : to;
	}
	if (from > to)
		return 0;
	return (to < b->x1 ? to : b->x1) - (from > b->x0 ? from : b->x0);
}

/* Move the cells of rows that are not full to the right, the last one first, if
 * their boxes are there. */
static void
move_cells(const struct tagged_grid *g, const struct span *column)
{
	struct tagged_table *t = g->table;
	int32_t row = -1, end = t->columns;

	for (size_t i = t->count; i-- > 0;) {
		struct placed_cell *c = &t->cells[i];
		int32_t best = 0;

		if (c->at.row != row)
			end = t->columns;
		row = c->at.row;
		if (!is_full(g, row))
			for (int32_t x = c->at.column; x + c->at.columns <= end;
			     x++) {
				const int32_t by = shared(column + x,
				    c->at.columns, &c->box);

				if (by > best) {
					best = by;
					c->at.column = x;
				}
			}
		end = c->at.column;
	}
}

/* ---- is it sane? ---- */

/* Do all cells that end before a line of the grid end before those that begin
 * after it? */
static int
are_apart(struct span *s, int32_t n, double slack)
{
	for (int32_t i = 1; i < n; i++)
		s[i].to = s[i - 1].to > s[i].to ? s[i - 1].to : s[i].to;
	for (int32_t i = n - 1; i > 0; i--) {
		if (s[i - 1].to > s[i].from + slack)
			return 0;
		s[i - 1].from = s[i].from < s[i - 1].from ? s[i].from
							  : s[i - 1].from;
	}
	return 1;
}

static int
boxes_agree(const struct layout *l, const struct tagged_table *t,
    struct span *spans)
{
	const double slack = overlap * l->body;
	struct span *row = spans, *column = spans + t->rows;

	for (int32_t i = 0; i < t->rows + t->columns; i++)
		spans[i] = no_span;
	for (size_t i = 0; i < t->count; i++) {
		const struct tagged_cell *c = &t->cells[i].at;
		const struct box *b = &t->cells[i].box;
		struct span *s = &column[c->column];

		s->from = b->x0 < s->from ? b->x0 : s->from;
		s = &column[c->column + c->columns - 1];
		s->to = b->x1 > s->to ? b->x1 : s->to;
		s = &row[c->row];
		s->from = b->y0 < s->from ? b->y0 : s->from;
		s = &row[c->row + c->rows - 1];
		s->to = b->y1 > s->to ? b->y1 : s->to;
	}
	return are_apart(row, t->rows, slack) &&
	    are_apart(column, t->columns, slack);
}

int
tagged_table_place(const struct layout *l, struct tagged_table *t)
{
	const size_t fields = (size_t)t->rows * (size_t)t->columns;
	struct tagged_grid g = {.table = t,
	    .field = malloc(fields * sizeof *g.field),
	    .span = malloc((size_t)(t->rows + t->columns) * sizeof *g.span)};
	int r = -1;

	if (g.field && g.span) {
		r = fill_fields(&g);
		if (r) {
			find_columns(&g, g.span);
			move_cells(&g, g.span);
			r = fill_fields(&g) && boxes_agree(l, t, g.span);
		}
	}
	free(g.field);
	free(g.span);
	return r;
}
