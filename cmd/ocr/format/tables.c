/* tables.c - tables as JSON, one cell per line.
 *
 * A table stays open until it is known that the next page does not go on with
 * it; so the number of its rows comes last. */
#include "format_in.h"

static void
tables_begin(struct format_state *s, struct pc_buf *out)
{
	(void)s;
	pc_json_begin_object(out, NULL);
	pc_json_begin_array(out, "tables");
}

static void
close_table(const struct table_state *s, struct pc_buf *out)
{
	if (s->columns == 0)
		return;
	pc_buf_addf(out, "\n");
	pc_json_end_array(out);
	pc_json_add_uint(out, "rows", s->rows);
	pc_json_end_object(out);
}

static void
open_table(const struct page *p, const struct block *b, int first,
    struct pc_buf *out)
{
	pc_buf_addf(out, "%s\n", first ? "" : ",");
	pc_json_begin_object(out, NULL);
	pc_json_add_uint(out, "page", p->number);
	format_json_box(out, &b->box);
	pc_json_add_uint(out, "columns", b->columns);
	pc_json_begin_array(out, "cells");
}

/* Append the cells below the row `skip`. */
static void
add_cells(const struct page *p, const struct block *b, uint32_t above,
    uint32_t skip, struct pc_buf *out)
{
	for (size_t i = b->first_cell; i < b->first_cell + b->cell_count; i++) {
		if (p->cells[i].row < skip)
			continue;
		pc_buf_addf(out, "%s\n", skip || i > b->first_cell ? "," : "");
		pc_json_begin_object(out, NULL);
		if (skip)
			pc_json_add_uint(out, "page", p->number);
		format_json_cell(p, i, above, out);
		pc_json_end_object(out);
	}
}

static void
tables_page(struct format_state *s, const struct page *p, struct pc_buf *out)
{
	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];
		const struct table_state last = s->table;
		uint32_t above, skip;

		if (b->cell_count == 0)
			continue;
		if (!format_table_goes_on(&s->table, p, b, &above, &skip)) {
			close_table(&last, out);
			open_table(p, b, last.columns == 0, out);
		}
		add_cells(p, b, above, skip, out);
	}
	out->failed |= s->table.head.failed;
}

static void
tables_end(struct format_state *s, struct pc_buf *out)
{
	close_table(&s->table, out);
	pc_buf_addf(out, "\n");
	pc_json_end_array(out);
	pc_json_end_object(out);
	pc_buf_addf(out, "\n");
}

const struct format_writer format_tables_writer = {.words = 1,
    .begin_with = tables_begin,
    .page_with = tables_page,
    .end_with = tables_end};
