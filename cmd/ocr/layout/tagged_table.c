/* tagged_table.c - the tables that the structure of a tagged PDF names.
 *
 * Structures may be wrong.  A table whose boxes contradict is not used: it is
 * searched for like any other. */
#include "tagged_table.h"

#include <stdlib.h>

enum {
	TABLES_MAX = 500,       /* of a page */
	FIELDS_MAX = 64 * 1000, /* of a table */
};

/* part of the words in the table's box that are not in its cells, at most */
static const double foreign_part = 0.1;

struct tagged_search {
	struct layout *l;
	uint32_t *order;           /* owned: the page's tag_cells, sorted */
	uint32_t *placed;          /* owned: the cell of each, from 1; 0: it has
				    * no words */
	struct placed_cell *cells; /* owned: by table, row and column */
	size_t count;
};

/* ---- the cells ---- */

static int
compare_cells(const struct tagged_cell *a, const struct tagged_cell *b)
{
	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

static int
by_place(const void *va, const void *vb, void *ctx)
{
	const uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;
	const struct tagged_cell *cells = ctx;
	const int order = compare_cells(&cells[a], &cells[b]);

	return order ? order : (a > b) - (a < b);
}

/* One cell for all items of the page that name it, with its words. */
static void
place_cells(struct tagged_search *s)
{
	const struct page *p = s->l->page;
	struct placed_cell *cell = NULL;

	for (size_t i = 0; i < p->tag_cell_count; i++)
		s->order[i] = (uint32_t)i;
	qsort_r(s->order, p->tag_cell_count, sizeof *s->order, by_place,
	    p->tag_cells);
	for (size_t i = 0; i < p->word_count; i++)
		if (p->words[i].tag_cell)
			s->placed[p->words[i].tag_cell - 1] = 1;
	for (size_t i = 0; i < p->tag_cell_count; i++) {
		const struct tagged_cell *at = &p->tag_cells[s->order[i]];

		if (!s->placed[s->order[i]])
			continue;
		if (!cell || compare_cells(&cell->at, at) != 0) {
			cell = &s->cells[s->count++];
			*cell = (struct placed_cell){.at = *at};
		}
		s->placed[s->order[i]] = (uint32_t)s->count;
	}
	for (size_t i = 0; i < p->word_count; i++) {
		const struct word *w = &p->words[i];

		if (!w->tag_cell)
			continue;
		cell = &s->cells[s->placed[w->tag_cell - 1] - 1];
		if (cell->words++ == 0)
			cell->box = w->box;
		box_join(&cell->box, &w->box);
	}
}

/* ---- is it sane? ---- */

/* Are words of others in its box? */
static int
has_others(const struct tagged_search *s, const struct tagged_table *t)
{
	const struct page *p = s->l->page;
	const int32_t number = t->cells[0].at.table;
	struct box all = t->cells[0].box;
	size_t own = 0, others = 0;

	for (size_t i = 0; i < t->count; i++) {
		box_join(&all, &t->cells[i].box);
		own += t->cells[i].words;
	}
	for (size_t i = 0; i < p->word_count; i++) {
		const struct word *w = &p->words[i];

		others += box_overlap_x(&w->box, &all) > 0 &&
		    box_overlap_y(&w->box, &all) > 0 &&
		    (!w->tag_cell ||
			p->tag_cells[w->tag_cell - 1].table != number);
	}
	return (double)others > foreign_part * (double)own;
}

static int
is_filled(const struct tagged_table *t)
{
	struct filled_fields f = {.fields = (size_t)t->rows *
		(size_t)t->columns,
	    .filled = t->count};

	for (size_t i = 0; i < t->count; i++) {
		const struct placed_cell *c = &t->cells[i];

		f.fields -= (size_t)c->at.rows * (size_t)c->at.columns - 1;
		f.words += c->words;
		f.most = c->words > f.most ? c->words : f.most;
	}
	return t->rows > 1 && t->columns > 1 && layout_filled_like_table(&f);
}

/* ---- taking it ---- */

/* Headers are rows at the top; a title elsewhere is a cell like others. */
static int32_t
header_rows(const struct tagged_table *t)
{
	int32_t end = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct tagged_cell *c = &t->cells[i].at;

		if (!c->header)
			return end < c->row ? end : c->row;
		end = c->row + 1;
	}
	return 0;
}

static int
add_table(struct layout *l, const struct tagged_table *t)
{
	struct ruled *all = &l->ruled;
	struct ruled_table *table;
	struct ruled_cell *cell;
	const int32_t head = header_rows(t);

	table = realloc(all->tables, (all->table_count + 1) * sizeof *table);
	if (!table)
		return -1;
	all->tables = table;
	cell = realloc(all->cells, (all->cell_count + t->count) * sizeof *cell);
	if (!cell)
		return -1;
	all->cells = cell;
	for (size_t i = 0; i < t->count; i++) {
		const struct tagged_cell *c = &t->cells[i].at;

		cell[all->cell_count++] = (struct ruled_cell){
		    .table = (uint32_t)all->table_count,
		    .row = (uint32_t)c->row,
		    .column = (uint32_t)c->column,
		    .rows = (uint32_t)c->rows,
		    .columns = (uint32_t)c->columns,
		    .header = c->row < head};
	}
	table[all->table_count++] = (struct ruled_table){
	    .rows = (uint32_t)t->rows,
	    .columns = (uint32_t)t->columns,
	    .has_header = head > 0};
	return 0;
}

/* Name the cells of the words. */
static void
take_words(const struct tagged_search *s, const struct tagged_table *t)
{
	const struct layout *l = s->l;
	const size_t first = (size_t)(t->cells - s->cells);
	const size_t named = l->ruled.cell_count - t->count;

	for (size_t i = 0; i < l->page->word_count; i++) {
		struct word *w = &l->page->words[i];
		const size_t at = w->tag_cell ? s->placed[w->tag_cell - 1] - 1
					      : SIZE_MAX;

		if (at >= first && at - first < t->count)
			w->cell = (uint32_t)(named + at - first + 1);
	}
}

/* Add the table of these cells, if it is sane. */
static int
read_table(struct tagged_search *s, struct tagged_table *t)
{
	int sane, r = 0;

	tagged_table_measure(t);
	if ((size_t)t->rows * (size_t)t->columns > FIELDS_MAX || !is_filled(t))
		return 0;
	sane = tagged_table_place(s->l, t);
	if (sane < 0)
		return -1;
	if (!sane)
		s->l->tags_lie = 1;
	else if (!has_others(s, t) && (r = add_table(s->l, t)) == 0)
		take_words(s, t);
	return r;
}

static int
read_tables(struct tagged_search *s)
{
	int r = 0, tables = 0;

	for (size_t i = 0, end; r == 0 && i < s->count; i = end) {
		struct tagged_table t = {.cells = s->cells + i};

		for (end = i; end < s->count &&
		     s->cells[end].at.table == t.cells->at.table;)
			end++;
		t.count = end - i;
		if (++tables <= TABLES_MAX)
			r = read_table(s, &t);
	}
	return r;
}

int
layout_find_tagged(struct layout *l)
{
	const size_t n = l->page->tag_cell_count;
	struct tagged_search s = {.l = l};
	int r = -1;

	if (n == 0)
		return 0;
	s.order = malloc(n * sizeof *s.order);
	s.placed = calloc(n, sizeof *s.placed);
	s.cells = malloc(n * sizeof *s.cells);
	if (s.order && s.placed && s.cells) {
		place_cells(&s);
		r = read_tables(&s);
	}
	free(s.order);
	free(s.placed);
	free(s.cells);
	return r;
}
