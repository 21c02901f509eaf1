/* table.c - find tables: rows of cells that are aligned. */
#include "table_extent.h"

#include <stdlib.h>

enum {
	ROWS_MIN = 3,       /* two rows are enough if they have */
	TWO_ROWS_CELLS = 3, /* this many cells each */
	LONE_ROWS_MAX = 2,  /* single lines between two rows, at most; */
	WRAPPED_MAX = 9,    /* of a cell that is above, at most */
	ROWS_COMPARED = 4,  /* with the next one */
};

/* ---- rows that belong together ---- */

/* How many cells of one row are below cells of the other?  Header cells need
 * not be aligned if each column has one. */
static size_t
match_rows(const struct table_search *s, const struct table_row *a,
    const struct table_row *b)
{
	const struct piece *p = s->l->pieces;
	size_t i = 0, j = 0, match = 0, over = 0;

	while (i < a->count && j < b->count) {
		const struct box *x = &p[s->cells[a->first + i]].box,
				 *y = &p[s->cells[b->first + j]].box;

		if (box_overlap_x(x, y) >= 0) {
			over++;
			match += (size_t)table_aligned(x, y,
			    edge_shift * b->size);
		}
		if (x->x1 < y->x1)
			i++;
		else
			j++;
	}
	if (match > 0 && over == a->count && over == b->count)
		return over;
	return match;
}

static int
close_enough(const struct table_row *a, const struct table_row *b)
{
	return a->column == b->column &&
	    b->base - a->base <=
	    rows_apart * (a->size > b->size ? a->size : b->size);
}

/* Is the only text of row b below a cell of row a, as a line of it? */
static int
wraps(const struct table_search *s, const struct table_row *a,
    const struct table_row *b)
{
	const struct piece *p = s->l->pieces;
	const struct box *box = &p[s->cells[b->first]].box;

	for (size_t i = 0; i < a->count; i++) {
		const struct box *above = &p[s->cells[a->first + i]].box;

		if (box_overlap_x(above, box) > 0 &&
		    table_aligned(above, box, edge_shift * b->size))
			return 1;
	}
	return 0;
}

/* How many cells are below those of a row of the table, from its last one up?
 * A row may have cells in other columns than the one above it. */
static size_t
match_table(const struct table_search *s, size_t first, size_t last,
    const struct table_row *b)
{
	size_t match = 0;

	for (size_t i = last + 1, n = 0; match < 2 && i > first; i--) {
		if (s->rows[i - 1].count < 2)
			continue;
		if (n++ == ROWS_COMPARED)
			break;
		match = match_rows(s, &s->rows[i - 1], b);
	}
	return match;
}

/* The end of the table that starts with row r.  *rows gets the number of rows
 * with several cells, *columns the smallest number of matches. */
static size_t
extend(const struct table_search *s, size_t r, size_t *rows, size_t *columns)
{
	size_t last = r, lone = 0, wrapped = 0;

	*rows = 1;
	*columns = s->rows[r].count;
	for (size_t i = r + 1; i < s->row_count; i++) {
		const struct table_row *a = &s->rows[last], *b = &s->rows[i];
		size_t match;

		if (!close_enough(&s->rows[i - 1], b) || b->leads)
			break;
		if (b->count < 2) {
			const int more = wraps(s, a, b);

			if ((more ? ++wrapped : ++lone) >
			    (more ? (size_t)WRAPPED_MAX : LONE_ROWS_MAX))
				break;
			continue;
		}
		match = match_table(s, r, last, b);
		if (match < 2)
			break;
		*columns = match < *columns ? match : *columns;
		(*rows)++;
		last = i;
		lone = wrapped = 0;
	}
	return last + 1;
}

/* ---- tables ---- */

static int
inside(const struct box *b, const struct box *all)
{
	return b->x0 >= all->x0 && b->x1 <= all->x1;
}

