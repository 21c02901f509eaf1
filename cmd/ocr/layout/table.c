/* table.c - find tables: rows of cells that are aligned. */
#include "justified.h"
#include "layout_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROWS_MIN = 3,       /* two rows are enough if they have */
	TWO_ROWS_CELLS = 3, /* this many cells each */
	LONE_ROWS_MAX = 2,  /* single lines between two rows, at most; */
	WRAPPED_MAX = 9,    /* of a cell that is above, at most */
	PROSE_LINES = 3,    /* fewer lines are not a column of text */
	LEADER_DOTS = 4,    /* at least, that lead to a page number */
	LEADER_DOTS_INK = 1,
};

/* Lengths are in letter sizes. */
/* how far the baselines of one row's cells differ */
static const double row_shift = 0.3;
static const double rows_apart = 3.5; /* at most */
/* how far the edges of one column's cells differ */
static const double edge_shift = 0.4;
/* distance of lines in a column of text, at most, */
static const double run_apart = 2.2;
/* and of their left edges, with lists and paragraphs */
static const double run_shift = 2.5;
/* a line of text has more words on average, */
static const double prose_words = 4;
static const double sure_words = 7; /* with this many it surely is text; */
/* it fills at least this part of the column's width */
static const double prose_fill = 0.85;
static const double prose_part = 0.5; /* in at least this part of the lines */
static const double cell_words = 5;   /* cells have fewer words on average */
/* the gaps of a justified line differ by at most this */
static const double even = 0.1, even_ink = 0.25;

/* Dots that lead to a page number are not words. */
static double
word_count(const struct layout *l, const struct piece *p)
{
	const struct word *w = l->page->words + p->first;
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += w[i].length != 1 || *w[i].text != '.';
	return (double)n;
}

static int
has_leader(const struct layout *l, const struct piece *p)
{
	/* OCR reads few of them. */
	const size_t least = l->ink ? LEADER_DOTS_INK : LEADER_DOTS;
	const struct word *w = l->page->words + p->first;
	size_t run = 0;

	for (size_t i = 0; i < p->count && run < least; i++) {
		size_t dots = 0;

		while (dots < w[i].length && w[i].text[dots] == '.')
			dots++;
		run = dots == w[i].length ? run + dots : 0;
	}
	return run >= least;
}

/* ---- columns of text are not cells ---- */

static int
in_run(const struct piece *a, const struct piece *b)
{
	double d = (double)b->m.base - a->m.base;

	return d > 0 && d < run_apart * b->m.size &&
	    fabs((double)b->box.x0 - a->box.x0) < run_shift * b->m.size &&
	    box_overlap_x(&a->box, &b->box) > 0;
}

static void
judge_run(const struct layout *l, struct piece *p, size_t n)
{
	struct box box = p->box;
	double words = 0, full = 0;
	int prose;

	for (size_t i = 0; i < n; i++) {
		box_join(&box, &p[i].box);
		words += word_count(l, &p[i]);
	}
	for (size_t i = 0; i < n; i++)
		full += p[i].box.x1 - box.x0 >= prose_fill * box_width(&box);
	words /= (double)n;
	prose = words >= sure_words ||
	    (n >= PROSE_LINES && words >= prose_words &&
		full >= prose_part * (double)n);
	for (size_t i = 0; i < n; i++)
		p[i].prose = (uint32_t)prose;
}

static void
find_prose(const struct layout *l)
{
	struct piece *p = l->pieces;
	const size_t n = l->piece_count;
	size_t first = 0;

	for (size_t i = 1; i <= n; i++)
		if (i == n || !in_run(&p[i - 1], &p[i])) {
			judge_run(l, p + first, i - first);
			first = i;
		}
	for (size_t i = 0; i < n; i++)
		p[i].prose |= l->page->words[p[i].first].code > 0;
}

/* ---- rows ---- */

struct table_row {
	size_t first, count; /* in cells */
	double base, size;
	uint32_t column;
	int leads; /* dots lead to a page number: it is of a contents list */
	struct box box;
};

