/* code.c - find listings of code: their lines are kept apart, with their
 * indents.
 *
 * A listing is rows in a monospaced font, or rows that end as statements do.
 * Its words are put together, row by row, before other steps take the columns
 * that blanks make for those of a table or of text. */
#include "layout_in.h"

#include <stdlib.h>
#include <string.h>

enum {
	SHAPE_ROWS = 3, /* at least, of code in the font of the text */
	WORDS_MAX = 20000,
	LISTINGS_MAX = 200,
};

static const double rows_apart = 3.5; /* at most, in letter sizes */
/* part of the rows in a monospaced font that have signs of code */
static const double sign_part = 0.3;

/* Words side by side in a column of text. */
struct code_row {
	size_t first, count; /* in the order */
	uint32_t column;
	struct box box;
	int fixed, signs, ends; /* see find_row */
};

struct code_search {
	struct layout *l;
	uint32_t *order;       /* owned: all words by columns and rows */
	struct code_row *rows; /* owned */
	size_t row_count;
	uint32_t *columns; /* owned: of each word */
};

static const struct word *
word_at(const struct code_search *s, size_t i)
{
	return &s->l->page->words[s->order[i]];
}

static int
from_above(const void *va, const void *vb, void *ctx)
{
	const uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;
	const struct code_search *s = ctx;
	const struct box *p = &s->l->page->words[a].box,
			 *q = &s->l->page->words[b].box;

	if (s->columns[a] != s->columns[b])
		return s->columns[a] < s->columns[b] ? -1 : 1;
	if (p->y0 + p->y1 != q->y0 + q->y1)
		return p->y0 + p->y1 < q->y0 + q->y1 ? -1 : 1;
	return (a > b) - (a < b);
}

static int
from_left(const void *va, const void *vb, void *ctx)
{
	const uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;
	const struct code_search *s = ctx;
	const int32_t x = s->l->page->words[a].box.x0,
		      y = s->l->page->words[b].box.x0;

	return x != y ? (x < y ? -1 : 1) : (a > b) - (a < b);
}

/* Has the word a sign that is rare in text: a call, an operator, a brace? */
static int
has_sign(const struct word *w)
{
	for (size_t i = 0; i < w->length; i++)
		if (strchr(";{}=<>#$|\\_[]", w->text[i]) ||
		    (i > 0 && w->text[i] == '(') ||
		    (i > 0 && w->text[i] == '/' && w->text[i - 1] == '/'))
			return 1;
	return 0;
}

/* Does the word end a statement? */
static int
ends_statement(const struct word *w)
{
	const char last = w->text[w->length - 1];

	return last == '{' || last == '}' ||
	    (last == ';' && w->length > 1 &&
		strchr(")]\"'0123456789", w->text[w->length - 2]));
}

/* Read what is known of a row. */
static void
find_row(const struct code_search *s, struct code_row *row)
{
	int turned = 0;

	row->fixed = 1;
	for (size_t i = 0; i < row->count; i++) {
		const struct word *w = word_at(s, row->first + i);

		row->fixed &= (w->style & ~s->l->common_style &
				  STYLE_MONOSPACED) != 0;
		row->signs |= has_sign(w);
		turned |= w->turned || w->cell;
	}
	row->fixed &= !turned;
	row->ends = !turned &&
	    ends_statement(word_at(s, row->first + row->count - 1));
}

static void
find_rows(struct code_search *s)
{
	const struct page *p = s->l->page;
	struct code_row *row = NULL;

	for (size_t i = 0; i < p->word_count; i++)
		s->columns[i] = layout_column_of(s->l, &p->words[i].box);
	for (uint32_t i = 0; i < p->word_count; i++)
		s->order[i] = i;
	qsort_r(s->order, p->word_count, sizeof *s->order, from_above, s);
	for (size_t i = 0; i < p->word_count; i++) {
		const struct word *w = word_at(s, i);

		if (row && s->columns[s->order[i]] == row->column &&
		    box_same_row(&row->box, &w->box)) {
			box_join(&row->box, &w->box);
			row->count++;
			continue;
		}
		row = &s->rows[s->row_count++];
		*row = (struct code_row){.first = i,
		    .count = 1,
		    .column = s->columns[s->order[i]],
		    .box = w->box};
	}
	for (size_t i = 0; i < s->row_count; i++) {
		row = &s->rows[i];
		qsort_r(s->order + row->first, row->count, sizeof *s->order,
		    from_left, s);
		find_row(s, row);
	}
}

