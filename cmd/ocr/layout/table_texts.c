/* table_texts.c - texts side by side, which are not the cells of a table. */
#include "grid.h"
#include "table_in.h"

enum {
	MOST = 5,
	MOST_OF = 3,      /* three in five are most */
	ADDRESS_ROWS = 7, /* at most */
	NUMBERS = 10,     /* pieces, of which one may be a number */
};

/* Lengths are in letter sizes. */
/* lines of texts side by side are closer than this, and equally by a factor; */
static const double text_apart = 1.45, even_apart = 1.1;
static const double text_words = 2.5; /* they have this many words in a piece */
static const double address_gap = 7;  /* between two addresses, at least */

const struct word *
table_first_word(const struct table_search *s, const struct table_row *row)
{
	const struct piece *p = &s->l->pieces[s->cells[row->first]];

	return &s->l->page->words[p->first];
}

/* The right edge of the cell before this one. */
static int32_t
last_x(const struct table_search *s, const struct table_row *row, size_t i)
{
	return s->l->pieces[s->cells[row->first + i - 1]].box.x1;
}

static int
begins_small(const struct word *w)
{
	return w->length > 0 && *w->text >= 'a' && *w->text <= 'z';
}

static int
is_number(const struct layout *l, const struct piece *p)
{
	int digits = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct word *w = &l->page->words[p->first + i];

		if (grid_has_letters(w))
			return 0;
		for (size_t j = 0; j < w->length; j++)
			digits |= w->text[j] >= '0' && w->text[j] <= '9';
	}
	return digits;
}

/* What the rows look like. */
struct rows_look {
	size_t rows, cells, words;
	size_t small, first_small; /* cells that begin with a small letter */
	size_t numbers, most;      /* cells; and the most of one row */
	double apart, near;        /* distances of rows, in letter sizes */
	double gap;                /* the least gap between two cells */
	struct box box;
	int flush; /* all rows with several cells reach from edge to edge */
};

static void
look_at(const struct table_search *s, size_t first, size_t end,
    struct rows_look *k)
{
	*k = (struct rows_look){.rows = end - first,
	    .near = rows_apart,
	    .gap = 1e9,
	    .box = s->rows[first].box,
	    .flush = 1};
	for (size_t r = first; r < end; r++)
		box_join(&k->box, &s->rows[r].box);
	for (size_t r = first; r < end; r++) {
		const struct table_row *row = &s->rows[r];

		k->first_small += (size_t)begins_small(
		    table_first_word(s, row));
		k->cells += row->count;
		k->flush &= row->count < 2 ||
		    box_width(&k->box) - box_width(&row->box) <=
			edge_shift * row->size;
		k->most = row->count > k->most ? row->count : k->most;
		for (size_t i = 0; i < row->count; i++) {
			const struct piece
			    *p = &s->l->pieces[s->cells[row->first + i]];

			k->words += p->count;
			k->numbers += (size_t)is_number(s->l, p);
			k->small += (size_t)begins_small(
			    &s->l->page->words[p->first]);
			if (i > 0 && p->box.x0 - last_x(s, row, i) < k->gap)
				k->gap = p->box.x0 - last_x(s, row, i);
		}
		if (r > first) {
			const double d = (row->base - row[-1].base) / row->size;

			k->apart = d > k->apart ? d : k->apart;
			k->near = d < k->near ? d : k->near;
		}
	}
	k->gap /= s->rows[first].size;
}

/* Are the rows lines of texts side by side?  Most of them begin within a
 * sentence, also in the first column, and all are equally far apart. */
static int
is_text(const struct rows_look *k)
{
	return k->numbers * NUMBERS <= k->cells &&
	    k->apart <= even_apart * k->near && k->apart < text_apart &&
	    k->small * MOST >= k->cells * MOST_OF &&
	    k->first_small * MOST >= k->rows * MOST_OF &&
	    (k->flush || (double)k->words >= text_words * (double)k->cells);
}

/* Do rules cover the width just above the rows?  Each cell may have a part. */
static int
is_ruled(const struct layout *l, const struct rows_look *k)
{
	const double near = 2 * l->body;
	int64_t covered = 0;

	for (size_t i = 0; i < l->page->rule_count; i++) {
		const struct box *r = &l->page->rules[i];
		const int32_t by = box_overlap_x(r, &k->box);

		if (box_width(r) > box_height(r) && by > 0 &&
		    r->y0 >= k->box.y0 - near && r->y1 <= k->box.y0)
			covered += by;
	}
	return 4 * covered > 3 * (int64_t)box_width(&k->box);
}

/* Are they two short texts far from each other, as addresses or lines to sign
 * on? */
static int
is_two_texts(const struct layout *l, const struct rows_look *k)
{
	return k->most == 2 && k->numbers == 0 && k->rows <= ADDRESS_ROWS &&
	    k->apart < text_apart && k->gap > address_gap && !is_ruled(l, k);
}

int
table_is_texts(const struct table_search *s, size_t first, size_t end)
{
	struct rows_look k;

	look_at(s, first, end, &k);
	return is_text(&k) || is_two_texts(s->l, &k);
}
