/* md_table.c - a table in Markdown.
 *
 * GitHub's tables have one row of header and no cells that cover others, so
 * tables that need these are HTML. */
#include "format_in.h"

#include <string.h>

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

/* Is there a cell that covers others, or a header of several rows? */
static int
needs_html(const struct page *p, const struct block *b)
{
	for (size_t i = b->first_cell; i < b->first_cell + b->cell_count; i++) {
		const struct cell *c = &p->cells[i];

		if (c->rows > 1 || c->columns > 1 || (c->header && c->row > 0))
			return 1;
	}
	return 0;
}

/* ---- cells with bars between them ---- */

static void
add_cell(const struct page *p, size_t i, struct pc_buf *out)
{
	struct pc_buf text = {0};

	format_cell_line(p, i, &text);
	add(out, " ");
	format_md_text(out, (const char *)text.data, text.len, MD_CELL);
	add(out, " |");
	out->failed |= text.failed;
	pc_buf_clear(&text);
}

static void
add_bars(const struct page *p, const struct block *b, struct pc_buf *out)
{
	const size_t end = b->first_cell + b->cell_count;
	size_t i = b->first_cell;

	for (uint32_t row = 0; row < b->rows; row++) {
		add(out, "|");
		for (uint32_t k = 0; k < b->columns; k++)
			if (i < end && p->cells[i].row == row &&
			    p->cells[i].column == k)
				add_cell(p, i++, out);
			else
				add(out, "  |");
		add(out, "\n");
		if (row > 0)
			continue;
		add(out, "|");
		for (uint32_t k = 0; k < b->columns; k++)
			add(out, " --- |");
		add(out, "\n");
	}
}

/* ---- HTML ---- */

static void
add_html_cell(const struct page *p, size_t i, struct pc_buf *out)
{
	const struct cell *c = &p->cells[i];
	const char *name = c->header ? "th" : "td";
	struct pc_buf text = {0};

	pc_buf_addf(out, "<%s", name);
	if (c->rows > 1)
		pc_buf_addf(out, " rowspan=\"%u\"", c->rows);
	if (c->columns > 1)
		pc_buf_addf(out, " colspan=\"%u\"", c->columns);
	add(out, ">");
	format_cell_line(p, i, &text);
	format_xml(out, text.data, text.len);
	pc_buf_addf(out, "</%s>", name);
	out->failed |= text.failed;
	pc_buf_clear(&text);
}

static void
add_html(const struct page *p, const struct block *b, struct pc_buf *out)
{
	const size_t end = b->first_cell + b->cell_count;
	/* The row below the last one that a cell of each column covers. */
	uint32_t below[TABLE_COLUMNS_MAX] = {0};
	size_t i = b->first_cell;

	add(out, "<table>\n");
	for (uint32_t row = 0; row < b->rows; row++) {
		add(out, "<tr>");
		for (uint32_t k = 0; k < b->columns;) {
			const struct cell *c = &p->cells[i];

			if (i == end || c->row != row || c->column != k) {
				if (below[k++] <= row)
					add(out, "<td></td>");
				continue;
			}
			add_html_cell(p, i++, out);
			for (; k < c->column + c->columns; k++)
				below[k] = row + c->rows;
		}
		add(out, "</tr>\n");
	}
	add(out, "</table>\n");
}

void
format_md_table(const struct page *p, const struct block *b, struct pc_buf *out)
{
	if (b->cell_count == 0)
		return;
	if (needs_html(p, b))
		add_html(p, b, out);
	else
		add_bars(p, b, out);
}
