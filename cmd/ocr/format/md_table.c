/* md_table.c - a table in Markdown.
 *
 * A row's words are one cell until a gap is wider than 1.2 times the line's
 * height.  The row with the most cells defines the columns.  Cells of other
 * rows go to the column that they overlap most, or to the nearest one.  This
 * works for columns set flush left, flush right and centred. */
#include "format_in.h"

#include "ocr/page/letters.h"

enum { COLUMNS_MAX = 64 }; /* further cells join the last column */

struct span {
	int32_t x0, x1;
};

struct cells {
	size_t n;
	struct span at[COLUMNS_MAX];
};

/* The box's span from left to right, measured from the side where lines
 * begin. */
static struct span
across(const struct page *p, const struct box *b)
{
	return p->rtl ? (struct span){-b->x1, -b->x0}
		      : (struct span){b->x0, b->x1};
}

/* A position in the words of the lines that form one row. */
struct reader {
	const struct page *page;
	const struct line *line;
	size_t lines, word; /* lines left; next word in the line */
	const struct word *last;
};

/* How many lines, from line i on, stand side by side? */
static size_t
row_lines(const struct page *p, const struct block *b, size_t i)
{
	const struct line *l = &p->lines[b->first];
	const struct box *first = &l[i].box;
	int32_t x1 = across(p, first).x1;
	size_t n = 1;

	for (; i + n < b->count; n++) {
		const struct box *next = &l[i + n].box;
		const struct span at = across(p, next);
		int64_t middle = ((int64_t)next->y0 + next->y1) / 2;

		if (middle < first->y0 || middle > first->y1 || at.x0 < x1)
			break;
		x1 = at.x1;
	}
	return n;
}

static struct reader
read_row(const struct page *p, const struct block *b, size_t i, size_t lines)
{
	return (struct reader){.page = p,
	    .line = &p->lines[b->first + i],
	    .lines = lines};
}

/* The next word, or NULL at the end.  Sets *fresh if it begins a cell. */
static const struct word *
next_word(struct reader *r, int *fresh)
{
	const struct word *w;
	int64_t height;

	while (r->lines > 0 && r->word == r->line->count) {
		r->line++;
		r->lines--;
		r->word = 0;
	}
	if (r->lines == 0)
		return NULL;
	w = &r->page->words[r->line->first + r->word];
	height = w->turned & 1 ? (int64_t)w->box.x1 - w->box.x0
			       : (int64_t)r->line->box.y1 - r->line->box.y0;
	*fresh = r->word++ == 0 ||
	    5 *
		    ((int64_t)across(r->page, &w->box).x0 -
			across(r->page, &r->last->box).x1) >
		6 * height;
	r->last = w;
	return w;
}

static void
find_cells(struct reader r, struct cells *c)
{
	const struct word *w;
	int fresh;

	c->n = 0;
	while ((w = next_word(&r, &fresh))) {
		const struct span at = across(r.page, &w->box);

		if (fresh && c->n < COLUMNS_MAX)
			c->at[c->n++] = at;
		else if (at.x1 > c->at[c->n - 1].x1)
			c->at[c->n - 1].x1 = at.x1;
	}
}

static void
find_columns(const struct page *p, const struct block *b, struct cells *columns)
{
	size_t lines;

	columns->n = 0;
	for (size_t i = 0; i < b->count; i += lines) {
		struct cells c;

		lines = row_lines(p, b, i);
		find_cells(read_row(p, b, i, lines), &c);
		if (c.n > columns->n)
			*columns = c;
	}
}

/* The distance between two spans; less than 0: they overlap by that much. */
static int64_t
distance(const struct span *a, const struct span *b)
{
	int32_t from = a->x0 > b->x0 ? a->x0 : b->x0;
	int32_t to = a->x1 < b->x1 ? a->x1 : b->x1;

	return (int64_t)from - to;
}

/* Assign a column to each cell, from left to right. */
static void
place_cells(const struct cells *c, const struct cells *columns,
    size_t place[COLUMNS_MAX])
{
	size_t next = 0;

	for (size_t i = 0; i < c->n; i++) {
		/* Leave one column for each of the cells that follow. */
		size_t best = next, last = columns->n - (c->n - i);

		for (size_t k = next + 1; k <= last; k++)
			if (distance(&c->at[i], &columns->at[k]) <
			    distance(&c->at[i], &columns->at[best]))
				best = k;
		place[i] = best;
		next = best + 1;
	}
}

/* Append empty cells up to the column. */
static void
skip(struct pc_buf *out, size_t from, size_t to)
{
	for (; from < to; from++)
		pc_buf_add(out, "  |", 3);
}

static void
add_cell(struct pc_buf *out, struct pc_buf *text)
{
	pc_buf_add(out, " ", 1);
	format_md_text(out, (const char *)text->data, text->len, MD_CELL);
	pc_buf_add(out, " |", 2);
	text->len = 0;
}

static void
add_row(struct pc_buf *out, struct reader r, const struct cells *columns)
{
	struct cells c;
	struct pc_buf text = {0};
	const struct word *w, *last = NULL;
	size_t place[COLUMNS_MAX], cell = 0;
	int fresh;

	find_cells(r, &c);
	place_cells(&c, columns, place);
	pc_buf_add(out, "|", 1);
	while ((w = next_word(&r, &fresh))) {
		if (fresh && cell < COLUMNS_MAX) {
			if (cell > 0)
				add_cell(out, &text);
			skip(out, cell > 0 ? place[cell - 1] + 1 : 0,
			    place[cell]);
			cell++;
		}
		if (text.len > 0 && !words_join(last, w))
			pc_buf_add(&text, " ", 1);
		pc_buf_add(&text, w->text, w->length);
		last = w;
	}
	if (cell > 0)
		add_cell(out, &text);
	skip(out, cell > 0 ? place[cell - 1] + 1 : 0, columns->n);
	pc_buf_add(out, "\n", 1);
	out->failed |= text.failed;
	pc_buf_clear(&text);
}

void
format_md_table(const struct page *p, const struct block *b, struct pc_buf *out)
{
	struct cells columns;
	size_t lines;

	find_columns(p, b, &columns);
	if (columns.n == 0)
		return;
	for (size_t i = 0; i < b->count; i += lines) {
		lines = row_lines(p, b, i);
		add_row(out, read_row(p, b, i, lines), &columns);
		if (i > 0)
			continue;
		pc_buf_add(out, "|", 1);
		for (size_t k = 0; k < columns.n; k++)
			pc_buf_add(out, " --- |", 6);
		pc_buf_add(out, "\n", 1);
	}
}
