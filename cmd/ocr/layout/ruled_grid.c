/* ruled_grid.c - the fields between rules, and the cells that they form. */
#include "ruled.h"

#include <stdlib.h>

/* In 1/100 point. */
enum {
	DOUBLE = 300, /* lines this close are one line of the grid */
	EDGE = 600,   /* least width of a column that is open at a side */
	LINES_MIN = 2,
};

enum { FIELDS_MAX = 4096 };

static const double wall_part = 0.6; /* of a field's side that a rule covers */

/* ---- the lines of the grid ---- */

static int
by_value(const void *va, const void *vb)
{
	const int32_t a = *(const int32_t *)va, b = *(const int32_t *)vb;

	return (a > b) - (a < b);
}

/* Where the rules of one direction are; several close ones count once. */
static size_t
find_lines(const struct drawn_rule *r, size_t n, int upright, int32_t *at)
{
	size_t count = 0, lines = 0;

	for (size_t i = 0; i < n; i++)
		if (r[i].upright == upright)
			at[count++] = r[i].at;
	qsort(at, count, sizeof *at, by_value);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1;
		     end < count && at[end] - at[end - 1] <= DOUBLE; end++)
			;
		at[lines++] = at[i] + (at[end - 1] - at[i]) / 2;
	}
	return lines;
}

/* How far rules of one direction reach: at least two of them, or a table that
 * is open at its sides would have no outer columns. */
static int
find_reach(const struct drawn_rule *r, size_t n, int upright, int32_t reach[2])
{
	int ends[2] = {0, 0};

	reach[0] = INT32_MAX;
	reach[1] = INT32_MIN;
	for (size_t i = 0; i < n; i++) {
		if (r[i].upright != upright)
			continue;
		reach[0] = r[i].from < reach[0] ? r[i].from : reach[0];
		reach[1] = r[i].to > reach[1] ? r[i].to : reach[1];
	}
	for (size_t i = 0; i < n; i++) {
		if (r[i].upright != upright)
			continue;
		ends[0] += r[i].from - reach[0] <= DOUBLE;
		ends[1] += reach[1] - r[i].to <= DOUBLE;
	}
	return (ends[0] >= LINES_MIN) | (ends[1] >= LINES_MIN) << 1;
}

/* Add the outer edges of columns or rows that no rule bounds. */
static size_t
add_edges(int32_t *at, size_t lines, const int32_t reach[2], int open)
{
	if (open & 1 && reach[0] < at[0] - EDGE) {
		for (size_t i = lines++; i > 0; i--)
			at[i] = at[i - 1];
		at[0] = reach[0];
	}
	if (open & 2 && reach[1] > at[lines - 1] + EDGE)
		at[lines++] = reach[1];
	return lines;
}

static size_t
find_all_lines(const struct drawn_rule *r, size_t n, int upright, int32_t *at)
{
	const size_t lines = find_lines(r, n, upright, at);
	int32_t reach[2];
	const int open = find_reach(r, n, !upright, reach);

	return lines < LINES_MIN ? 0 : add_edges(at, lines, reach, open);
}

/* ---- fields ---- */

static uint32_t
nearest(const int32_t *at, uint32_t lines, int32_t v)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < lines; i++)
		if (abs(at[i] - v) < abs(at[best] - v))
			best = i;
	return best;
}

/* Add what the rule covers; no side is longer than it is. */
static void
add_shared(int32_t *wall, const struct drawn_rule *r, int32_t from, int32_t to)
{
	const int32_t a = r->from > from ? r->from : from;
	const int32_t b = r->to < to ? r->to : to;

	if (b > a)
		*wall = b - a > to - from - *wall ? to - from : *wall + b - a;
}

static void
measure_walls(struct rule_grid *g, const struct drawn_rule *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (r[i].upright) {
			const uint32_t k = nearest(g->x, g->columns + 1,
			    r[i].at);

			for (uint32_t row = 0; k < g->columns && row < g->rows;
			     row++)
				add_shared(&g->left[row * g->columns + k],
				    &r[i], g->y[row], g->y[row + 1]);
		} else {
			const uint32_t row = nearest(g->y, g->rows + 1,
			    r[i].at);

			for (uint32_t k = 0; row < g->rows && k < g->columns;
			     k++)
				add_shared(&g->top[row * g->columns + k], &r[i],
				    g->x[k], g->x[k + 1]);
		}
	}
}

/* ---- cells ---- */

static uint32_t
cell_of(struct rule_grid *g, uint32_t field)
{
	while (g->cell[field] != field) {
		g->cell[field] = g->cell[g->cell[field]];
		field = g->cell[field];
	}
	return field;
}

