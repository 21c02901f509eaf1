/* table_extent.h - how far a table reaches. */
#ifndef TABLE_EXTENT_H
#define TABLE_EXTENT_H

#include "table_in.h"

struct table_extent {
	struct box box;
	double top, bottom; /* its pieces' bases are between these */
	uint32_t column;    /* of all its pieces */
	size_t first, end;  /* in the search's order */
};

/* Find how far the table with the rows [first, end) reaches: also titles above
 * them, and what is between its rules, belong to it. */
void table_find_extent(const struct table_search *, size_t first, size_t end,
    struct table_extent *);

#endif
