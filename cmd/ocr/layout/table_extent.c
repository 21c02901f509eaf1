/* table_extent.c - how far up and down a table reaches.
 *
 * The rows that were found are aligned.  Titles above them may not be: several
 * are so close that they look like one text, or one covers several columns.
 * The rules above and below a table bound it too. */
#include "table_extent.h"

#include <math.h>
#include <string.h>

enum {
	HEAD_ROWS = 3,     /* rows of titles, at most */
	RULE_COVERED = 90, /* per cent of the table's width */
	RULE_NEAR = 150,   /* 1/100 point: parts of one rule */
	HEAD_COLUMNS = 3,  /* fewer columns could be a sentence's words */
};

/* Lengths are in letter sizes. */
static const double beyond = 3;   /* a rule may be longer at each side */
static const double rise = 7;     /* height of the titles below a rule */
static const double centered = 1; /* how far a title is off its columns */
/* gaps between titles are wider than those in a title by this factor */
static const double gap_wider = 1.15;

struct columns {
	struct box box[TABLE_COLUMNS_MAX]; /* only x0 and x1 matter */
	size_t count;
};

/* Pieces of one row, in the search's order. */
struct order_row {
	size_t first, end;
	struct box box;
	double base, size;
};

static const struct piece *
piece_at(const struct table_search *s, size_t i)
{
	return &s->l->pieces[s->order[i]];
}

/* ---- the columns of the rows that were found ---- */

/* The column that the box is over; the count: it is over none or several. */
static size_t
column_over(const struct columns *c, const struct box *b)
{
	size_t found = c->count;

	for (size_t k = 0; k < c->count; k++) {
		if (box_overlap_x(&c->box[k], b) <= 0)
			continue;
		if (found < c->count)
			return c->count;
		found = k;
	}
	return found;
}

static void
find_columns(const struct table_search *s, size_t first, size_t end,
    struct columns *c)
{
	size_t rich = first;

	for (size_t r = first; r < end; r++)
		if (s->rows[r].count > s->rows[rich].count)
			rich = r;
	c->count = 0;
	for (size_t i = 0;
	     i < s->rows[rich].count && c->count < TABLE_COLUMNS_MAX; i++)
		c->box[c->count++] =
		    s->l->pieces[s->cells[s->rows[rich].first + i]].box;
	for (size_t r = first; r < end; r++)
		for (size_t i = 0; i < s->rows[r].count; i++) {
			const struct box *b =
			    &s->l->pieces[s->cells[s->rows[r].first + i]].box;
			const size_t k = column_over(c, b);

			if (k < c->count)
				box_join(&c->box[k], b);
		}
}

/* ---- rows above and below ---- */

/* The row that ends before index `end` of the order, if it may belong to the
 * table; 0: there is none. */
static int
row_above(const struct table_search *s, const struct table_extent *e,
    size_t end, struct order_row *row)
{
	const struct piece *p;

	if (end <= s->next)
		return 0;
	p = piece_at(s, end - 1);
	*row = (struct order_row){.first = end,
	    .end = end,
	    .box = p->box,
	    .base = p->m.base,
	    .size = p->m.size};
	while (row->first > s->next) {
		p = piece_at(s, row->first - 1);
		if (p->column != e->column || p->table || p->turned ||
		    row->base - p->m.base > row_shift * row->size)
			break;
		box_join(&row->box, &p->box);
		row->first--;
	}
	return row->first < end;
}

static int
row_below(const struct table_search *s, const struct table_extent *e,
    size_t first, struct order_row *row)
{
	const struct piece *p;

	if (first >= s->l->piece_count)
		return 0;
	p = piece_at(s, first);
	*row = (struct order_row){.first = first,
	    .end = first,
	    .box = p->box,
	    .base = p->m.base,
	    .size = p->m.size};
	while (row->end < s->l->piece_count) {
		p = piece_at(s, row->end);
		if (p->column != e->column || p->table || p->turned ||
		    p->m.base - row->base > row_shift * row->size)
			break;
		box_join(&row->box, &p->box);
		row->end++;
	}
	return row->end > first;
}

static int
is_within(const struct order_row *row, const struct box *box, double by)
{
	return row->box.x0 >= box->x0 - by && row->box.x1 <= box->x1 + by;
}

static void
adopt_above(struct table_extent *e, const struct order_row *row)
{
	box_join(&e->box, &row->box);
	e->top = row->base - row_shift * row->size;
	e->first = row->first;
}

/* ---- titles ---- */

/* What the words of a row that may be titles have in common. */
struct titles {
	uint64_t columns;      /* bits */
	double inside, beside; /* the widest gap in a title, and the narrowest
				* one between two */
};

