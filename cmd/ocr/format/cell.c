/* cell.c - the cells of tables as text, and in JSON. */
#include "format_in.h"

#include "ocr/page/letters.h"

/* ---- text ---- */

void
format_cell(const struct page *p, size_t i, struct pc_buf *out)
{
	const size_t start = out->len;
	const struct cell *cell = &p->cells[i];

	for (size_t line = cell->first; line < cell->end; line++) {
		const struct word *w = p->words + p->lines[line].first,
				  *last = NULL;

		for (size_t j = 0; j < p->lines[line].count; j++) {
			if (w[j].cell != i + 1)
				continue;
			if (!last && out->len > start)
				pc_buf_add(out, "\n", 1);
			else if (last && !words_join(last, &w[j]))
				pc_buf_add(out, " ", 1);
			pc_buf_add(out, w[j].text, w[j].length);
			last = &w[j];
		}
	}
}

static void
join_lines(const char *s, size_t n, struct pc_buf *out)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != '\n')
			pc_buf_add(out, s + i, 1);
		else if (i + 1 < n && !letters_join(s, i, s + i + 1, n - i - 1))
			pc_buf_add(out, " ", 1);
}

void
format_cell_line(const struct page *p, size_t i, struct pc_buf *out)
{
	struct pc_buf lines = {0}, whole = {0};

	format_cell(p, i, &lines);
	if (lines.len > 0)
		format_dehyphenate((const char *)lines.data, lines.len, &whole);
	if (whole.len > 0)
		join_lines((const char *)whole.data, whole.len, out);
	out->failed |= lines.failed | whole.failed;
	pc_buf_clear(&lines);
	pc_buf_clear(&whole);
}

/* ---- JSON ---- */

/* Append a position or size in 1/100 point as points.  A page has thousands of
 * them, and printf would take most of the time. */
void
format_json_points(struct pc_buf *out, const char *key, int64_t v)
{
	char text[24], *const end = text + sizeof text, *p = end;
	uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;

	for (int digits = 0; digits < 3 || rest > 0; digits++) {
		if (digits == 2)
			*--p = '.';
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (v < 0)
		*--p = '-';
	pc_json_add_raw(out, key, p, (size_t)(end - p));
}

void
format_json_box(struct pc_buf *out, const struct box *b)
{
	pc_json_begin_array(out, "box");
	format_json_points(out, NULL, b->x0);
	format_json_points(out, NULL, b->y0);
	format_json_points(out, NULL, b->x1);
	format_json_points(out, NULL, b->y1);
	pc_json_end_array(out);
}

void
format_json_cell(const struct page *p, size_t i, uint32_t above,
    struct pc_buf *out)
{
	const struct cell *c = &p->cells[i];
	struct pc_buf text = {0};

	pc_json_add_uint(out, "row", above + c->row);
	pc_json_add_uint(out, "column", c->column);
	if (c->rows > 1)
		pc_json_add_uint(out, "rows", c->rows);
	if (c->columns > 1)
		pc_json_add_uint(out, "columns", c->columns);
	if (c->header)
		pc_json_add_bool(out, "header", 1);
	format_json_box(out, &c->box);
	format_cell(p, i, &text);
	pc_json_add_bytes(out, "text", text.data ? (char *)text.data : "",
	    text.len);
	out->failed |= text.failed;
	pc_buf_clear(&text);
}