struct table_search {
	struct layout *l;
	uint32_t *order;        /* owned: all pieces, from the top down */
	uint32_t *cells;        /* owned: possible cells, row by row */
	struct table_row *rows; /* owned */
	size_t row_count;
	size_t next; /* index in order: the first piece that is in no table */
};

static int
from_above(const void *va, const void *vb, void *ctx)
{
	const uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;
	const struct piece *p = ctx;

	if (p[a].column != p[b].column)
		return p[a].column < p[b].column ? -1 : 1;
	if (p[a].m.base != p[b].m.base)
		return p[a].m.base < p[b].m.base ? -1 : 1;
	return (a > b) - (a < b);
}

static int
from_left(const void *va, const void *vb, void *ctx)
{
	const uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;
	const struct piece *p = ctx;

	if (p[a].box.x0 != p[b].box.x0)
		return p[a].box.x0 < p[b].box.x0 ? -1 : 1;
	return (a > b) - (a < b);
}

static void
find_rows(struct table_search *s)
{
	struct piece *pieces = s->l->pieces;
	struct table_row *row = NULL;
	size_t count = 0;

	for (size_t i = 0; i < s->l->piece_count; i++) {
		const struct piece *p = &pieces[s->order[i]];

		if (p->prose || p->table)
			continue;
		if (!row || p->column != row->column ||
		    p->m.base - row->base > row_shift * row->size) {
			row = &s->rows[s->row_count++];
			*row = (struct table_row){.first = count,
			    .base = p->m.base,
			    .column = p->column,
			    .size = p->m.size,
			    .box = p->box};
		}
		box_join(&row->box, &p->box);
		row->leads |= has_leader(s->l, p);
		s->cells[count++] = s->order[i];
		row->count++;
	}
	for (size_t i = 0; i < s->row_count; i++)
		qsort_r(s->cells + s->rows[i].first, s->rows[i].count,
		    sizeof *s->cells, from_left, pieces);
}

/* ---- rows that belong together ---- */

static int
aligned(const struct box *a, const struct box *b, double off)
{
	return fabs((double)a->x0 - b->x0) <= off ||
	    fabs((double)a->x1 - b->x1) <= off ||
	    fabs(((double)a->x0 + a->x1 - b->x0 - b->x1) / 2) <= off;
}

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
			match += (size_t)aligned(x, y, edge_shift * b->size);
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

/* Do the cells have fewer words than lines of running text? */
static int
is_sparse(const struct table_search *s, size_t first, size_t end)
{
	double words = 0, cells = 0;

	for (size_t r = first; r < end; r++)
		for (size_t i = 0; i < s->rows[r].count; i++) {
			words += word_count(s->l,
			    &s->l->pieces[s->cells[s->rows[r].first + i]]);
			cells++;
		}
	return words < cell_words * cells;
}

/* Are the rows lines of justified text? */
static int
is_justified(const struct table_search *s, size_t first, size_t end)
{
	const double same = (s->l->ink ? even_ink : even) * s->rows[first].size;
	struct justified all = {0};

	for (size_t r = first; r < end; r++) {
		const struct table_row *row = &s->rows[r];
		struct line_gaps gaps = {0};

		for (size_t i = 0; i < row->count; i++) {
			const struct piece
			    *p = &s->l->pieces[s->cells[row->first + i]];

			for (size_t j = 0; j < p->count; j++)
				line_gaps_add(&gaps,
				    &s->l->page->words[p->first + j]);
		}
		if (row->count > 1)
			justified_add(&all, &gaps, same);
	}
	return is_justified_text(&all, same) ||
	    (s->l->ink && is_running_text(&all));
}

/* The last word of the row. */
static const struct word *
last_word(const struct table_search *s, const struct table_row *row)
{
	const struct piece
	    *p = &s->l->pieces[s->cells[row->first + row->count - 1]];

	return &s->l->page->words[p->first + p->count - 1];
}

