/* ruled.h - tables whose cells are bounded by drawn lines.
 *
 * Rules that touch form a grid.  Where a rule is missing between two fields of
 * the grid, they belong to one cell. */
#ifndef RULED_H
#define RULED_H

#include "layout_in.h"

struct drawn_rule {
	int32_t at, from, to; /* its place across, and its ends along */
	int upright;
	uint32_t group; /* of rules that touch, by the index of one of them */
};

struct rules {
	struct drawn_rule *rule; /* owned: sorted by group */
	size_t count;
};

struct rule_grid {
	struct box box;
	int32_t x[TABLE_COLUMNS_MAX + 1], *y; /* y is owned: lines of the
					       * grid */
	uint32_t columns, rows;
	/* Owned: the length of the rules at the left of each field and above
	 * it; and the field in which its cell begins. */
	int32_t *left, *top;
	uint32_t *cell;
};

/* Functions that allocate return -1 if memory runs out. */

/* ---- ruled_lines.c ---- */

/* Keep the straight lines that touch others, in their groups. */
int rules_group(struct rules *, const struct page *);

/* ---- ruled_grid.c ---- */

/* Make a grid of n rules that touch.  1: they are none. */
int rule_grid_make(struct rule_grid *, const struct drawn_rule *, size_t n);
void rule_grid_drop(struct rule_grid *);
/* The field that holds the middle of the box; UINT32_MAX: none. */
uint32_t rule_grid_field(const struct rule_grid *, const struct box *);

/* ---- ruled_rows.c ---- */

/* Where rules bound columns, but not the rows in them, add rules between these
 * to the list. */
int rule_grid_part_rows(const struct layout *, const struct rule_grid *,
    struct rules *);

#endif
