/* cells.c - the cells of tables. */
#include "grid.h"

/* The cells of one row; one that covers no column is empty. */
struct row_cells {
	struct cell cell[TABLE_COLUMNS_MAX];
	uint32_t number[TABLE_COLUMNS_MAX]; /* in the page's cells, from 1 */
};

static void
join(struct row_cells *row, const struct fragment *f)
{
	struct cell *cell = &row->cell[f->first];
	const uint32_t columns = f->last - f->first + 1;

	if (cell->columns == 0)
		*cell = (struct cell){.box = f->box,
		    .first = f->line,
		    .end = f->line + 1};
	box_join(&cell->box, &f->box);
	if (f->line < cell->first)
		cell->first = f->line;
	if (f->line >= cell->end)
		cell->end = f->line + 1;
	if (cell->columns < columns)
		cell->columns = columns;
}

/* Add the row's cells to the page.  None covers one at its right. */
static int
add_row(const struct grid *g, struct row_cells *row, uint32_t at)
{
	struct page *p = g->l->page;

	for (uint32_t k = 0; k < g->columns; k++) {
		struct cell *cell = &row->cell[k];
		uint32_t end = k + 1;

		if (cell->columns == 0)
			continue;
		while (end < k + cell->columns && row->cell[end].columns == 0)
			end++;
		cell->row = at;
		cell->column = k;
		cell->rows = 1;
		cell->columns = end - k;
		cell->header = at < g->head;
		if (page_add_cell(p, cell) < 0)
			return -1;
		row->number[k] = (uint32_t)p->cell_count;
	}
	return 0;
}

static void
name_cells(const struct grid *g, const struct row_cells *row,
    const struct fragment *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < f[i].count; j++)
			g->l->page->words[f[i].word + j]
			    .cell = row->number[f[i].first];
}

static int
add_cells(const struct grid *g)
{
	const struct band *end = g->bands + g->band_count;
	int r = 0;

	for (const struct band *b = g->bands; r == 0 && b < end;) {
		const struct fragment *f = g->fragments + b->first;
		const uint32_t at = b->row;
		struct row_cells row = {0};
		size_t n = 0;

		for (; b < end && b->row == at; b++)
			n += b->count;
		for (size_t i = 0; i < n; i++)
			join(&row, &f[i]);
		r = add_row(g, &row, at);
		if (r == 0)
			name_cells(g, &row, f, n);
	}
	return r;
}

static int
find_cells(const struct layout *l, struct block *b)
{
	struct grid g = {.l = l};
	int r = grid_read(&g, b);

	if (r == 0 && g.fragment_count > 0)
		r = grid_find_columns(&g) | grid_find_rows(&g);
	if (r == 0)
		grid_widen_titles(&g);
	b->first_cell = l->page->cell_count;
	if (r == 0)
		r = add_cells(&g);
	b->cell_count = l->page->cell_count - b->first_cell;
	b->rows = g.rows;
	b->columns = g.columns;
	grid_drop(&g);
	return r;
}

/* ---- what may be lost ---- */

static int
has_word_at(const struct page *p, const struct box *at)
{
	for (size_t i = 0; i < p->word_count; i++)
		if (box_overlap_x(&p->words[i].box, at) > 0 &&
		    box_overlap_y(&p->words[i].box, at) > 0)
			return 1;
	return 0;
}

/* Mark the page if a table has ink that OCR could not read. */
static void
mark_unread(struct page *p)
{
	for (size_t i = 0; i < p->spot_count; i++)
		for (size_t j = 0; j < p->block_count; j++)
			if (p->blocks[j].type == BLOCK_TABLE &&
			    box_overlap_x(&p->blocks[j].box, &p->spots[i]) >
				0 &&
			    box_overlap_y(&p->blocks[j].box, &p->spots[i]) >
				0 &&
			    !has_word_at(p, &p->spots[i]))
				p->marks |= MARK_CELL_UNREAD;
}

int
layout_find_cells(struct layout *l)
{
	struct page *p = l->page;
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->block_count; i++) {
		struct block *b = &p->blocks[i];

		if (b->type != BLOCK_TABLE)
			continue;
		r = layout_block_is_ruled(l, b) ? layout_add_ruled_cells(l, b)
						: find_cells(l, b);
	}
	mark_unread(p);
	return r;
}