/* Do page numbers that never fall end the rows?  OCR reads only few of the dots
 * that lead to them. */
static int
is_contents(const struct table_search *s, size_t first, size_t end)
{
	long last = 0;
	int leads = first > 0 && s->rows[first - 1].leads;

	if (!s->l->ink)
		return 0;
	leads |= end < s->row_count && s->rows[end].leads;
	for (size_t r = first; r < end; r++) {
		const struct word *w = last_word(s, &s->rows[r]);
		long number = 0;

		leads |= s->rows[r].leads;
		for (size_t i = 0; i < w->length; i++) {
			if (w->text[i] < '0' || w->text[i] > '9' || i > 3)
				return 0;
			number = number * 10 + (w->text[i] - '0');
		}
		if (number < last)
			return 0;
		last = number;
	}
	return leads;
}

/* Do most rows end as lines of a program do? */
static int
is_code(const struct table_search *s, size_t first, size_t end)
{
	size_t code = 0;

	for (size_t r = first; r < end; r++) {
		const struct word *w = last_word(s, &s->rows[r]);

		code += w->length > 0 &&
		    strchr("{};", w->text[w->length - 1]) != NULL;
	}
	return 2 * code > end - first;
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
		    aligned(above, box, edge_shift * b->size))
			return 1;
	}
	return 0;
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
		match = match_rows(s, a, b);
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
take(struct table_search *s, size_t first, size_t end)
{
	struct page_tables *ts = &s->l->tables;
	struct page_table *t = &ts->table[ts->count];
	struct piece *pieces = s->l->pieces;
	const double top = s->rows[first].base,
		     bottom = s->rows[end - 1].base +
	    row_shift * s->rows[end - 1].size;
	const uint32_t column = s->rows[first].column;
	struct box box = s->rows[first].box;
	size_t row;

	for (size_t r = first + 1; r < end; r++)
		box_join(&box, &s->rows[r].box);
	*t = (struct page_table){
	    .first = ts->count ? t[-1].first + t[-1].count : 0};
	row = t->first;
	for (; s->next < s->l->piece_count; s->next++) {
		struct piece *p = &pieces[s->order[s->next]];
		struct piece *head;

		if (p->column > column ||
		    (p->column == column && p->m.base > bottom))
			break;
		if (p->table || p->column < column || p->m.base < top ||
		    !inside(&p->box, &box))
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

static void
sort_rows(const struct layout *l, const struct page_table *t)
{
	uint32_t *o = l->tables.order + t->first;
	size_t first = 0;

	for (size_t i = 1; i <= t->count; i++)
		if (i == t->count ||
		    l->pieces[o[i]].m.base != l->pieces[o[first]].m.base) {
			qsort_r(o + first, i - first, sizeof *o, from_left,
			    l->pieces);
			first = i;
		}
}

static void
find(struct table_search *s)
{
	size_t rows, columns, end;

	for (size_t r = 0; r < s->row_count; r = end) {
		end = r + 1;
		if (s->rows[r].count < 2 || s->rows[r].leads)
			continue;
		end = extend(s, r, &rows, &columns);
		if ((rows >= ROWS_MIN ||
			(rows == 2 && columns >= TWO_ROWS_CELLS)) &&
		    is_sparse(s, r, end) && !is_justified(s, r, end) &&
		    !is_contents(s, r, end) && !is_code(s, r, end))
			take(s, r, end);
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
	/* A table has at least four cells. */
	l->tables.table = malloc((n / 4 + 1) * sizeof *l->tables.table);
	if (s.order && s.cells && s.rows && l->tables.order &&
	    l->tables.table) {
		find_prose(l);
		layout_take_ruled(l);
		for (size_t i = 0; i < n; i++)
			s.order[i] = (uint32_t)i;
		qsort_r(s.order, n, sizeof *s.order, from_above, l->pieces);
		find_rows(&s);
		find(&s);
		r = 0;
	}
	free(s.order);
	free(s.cells);
	free(s.rows);
	return r;
}