/* 0: the piece's words are not titles of single columns. */
static int
read_titles(const struct table_search *s, const struct columns *c,
    const struct piece *p, struct titles *t)
{
	const struct word *w = s->l->page->words + p->first;
	size_t last = c->count;

	for (size_t i = 0; i < p->count; i++) {
		const size_t k = column_over(c, &w[i].box);
		const double gap = i > 0 ? (double)w[i].box.x0 - w[i - 1].box.x1
					 : 0;

		if (k == c->count || (last < c->count && k < last))
			return 0;
		if (i > 0 && k == last && gap > t->inside)
			t->inside = gap;
		if (i > 0 && k != last && gap < t->beside)
			t->beside = gap;
		t->columns |= (uint64_t)1 << k;
		last = k;
	}
	return 1;
}

static int
ends_sentence(const struct table_search *s, const struct piece *p)
{
	const struct word *w = &s->l->page->words[p->first + p->count - 1];

	return w->length > 0 && strchr(".:;,!?", w->text[w->length - 1]);
}

/* Does each column but the first have a title of its own? */
static int
has_column_titles(const struct table_search *s, const struct columns *c,
    const struct order_row *row)
{
	struct titles t = {.beside = INFINITY};

	if (c->count < HEAD_COLUMNS)
		return 0;
	for (size_t i = row->first; i < row->end; i++)
		if (!read_titles(s, c, piece_at(s, i), &t) ||
		    ends_sentence(s, piece_at(s, i)))
			return 0;
	return (size_t)__builtin_popcountll(t.columns | 1) == c->count &&
	    t.beside > gap_wider * t.inside;
}

/* The number of columns that the title is in the middle above; 0: none.
 * *first gets the first one. */
static size_t
columns_below(const struct columns *c, const struct box *b, double off,
    size_t *first)
{
	for (size_t k = 0; k < c->count; k++)
		for (size_t end = k + 1; end <= c->count; end++) {
			const struct box all = {.x0 = c->box[k].x0,
			    .x1 = c->box[end - 1].x1};

			*first = k;
			if (box_width(&all) + off >= box_width(b) &&
			    table_aligned(&all, b, off) &&
			    fabs(((double)all.x0 + all.x1 - b->x0 - b->x1) /
				2) <= (end - k > 1 ? off : box_width(&all)))
				return end - k;
		}
	return 0;
}

/* Is each piece a title above columns, and one of them above several? */
static int
has_wide_titles(const struct table_search *s, const struct columns *c,
    const struct order_row *row)
{
	const double off = centered * row->size;
	const struct box all = {.x0 = c->box[0].x0,
	    .x1 = c->box[c->count - 1].x1};
	size_t most = 0, first = 0;

	if (row->end - row->first >= c->count)
		return 0;
	for (size_t i = row->first; i < row->end; i++) {
		const struct piece *p = piece_at(s, i);
		const size_t n = columns_below(c, &p->box, off, &first);

		if (n == 0 || p->prose || ends_sentence(s, p))
			return 0;
		most = n > most ? n : most;
	}
	/* A title of the whole table is not one of its columns. */
	return most > 1 &&
	    (row->end - row->first > 1 ||
		(first > 0 && row->box.x0 > c->box[0].x1 &&
		    !table_aligned(&row->box, &all, off)));
}

/* Is each piece a cell of a column of its own? */
static int
has_cells(const struct table_search *s, const struct columns *c,
    const struct order_row *row)
{
	size_t last = c->count;

	for (size_t i = row->first; i < row->end; i++) {
		const struct box *b = &piece_at(s, i)->box;
		const size_t k = column_over(c, b);

		if (k == c->count || k == last ||
		    !table_aligned(&c->box[k], b, edge_shift * row->size))
			return 0;
		last = k;
	}
	return row->end - row->first > 1 &&
	    2 * (row->end - row->first) >= c->count;
}

/* Is the row one title of the first column, in the middle beside others? */
static int
is_first_title(const struct columns *c, const struct order_row *row)
{
	return row->end - row->first == 1 && column_over(c, &row->box) == 0 &&
	    fabs((double)row->box.x0 - c->box[0].x0) <= edge_shift * row->size;
}

static void
adopt_titles(const struct table_search *s, const struct columns *c,
    struct table_extent *e)
{
	struct order_row row;
	size_t end = e->first;
	int32_t top = e->box.y0;

	for (int n = 0; n < HEAD_ROWS && row_above(s, e, end, &row); n++) {
		if (top - row.box.y1 > (rows_apart - 1) * row.size ||
		    !is_within(&row, &e->box, centered * row.size))
			return;
		if (has_column_titles(s, c, &row) ||
		    has_wide_titles(s, c, &row) || has_cells(s, c, &row))
			adopt_above(e, &row);
		else if (!is_first_title(c, &row))
			return;
		end = row.first;
		top = row.box.y0;
	}
}

/* ---- rules ---- */

/* Does a rule at this height reach from end to end of the table, and not far
 * beyond it?  It may have a part for each cell. */