/* Assign the pieces in the table's box to it, row by row. */
static void
take(struct table_search *s, const struct table_extent *e)
{
	struct page_tables *ts = &s->l->tables;
	struct page_table *t = &ts->table[ts->count];
	struct piece *pieces = s->l->pieces;
	size_t row;

	*t = (struct page_table){
	    .first = ts->count ? t[-1].first + t[-1].count : 0};
	row = t->first;
	for (s->next = e->first; s->next < e->end; s->next++) {
		struct piece *p = &pieces[s->order[s->next]];
		struct piece *head;

		if (p->table || !inside(&p->box, &e->box))
			continue;
		p->table = (uint32_t)ts->count + 1;
		ts->order[t->first + t->count++] = s->order[s->next];
		head = &pieces[ts->order[row]];
		if (p->m.base - head->m.base > row_shift * head->m.size)
			row = t->first + t->count - 1;
		else
			p->m.base = head->m.base;
	}
	ts->count++;
}

/* Keep each row of a list of contents together, as a line. */
static void
take_contents(struct table_search *s, size_t first, size_t end)
{
	struct page_tables *ts = &s->l->tables;
	struct page_table *t = &ts->table[ts->count];

	*t = (struct page_table){.first = ts->count ? t[-1].first + t[-1].count
						    : 0,
	    .contents = 1};
	for (size_t r = first; r < end; r++)
		for (size_t i = 0; i < s->rows[r].count; i++) {
			const uint32_t one = s->cells[s->rows[r].first + i];
			struct piece *p = &s->l->pieces[one];

			p->table = (uint32_t)ts->count + 1;
			p->m.base = s->rows[r].base;
			ts->order[t->first + t->count++] = one;
		}
	ts->count++;
}

static void
sort_rows(const struct layout *l, const struct page_table *t)
{
	uint32_t *o = l->tables.order + t->first;
	size_t first = 0;

	for (size_t i = 1; i <= t->count; i++)
		if (i == t->count ||
		    l->pieces[o[i]].m.base != l->pieces[o[first]].m.base) {
			qsort_r(o + first, i - first, sizeof *o,
			    table_from_left, l->pieces);
			first = i;
		}
}

static void
find(struct table_search *s)
{
	struct table_extent e;
	size_t rows, columns, end;

	for (size_t r = 0; r < s->row_count; r = end) {
		end = r + 1;
		if (s->rows[r].count < 2 || s->rows[r].leads)
			continue;
		end = extend(s, r, &rows, &columns);
		if (rows >= ROWS_MIN && !s->l->ink &&
		    table_is_contents(s, r, end)) {
			take_contents(s, r, end);
			continue;
		}
		if ((rows >= ROWS_MIN ||
			(rows == 2 && columns >= TWO_ROWS_CELLS)) &&
		    !table_is_other(s, r, end)) {
			table_find_extent(s, r, end, &e);
			take(s, &e);
			while (end < s->row_count &&
			    s->rows[end].column == e.column &&
			    s->rows[end].base <= e.bottom)
				end++;
		}
	}
	for (size_t i = 0; i < s->l->tables.count; i++)
		sort_rows(s->l, &s->l->tables.table[i]);
}

int
layout_find_tables(struct layout *l)
{
	const size_t n = l->piece_count;
	struct table_search s = {.l = l};
	int r = -1;

	s.order = malloc((n + 1) * sizeof *s.order);
	s.cells = malloc((n + 1) * sizeof *s.cells);
	s.rows = malloc((n + 1) * sizeof *s.rows);
	l->tables.order = malloc((n + 1) * sizeof *l->tables.order);
	/* A table has at least four cells, unless it is ruled. */
	l->tables.table = malloc(
	    (n / 4 + 1 + l->ruled.table_count) * sizeof *l->tables.table);
	if (s.order && s.cells && s.rows && l->tables.order &&
	    l->tables.table) {
		table_find_prose(l);
		layout_take_ruled(l);
		table_find_rows(&s);
		find(&s);
		r = 0;
	}
	free(s.order);
	free(s.cells);
	free(s.rows);
	return r;
}
