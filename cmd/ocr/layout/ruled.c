/* ruled.c - find the tables whose cells are bounded by drawn lines.
 *
 * Boxes and lines also frame pages, notes and drawings.  A grid is a table if
 * it has text in several rows and columns, in enough of its cells, and not
 * most of it in one. */
#include "ruled.h"

#include <stdlib.h>
#include <string.h>

enum {
	CELLS_MIN = 4,    /* with text */
	SPARSE = 5,       /* one of this many cells has text, at least */
	PROSE_WORDS = 60, /* in one cell: it is more than a cell, */
};

static const double prose_part = 0.6; /* if it has this part of all words */

/* ---- is it a table? ---- */

struct grid_text {
	size_t *words; /* owned: of each cell, at its first field */
	struct filled_fields count;
};

static int
count_text(const struct layout *l, const struct rule_grid *g,
    struct grid_text *t)
{
	const uint32_t fields = g->rows * g->columns;

	*t = (struct grid_text){.words = calloc(fields, sizeof *t->words)};
	if (!t->words)
		return -1;
	for (size_t i = 0; i < l->page->word_count; i++) {
		const struct word *w = &l->page->words[i];
		const uint32_t field = w->cell ? UINT32_MAX
					       : rule_grid_field(g, &w->box);

		if (field == UINT32_MAX)
			continue;
		t->words[g->cell[field]]++;
		t->count.words++;
	}
	for (uint32_t i = 0; i < fields; i++) {
		const size_t n = t->words[i];

		t->count.fields += g->cell[i] == i;
		t->count.filled += n > 0;
		t->count.most = n > t->count.most ? n : t->count.most;
	}
	return 0;
}

/* Is there text in two rows and in two columns at least? */
static int
is_spread(const struct rule_grid *g, const struct grid_text *t)
{
	uint32_t first = UINT32_MAX;
	int rows = 0, columns = 0;

	for (uint32_t i = 0; i < g->rows * g->columns; i++) {
		if (t->words[i] == 0)
			continue;
		first = first == UINT32_MAX ? i : first;
		rows |= i / g->columns != first / g->columns;
		columns |= i % g->columns != first % g->columns;
	}
	return rows && columns;
}

int
layout_filled_like_table(const struct filled_fields *t)
{
	return t->filled >= CELLS_MIN && t->filled * SPARSE >= t->fields &&
	    (t->most < PROSE_WORDS ||
		(double)t->most < prose_part * (double)t->words);
}

/* ---- its cells ---- */

static int
add_cell(struct ruled *all, const struct rule_grid *g, uint32_t first)
{
	struct ruled_cell *grown;
	struct ruled_cell cell = {.table = (uint32_t)all->table_count,
	    .row = first / g->columns,
	    .column = first % g->columns};
	uint32_t end = first;

	grown = realloc(all->cells, (all->cell_count + 1) * sizeof *grown);
	if (!grown)
		return -1;
	all->cells = grown;
	while (++cell.columns < g->columns - cell.column &&
	    g->cell[first + cell.columns] == first)
		;
	while (++cell.rows < g->rows - cell.row &&
	    g->cell[end += g->columns] == first)
		;
	grown[all->cell_count++] = cell;
	return 0;
}

/* Name the cell of each word. */
static int
take_words(struct layout *l, const struct rule_grid *g,
    const struct grid_text *t)
{
	const uint32_t fields = g->rows * g->columns;
	uint32_t *number = calloc(fields, sizeof *number);
	int r = number ? 0 : -1;

	for (uint32_t i = 0; r == 0 && i < fields; i++)
		if (t->words[i] > 0) {
			r = add_cell(&l->ruled, g, i);
			number[i] = (uint32_t)l->ruled.cell_count;
		}
	for (size_t i = 0; r == 0 && i < l->page->word_count; i++) {
		struct word *w = &l->page->words[i];
		const uint32_t field = w->cell ? UINT32_MAX
					       : rule_grid_field(g, &w->box);

		if (field != UINT32_MAX)
			w->cell = number[g->cell[field]];
	}
	free(number);
	return r;
}

static int
add_table(struct layout *l, const struct rule_grid *g)
{
	struct ruled *all = &l->ruled;
	struct ruled_table *grown;
	struct grid_text t;
	int r = count_text(l, g, &t);

	if (r == 0 && layout_filled_like_table(&t.count) && is_spread(g, &t)) {
		grown = realloc(all->tables,
		    (all->table_count + 1) * sizeof *grown);
		r = grown ? 0 : -1;
		if (r == 0) {
			all->tables = grown;
			grown[all->table_count] = (struct ruled_table){
			    .rows = g->rows,
			    .columns = g->columns};
			r = take_words(l, g, &t);
			all->table_count++;
		}
	}
	free(t.words);
	return r;
}

/* ---- all tables ---- */

/* Make the grid of these rules, and of those between rows that are not
 * ruled. */
static int
read_grid(const struct layout *l, const struct drawn_rule *rule, size_t n,
    struct rule_grid *g)
{
	struct rules more = {0};
	struct drawn_rule *grown;
	int r = rule_grid_make(g, rule, n);

	if (r == 0)
		r = rule_grid_part_rows(l, g, &more);
	if (r == 0 && more.count > 0) {
		grown = realloc(more.rule,
		    (more.count + n) * sizeof *more.rule);
		r = grown ? 0 : -1;
		if (r == 0) {
			more.rule = grown;
			memcpy(grown + more.count, rule, n * sizeof *rule);
			rule_grid_drop(g);
			r = rule_grid_make(g, grown, more.count + n);
		}
	}
	free(more.rule);
	return r;
}

int
layout_find_ruled(struct layout *l)
{
	struct rules all = {0};
	int r = 0;

	if (l->page->rule_count == 0)
		return 0;
	r = rules_group(&all, l->page);
	for (size_t i = 0, end; r == 0 && i < all.count; i = end) {
		struct rule_grid g;

		for (end = i + 1; end < all.count &&
		     all.rule[end].group == all.rule[i].group;)
			end++;
		r = read_grid(l, all.rule + i, end - i, &g);
		if (r == 0)
			r = add_table(l, &g);
		r = r > 0 ? 0 : r;
		rule_grid_drop(&g);
	}
	free(all.rule);
	return r;
}
