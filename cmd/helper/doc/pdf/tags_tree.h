/* tags_tree.h - the structure tree of a tagged PDF. */
#ifndef TAGS_TREE_H
#define TAGS_TREE_H

#include "declare_in.h"

/* A cell of a table.  Rows and columns count from 0; rows and columns say how
 * many it covers. */
struct tag_cell {
	int table; /* from 1, in the document */
	int row, column, rows, columns;
	int header;
};

/* A piece of marked content, which is a leaf of the tree. */
struct tag_leaf {
	int page;   /* from 0 */
	int stream; /* id of the form whose content it is; 0: the page's own */
	int mcid;
	int order; /* its place in the tree, from 1 */
	int cell;  /* index in cells; -1: none */
	int item;  /* of a list, from 1 in the document; 0: none */
	unsigned char role;
};

struct pdf_tags {
	struct tag_leaf *leaves; /* owned, sorted by page, stream and mcid */
	struct tag_cell *cells;  /* owned */
	size_t count, cell_count;
};

/* NULL: the document is not tagged, or its tree is damaged or too large.  It is
 * read once, as it may be larger than the pages. */
const struct pdf_tags *pdf_tags_read(struct document *);
/* NULL: it is not part of the structure. */
const struct tag_leaf *pdf_tags_leaf(const struct pdf_tags *, int page,
    int stream, int mcid);

/* ---- tables (tags_table.c) ---- */

enum {
	TAG_COLUMNS_MAX = 64,
	TAG_ROWS_MAX = 100 * 1000,
};

/* A table on the way; all 0 but its number. */
struct tag_table {
	int number, row; /* row: from 1; 0: none has begun */
	int next;        /* the column of the next cell, if it is free */
	int until[TAG_COLUMNS_MAX]; /* rows before this one are taken by cells
				     * that begin above */
};

/* 0: there are too many. */
int tag_table_add_row(struct tag_table *);
/* Place a cell of the current row: *cell has its rows, columns and header.  0:
 * there is no room. */
int tag_table_place(struct tag_table *, struct tag_cell *);
/* How many rows or columns an element covers: "/RowSpan" or "/ColSpan". */
int tag_span(const struct declaring *, qpdf_oh element, const char *key);
/* Does the header cell describe its row, and not its column? */
int tag_heads_row(const struct declaring *, qpdf_oh element);

#endif
