/* table_rows.c - columns of running text, and rows of what may be cells. */
#include "table_in.h"

#include <math.h>
#include <stdlib.h>

enum {
	PROSE_LINES = 3, /* fewer lines are not a column of text */
	LEADER_DOTS = 4, /* at least, that lead to a page number */
	LEADER_DOTS_INK = 1,
	FIRST_WORDS = 4, /* of a row's first cell below text, at most */
};

/* Lengths are in letter sizes. */
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
/* the first cell of a row below text is less wide than this part of the text,
 * and the gap beside it is wider than this */
static const double first_part = 0.6, first_gap = 2;

double
table_word_count(const struct layout *l, const struct piece *p)
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

/* Is p the first cell of a row?  It is much shorter than the line above it, and
 * there is a wide gap between it and the next piece. */
static int
begins_row(const struct piece *above, const struct piece *p,
    const struct piece *end)
{
	const struct piece *next = p + 1;

	return next < end && p->count <= FIRST_WORDS &&
	    box_same_row(&p->box, &next->box) && next->column == p->column &&
	    next->box.x0 - p->box.x1 > first_gap * p->m.size &&
	    box_width(&p->box) < first_part * box_width(&above->box);
}

static void
judge_run(const struct layout *l, struct piece *p, size_t n)
{
	struct box box = p->box;
	double words = 0, full = 0;
	int prose;

	for (size_t i = 0; i < n; i++) {
		box_join(&box, &p[i].box);
		words += table_word_count(l, &p[i]);
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

void
table_find_prose(const struct layout *l)
{
	struct piece *p = l->pieces;
	const size_t n = l->piece_count;
	size_t first = 0;

	for (size_t i = 1; i <= n; i++)
		if (i == n || !in_run(&p[i - 1], &p[i]) ||
		    begins_row(&p[i - 1], &p[i], p + n)) {
			judge_run(l, p + first, i - first);
			first = i;
		}
	for (size_t i = 0; i < n; i++)
		p[i].prose |= l->page->words[p[i].first].code > 0;
}

/* ---- rows ---- */

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

int
table_from_left(const void *va, const void *vb, void *ctx)
{
	const uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;
	const struct piece *p = ctx;

	if (p[a].box.x0 != p[b].box.x0)
		return p[a].box.x0 < p[b].box.x0 ? -1 : 1;
	return (a > b) - (a < b);
}

void
table_find_rows(struct table_search *s)
{
	struct piece *pieces = s->l->pieces;
	struct table_row *row = NULL;
	size_t count = 0;

	for (size_t i = 0; i < s->l->piece_count; i++)
		s->order[i] = (uint32_t)i;
	qsort_r(s->order, s->l->piece_count, sizeof *s->order, from_above,
	    pieces);
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
		    sizeof *s->cells, table_from_left, pieces);
}

int
table_aligned(const struct box *a, const struct box *b, double off)
{
	return fabs((double)a->x0 - b->x0) <= off ||
	    fabs((double)a->x1 - b->x1) <= off ||
	    fabs(((double)a->x0 + a->x1 - b->x0 - b->x1) / 2) <= off;
}