static int
may_be_code(const struct code_row *row)
{
	return row->fixed || row->ends;
}

static int
goes_on(const struct code_search *s, const struct code_row *a,
    const struct code_row *b)
{
	return a->column == b->column && may_be_code(b) &&
	    a->fixed == b->fixed &&
	    b->box.y0 - a->box.y1 < (rows_apart - 1) * s->l->body;
}

static int
is_code(const struct code_row *row, size_t n)
{
	size_t signs = 0;

	for (size_t i = 0; i < n; i++)
		signs += row[i].signs != 0;
	return row->fixed ? (double)signs >= sign_part * (double)n && signs > 0
			  : n >= SHAPE_ROWS;
}

/* Mark the words of the rows [from, end) as those of one listing. */
static void
mark_rows(const struct code_search *s, size_t from, size_t end, uint32_t code)
{
	for (; from < end; from++)
		for (size_t i = 0; i < s->rows[from].count; i++)
			s->l->page->words[s->order[s->rows[from].first + i]]
			    .code = code;
}

static uint32_t
mark(const struct code_search *s)
{
	uint32_t count = 0;
	size_t end;

	for (size_t i = 0; i < s->row_count && count < LISTINGS_MAX; i = end) {
		end = i + 1;
		if (!may_be_code(&s->rows[i]))
			continue;
		while (end < s->row_count &&
		    goes_on(s, &s->rows[end - 1], &s->rows[end]))
			end++;
		if (is_code(&s->rows[i], end - i))
			mark_rows(s, i, end, ++count);
	}
	return count;
}

/* Put the words of each listing together, where its first word is. */
static int
gather(const struct code_search *s, uint32_t count)
{
	struct page *p = s->l->page;
	struct word *words = malloc((p->word_count + 1) * sizeof *words);
	unsigned char *done = calloc(count + 1, 1);
	size_t n = 0;

	if (!words || !done) {
		free(words);
		free(done);
		return -1;
	}
	for (size_t i = 0; i < p->word_count; i++) {
		const uint32_t code = p->words[i].code;

		if (code == 0)
			words[n++] = p->words[i];
		for (size_t j = 0; code && !done[code] && j < p->word_count;
		     j++)
			if (word_at(s, j)->code == code)
				words[n++] = *word_at(s, j);
		done[code] = code > 0;
	}
	free(done);
	free(p->words);
	p->words = words;
	return 0;
}

int
layout_is_code(const struct layout *l, const struct block *b)
{
	const struct page *p = l->page;
	size_t ends = 0;

	if (!l->ink)
		return p->words[p->lines[b->first].first].code != 0;
	for (size_t i = 0; i < b->count; i++) {
		const struct line *line = &p->lines[b->first + i];

		ends += line->count > 0 &&
		    ends_statement(&p->words[line->first + line->count - 1]);
	}
	return ends >= SHAPE_ROWS && 2 * ends >= b->count;
}

int
layout_find_code(struct layout *l)
{
	const size_t n = l->page->word_count;
	struct code_search s = {.l = l};
	uint32_t count;
	int r = -1;

	if (n > WORDS_MAX)
		return 0;
	s.order = malloc((n + 1) * sizeof *s.order);
	s.rows = malloc((n + 1) * sizeof *s.rows);
	s.columns = malloc((n + 1) * sizeof *s.columns);
	if (s.order && s.rows && s.columns) {
		find_rows(&s);
		count = mark(&s);
		r = count > 0 ? gather(&s, count) : 0;
	}
	free(s.order);
	free(s.rows);
	free(s.columns);
	return r;
}
