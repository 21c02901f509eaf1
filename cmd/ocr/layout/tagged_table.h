/* tagged_table.h - the grid of a table that the structure of a tagged PDF
 * names. */
#ifndef TAGGED_TABLE_H
#define TAGGED_TABLE_H

#include "layout_in.h"

/* A cell with words of this page. */
struct placed_cell {
	struct tagged_cell at;
	struct box box;
	size_t words;
};

/* A table on this page. */
struct tagged_table {
	struct placed_cell *cells; /* row by row */
	size_t count;
	int32_t rows, columns;
};

/* Make rows count from the first one on this page, and end with the last. */
void tagged_table_measure(struct tagged_table *);
/* Find the column of each cell.  0: the places of cells contradict each other.
 * -1: out of memory. */
int tagged_table_place(const struct layout *, struct tagged_table *);

#endif