static int
is_ruled(const struct page *p, const struct box *box, int32_t y, double size)
{
	const double by = beyond * size;
	int64_t covered = 0;

	for (size_t i = 0; i < p->rule_count; i++) {
		const struct box *r = &p->rules[i];
		const int32_t at = r->y0 + box_height(r) / 2;

		if (box_height(r) > box_width(r) || at < y - RULE_NEAR ||
		    at > y + RULE_NEAR)
			continue;
		if (r->x0 < box->x0 - by || r->x1 > box->x1 + by)
			return 0;
		if (box_overlap_x(r, box) > 0)
			covered += box_overlap_x(r, box);
	}
	return covered * 100 >= (int64_t)box_width(box) * RULE_COVERED;
}

/* Find the highest and the lowest rule of the table between these heights.
 * Returns how many there are; a double one counts once. */
static size_t
find_rules(const struct page *p, const struct box *box, double size,
    int32_t range[2])
{
	int32_t high = INT32_MAX, low = INT32_MIN;
	size_t n = 0;

	for (size_t i = 0; i < p->rule_count; i++) {
		const struct box *r = &p->rules[i];
		const int32_t at = r->y0 + box_height(r) / 2;

		if (box_height(r) > box_width(r) || at < range[0] ||
		    at > range[1] || (at >= high && at <= low) ||
		    !is_ruled(p, box, at, size))
			continue;
		n += n == 0 || at < high - RULE_NEAR || at > low + RULE_NEAR;
		high = at < high ? at : high;
		low = at > low ? at : low;
	}
	range[0] = high;
	range[1] = low;
	return n;
}

/* May the row be the first or last one between rules?  A heading, or a note,
 * begins at the left and is alone. */
static int
is_outer_row(const struct columns *c, const struct order_row *row)
{
	return row->end - row->first > 1 || row->box.x0 > c->box[0].x1;
}

static int
fits(const struct table_search *s, const struct table_extent *e,
    const struct order_row *row)
{
	for (size_t i = row->first; i < row->end; i++)
		if (piece_at(s, i)->prose && row->end - row->first == 1)
			return 0;
	return is_within(row, &e->box, beyond * row->size);
}

static void
adopt_below_rule(const struct table_search *s, const struct columns *c,
    struct table_extent *e, int32_t rule)
{
	struct order_row row;

	for (size_t end = e->first; row_above(s, e, end, &row) &&
	     row.box.y0 + row.size / 2 > rule && fits(s, e, &row);
	     end = row.first)
		if (is_outer_row(c, &row))
			adopt_above(e, &row);
}

static void
adopt_above_rule(const struct table_search *s, const struct columns *c,
    struct table_extent *e, int32_t rule)
{
	struct order_row row;

	for (size_t first = e->end; row_below(s, e, first, &row) &&
	     row.box.y1 - row.size / 2 < rule && fits(s, e, &row);
	     first = row.end) {
		if (!is_outer_row(c, &row))
			continue;
		box_join(&e->box, &row.box);
		e->bottom = row.base + row_shift * row.size;
		e->end = row.end;
	}
}

static void
adopt_between_rules(const struct table_search *s, const struct columns *c,
    struct table_extent *e, double size)
{
	const int32_t by = (int32_t)(rise * size);
	int32_t range[2] = {e->box.y0 - by, e->box.y1 + by};

	if (s->l->page->rule_count < 2 ||
	    find_rules(s->l->page, &e->box, size, range) < 2)
		return;
	if (range[0] < e->box.y0)
		adopt_below_rule(s, c, e, range[0]);
	if (range[1] > e->box.y1)
		adopt_above_rule(s, c, e, range[1]);
}

/* ---- the table ---- */

void
table_find_extent(const struct table_search *s, size_t first, size_t end,
    struct table_extent *e)
{
	const struct table_row *top = &s->rows[first],
			       *bottom = &s->rows[end - 1];
	struct columns c;

	*e = (struct table_extent){.box = top->box,
	    .top = top->base,
	    .bottom = bottom->base + row_shift * bottom->size,
	    .column = top->column,
	    .first = s->next};
	for (size_t r = first + 1; r < end; r++)
		box_join(&e->box, &s->rows[r].box);
	while (e->first < s->l->piece_count &&
	    (piece_at(s, e->first)->column < e->column ||
		(piece_at(s, e->first)->column == e->column &&
		    piece_at(s, e->first)->m.base < e->top)))
		e->first++;
	e->end = e->first;
	while (e->end < s->l->piece_count &&
	    piece_at(s, e->end)->column == e->column &&
	    piece_at(s, e->end)->m.base <= e->bottom)
		e->end++;
	find_columns(s, first, end, &c);
	adopt_between_rules(s, &c, e, top->size);
	adopt_titles(s, &c, e);
}
