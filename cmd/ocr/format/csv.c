/* csv.c - tables as CSV (RFC 4180), with an empty line between two.
 *
 * RFC 4180 knows no cells that cover others: such a cell has its text in the
 * first of them, and all rows have the same number of fields. */
#include "format_in.h"

#include <string.h>

static void
add_text(struct pc_buf *out, const struct pc_buf *text)
{
	const char *s = (const char *)text->data;

	if (text->len == 0)
		return;
	if (!memchr(s, '"', text->len) && !memchr(s, ',', text->len)) {
		pc_buf_add(out, s, text->len);
		return;
	}
	pc_buf_add(out, "\"", 1);
	for (size_t i = 0; i < text->len; i++)
		pc_buf_add(out, s[i] == '"' ? "\"\"" : s + i,
		    s[i] == '"' ? 2 : 1);
	pc_buf_add(out, "\"", 1);
}

static void
add_commas(struct pc_buf *out, uint32_t n)
{
	while (n-- > 0)
		pc_buf_add(out, ",", 1);
}

/* Append the rows from this one on. */
static void
add_rows(const struct page *p, const struct block *b, uint32_t row,
    struct pc_buf *out)
{
	const size_t end = b->first_cell + b->cell_count;
	size_t i = b->first_cell;

	while (i < end && p->cells[i].row < row)
		i++;
	for (; row < b->rows; row++) {
		uint32_t column = 0;

		for (; i < end && p->cells[i].row == row; i++) {
			struct pc_buf text = {0};

			add_commas(out, p->cells[i].column - column);
			column = p->cells[i].column;
			format_cell_line(p, i, &text);
			add_text(out, &text);
			out->failed |= text.failed;
			pc_buf_clear(&text);
		}
		add_commas(out, b->columns - 1 - column);
		pc_buf_add(out, "\r\n", 2);
	}
}

static void
csv_page(struct format_state *s, const struct page *p, struct pc_buf *out)
{
	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];
		const int first = s->table.columns == 0;
		uint32_t above, skip;

		if (b->cell_count == 0)
			continue;
		if (!format_table_goes_on(&s->table, p, b, &above, &skip) &&
		    !first)
			pc_buf_add(out, "\r\n", 2);
		add_rows(p, b, skip, out);
	}
	out->failed |= s->table.head.failed;
}

const struct format_writer format_csv_writer = {.words = 1,
    .page_with = csv_page};
