/* grid.h - the rows and columns of a table.
 *
 * A table's words make fragments: words of a line without a gap between them.
 * Fragments side by side make a band.  A cell is the fragments of one column
 * in the bands of one row. */
#ifndef GRID_H
#define GRID_H

#include "layout_in.h"

enum { HEAD_MAX = 3 }; /* rows */

struct fragment {
	struct box box;
	size_t line;          /* in the page's lines */
	size_t word, count;   /* in the page's words */
	double base, size;    /* of its line */
	uint32_t first, last; /* columns */
	int letters;          /* it has some */
};

struct band {
	double base;
	size_t first, count; /* in the grid's fragments */
	uint64_t columns;    /* bits: those in which a fragment begins */
	uint32_t row;
};

struct grid {
	const struct layout *l;
	struct fragment *fragments; /* owned: by bands, from left to right */
	struct band *bands;         /* owned: from the top down */
	size_t fragment_count, band_count;
	struct box column[TABLE_COLUMNS_MAX]; /* only x0 and x1 are set */
	uint32_t columns, rows;
	uint32_t head; /* rows of the header */
};

/* Functions that allocate return -1 if memory runs out. */

/* ---- grid.c ---- */

/* Find the fragments and bands of the block.  Call grid_drop in any case. */
int grid_read(struct grid *, const struct block *);
void grid_drop(struct grid *);
int grid_has_letters(const struct word *);

/* ---- grid_columns.c ---- */

int grid_find_columns(struct grid *);

/* ---- grid_rows.c ---- */

/* Assign a row to each band, and count the rows of the header. */
int grid_find_rows(struct grid *);
int grid_is_year(const struct word *);

/* ---- grid_titles.c ---- */

/* Titles in the middle above several columns that have titles of their own
 * cover these. */
void grid_widen_titles(struct grid *);

#endif
