/* table_in.h - the search for rows of cells that are aligned.
 *
 * Pieces of text side by side, outside of running text, make rows.  Rows whose
 * pieces are below each other make a table, if they are not the lines of
 * something else. */
#ifndef TABLE_IN_H
#define TABLE_IN_H

#include "layout_in.h"

/* Lengths are in letter sizes. */
/* how far the baselines of one row's cells differ */
static const double row_shift = 0.3;
static const double rows_apart = 3.5; /* at most */
/* how far the edges of one column's cells differ */
static const double edge_shift = 0.4;

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

/* ---- table_rows.c ---- */

/* How many words the piece has, without dots that lead to a page number. */
double table_word_count(const struct layout *, const struct piece *);
/* Mark the pieces that are columns of running text. */
void table_find_prose(const struct layout *);
/* Sort all pieces into s->order, and those that may be cells into rows. */
void table_find_rows(struct table_search *);
/* qsort_r() compares pieces of a row by this; ctx: the pieces. */
int table_from_left(const void *, const void *, void *ctx);

/* Are the boxes' left or right edges, or their middles, less than off apart? */
int table_aligned(const struct box *, const struct box *, double off);

/* ---- table_texts.c ---- */

const struct word *table_first_word(const struct table_search *,
    const struct table_row *);
/* Are the rows [first, end) lines of texts side by side, as in columns, or of
 * two addresses? */
int table_is_texts(const struct table_search *, size_t first, size_t end);

/* ---- table_judge.c ---- */

/* Are the rows [first, end) titles and pages of a contents list? */
int table_is_contents(const struct table_search *, size_t first, size_t end);
/* Are they lines of text, of a contents list or of code? */
int table_is_other(const struct table_search *, size_t first, size_t end);

#endif
