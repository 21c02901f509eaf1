/* ruled_cells.c - the cells of a table that are bounded by drawn lines, or
 * tagged. */
#include "grid.h"

const struct ruled_cell *
layout_ruled_cell(const struct layout *l, const struct word *w)
{
	return w->cell ? &l->ruled.cells[w->cell - 1] : NULL;
}

int
layout_block_is_ruled(const struct layout *l, const struct block *b)
{
	const struct page *p = l->page;

	return l->ruled.table_count > 0 && b->count > 0 &&
	    p->lines[b->first].count > 0 &&
	    p->words[p->lines[b->first].first].cell > 0;
}

/* Add a cell without text for each of the table's, in their order; those of
 * other tables stay out.  Returns the first one's index in l->ruled. */
static size_t
add_empty_cells(const struct layout *l, uint32_t table, int *result)
{
	size_t first = 0, end;

	while (l->ruled.cells[first].table != table)
		first++;
	for (end = first; *result == 0 && end < l->ruled.cell_count &&
	     l->ruled.cells[end].table == table;
	     end++) {
		const struct ruled_cell *c = &l->ruled.cells[end];
		const struct cell cell = {.row = c->row,
		    .column = c->column,
		    .rows = c->rows,
		    .columns = c->columns,
		    .header = c->header};

		*result = page_add_cell(l->page, &cell);
	}
	return first;
}

static void
add_word(struct page *p, struct word *w, size_t line, uint32_t number)
{
	struct cell *cell = &p->cells[number - 1];

	if (cell->end == 0) {
		cell->box = w->box;
		cell->first = line;
	}
	box_join(&cell->box, &w->box);
	cell->end = line + 1;
	w->cell = number;
}

/* ---- the header ---- */

/* Is the cell's text a title, not a value? */
static int
is_title(const struct page *p, size_t i)
{
	const struct cell *c = &p->cells[i];
	size_t words = 0, letters = 0, years = 0;

	for (size_t j = c->first; j < c->end; j++)
		for (size_t k = 0; k < p->lines[j].count; k++) {
			const struct word *w = &p->words[p->lines[j].first + k];

			if (w->cell != i + 1)
				continue;
			words++;
			letters += (size_t)grid_has_letters(w);
			years += (size_t)grid_is_year(w);
		}
	return letters > 0 || (words == 1 && years == 1);
}

/* Are all texts of this row titles?  *end gets the end of the lowest cell;
 * *more: a title covers several columns, so those of each are below it. */
static int
has_titles(const struct page *p, const struct block *b, uint32_t row,
    uint32_t *end, int *more)
{
	*more = 0;
	for (size_t i = b->first_cell; i < b->first_cell + b->cell_count; i++) {
		const struct cell *c = &p->cells[i];

		if (c->row != row)
			continue;
		if (!is_title(p, i))
			return 0;
		*end = c->row + c->rows > *end ? c->row + c->rows : *end;
		*more |= c->columns > 1;
	}
	return 1;
}

static void
find_head(struct page *p, const struct block *b)
{
	uint32_t head = 0;
	int more = 1;

	for (uint32_t row = 0; more && row < HEAD_MAX; row++)
		if (!has_titles(p, b, row, &head, &more))
			break;
	for (size_t i = b->first_cell; i < b->first_cell + b->cell_count; i++)
		p->cells[i].header = head < b->rows && p->cells[i].row < head;
}

int
layout_add_ruled_cells(const struct layout *l, struct block *b)
{
	struct page *p = l->page;
	const struct ruled_cell *any = layout_ruled_cell(l,
	    &p->words[p->lines[b->first].first]);
	const struct ruled_table *t = &l->ruled.tables[any->table];
	size_t first;
	int r = 0;

	b->first_cell = p->cell_count;
	b->rows = t->rows;
	b->columns = t->columns;
	first = add_empty_cells(l, any->table, &r);
	b->cell_count = p->cell_count - b->first_cell;
	if (r < 0)
		return -1;
	for (size_t i = b->first; i < b->first + b->count; i++)
		for (size_t j = 0; j < p->lines[i].count; j++) {
			struct word *w = &p->words[p->lines[i].first + j];

			add_word(p, w, i,
			    (uint32_t)(w->cell - first + b->first_cell));
		}
	if (!t->has_header)
		find_head(p, b);
	return 0;
}