/* The cell's first field in reading order names it. */
static int
join_fields(struct rule_grid *g, uint32_t a, uint32_t b)
{
	a = cell_of(g, a);
	b = cell_of(g, b);
	g->cell[a > b ? a : b] = a > b ? b : a;
	return a != b;
}

static void
join_open_fields(struct rule_grid *g)
{
	for (uint32_t i = 0; i < g->rows * g->columns; i++)
		g->cell[i] = i;
	for (uint32_t i = 0; i < g->rows * g->columns; i++) {
		const uint32_t row = i / g->columns, k = i % g->columns;
		const double wide = g->x[k + 1] - g->x[k];
		const double high = g->y[row + 1] - g->y[row];

		if (k > 0 && g->left[i] < wall_part * high)
			join_fields(g, i, i - 1);
		if (row > 0 && g->top[i] < wall_part * wide)
			join_fields(g, i, i - g->columns);
	}
}

/* Join the fields of the rectangle with these two at its corners. */
static int
join_rectangle(struct rule_grid *g, uint32_t a, uint32_t b)
{
	const uint32_t columns = g->columns;
	const uint32_t k0 = a % columns < b % columns ? a % columns
						      : b % columns;
	const uint32_t k1 = a % columns + b % columns - k0;
	int joined = 0;

	for (uint32_t row = a / columns; row <= b / columns; row++)
		for (uint32_t k = k0; k <= k1; k++)
			joined |= join_fields(g, a, row * columns + k);
	return joined;
}

/* A cell is a rectangle. */
static void
make_rectangles(struct rule_grid *g)
{
	int joined = 1;

	while (joined) {
		joined = 0;
		for (uint32_t i = 0; i < g->rows * g->columns; i++)
			joined |= join_rectangle(g, cell_of(g, i), i);
	}
	for (uint32_t i = 0; i < g->rows * g->columns; i++)
		g->cell[i] = cell_of(g, i);
}

static int
allocate(struct rule_grid *g)
{
	const size_t fields = (size_t)g->rows * g->columns;

	g->left = calloc(fields, sizeof *g->left);
	g->top = calloc(fields, sizeof *g->top);
	g->cell = calloc(fields, sizeof *g->cell);
	return g->left && g->top && g->cell ? 0 : -1;
}

/* 1: the rules have too few lines for a table, or too many. */
static int
find_fields(struct rule_grid *g, const struct drawn_rule *r, size_t n,
    int32_t *x)
{
	const size_t columns = find_all_lines(r, n, 1, x);
	const size_t rows = find_all_lines(r, n, 0, g->y);

	if (columns < LINES_MIN + 1 || rows < LINES_MIN ||
	    columns > TABLE_COLUMNS_MAX + 1 || columns * rows > FIELDS_MAX)
		return 1;
	for (size_t i = 0; i < columns; i++)
		g->x[i] = x[i];
	g->columns = (uint32_t)columns - 1;
	g->rows = (uint32_t)rows - 1;
	g->box = (struct box){x[0], g->y[0], x[columns - 1], g->y[rows - 1]};
	return 0;
}

int
rule_grid_make(struct rule_grid *g, const struct drawn_rule *r, size_t n)
{
	int32_t *x = malloc((n + 2) * sizeof *x);
	int result = -1;

	*g = (struct rule_grid){.y = malloc((n + 2) * sizeof *g->y)};
	if (x && g->y)
		result = find_fields(g, r, n, x);
	free(x);
	if (result == 0)
		result = allocate(g);
	if (result != 0)
		return result;
	measure_walls(g, r, n);
	join_open_fields(g);
	make_rectangles(g);
	return 0;
}

void
rule_grid_drop(struct rule_grid *g)
{
	free(g->y);
	free(g->left);
	free(g->top);
	free(g->cell);
}

static uint32_t
between(const int32_t *at, uint32_t spaces, int32_t v)
{
	uint32_t i = 0;

	while (i < spaces && at[i + 1] <= v)
		i++;
	return v < at[0] || i == spaces ? UINT32_MAX : i;
}

uint32_t
rule_grid_field(const struct rule_grid *g, const struct box *b)
{
	const uint32_t k = between(g->x, g->columns, b->x0 + box_width(b) / 2);
	const uint32_t row = between(g->y, g->rows, b->y0 + box_height(b) / 2);

	return k == UINT32_MAX || row == UINT32_MAX ? UINT32_MAX
						    : row * g->columns + k;
}
