/* layout.h - the parts of page_lay_out(). */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "ocr/page/page.h"

/* The size of the letters, and where they stand, in 1/100 point.  A line's
 * box does not say: one deep or raised word stretches it. */
struct measure {
	float size, base;
};

/* Words of one row, unbroken by a wide gap: a line, or a cell of a table. */
struct piece {
	struct box box;
	struct measure m;
	uint32_t first, count; /* of the page's words */
	uint32_t table;        /* from 1; 0: of none */
	uint32_t prose;        /* of a column of running text */
	unsigned char turned;  /* it runs otherwise than the page, as a label
				* at the edge does: quarters, as of a word */
};

struct table {
	size_t first, count; /* of tables.order */
};

struct tables {
	uint32_t *order; /* owned: pieces from the top down, left to right */
	struct table *table; /* owned */
	size_t count;
};

struct layout {
	struct page *page;
	int ink; /* boxes are around ink (OCR), not around the font's height */
	struct piece *pieces;  /* owned, both */
	struct measure *lines; /* of each of the page's lines */
	size_t piece_count;
	struct tables tables;
	double body; /* size of most of the text */
	double lead; /* from one line of it to the next */
};

/* Those that make something return -1 when memory ran out. */

/* ---- lines.c ---- */

int layout_find_pieces(struct layout *);
/* Lines and blocks from pieces and tables; puts the page's words in their
 * order. */
int layout_find_blocks(struct layout *);
/* Find lines' measures, body and lead (for pages that come with lines). */
int layout_measure(struct layout *);
/* How far may the second word be from the first, and still be of one piece?
 * alone: the first is the first of its line. */
double layout_gap_max(const struct word *, const struct word *, int alone);

/* ---- table.c ---- */

int layout_find_tables(struct layout *);
/* Are most of this block's lines rows of cells? */
int layout_block_is_table(const struct layout *, const struct block *);

/* ---- order.c ---- */

/* Put n boxes in reading order: order[] gets their numbers.  Gaps of at least
 * gutter part columns.  Where boxes cannot be parted they stay as given. */
void layout_order(const struct box *, size_t n, double gutter, size_t *order);

/* ---- classify.c ---- */

/* Mark headers and footers. */
void layout_find_margins(struct layout *);
/* Say of every other block what it is, and join the parts of lists and
 * tables. */
void layout_classify(struct layout *);

/* ---- marker.c ---- */

enum marker { MARKER_NONE, MARKER_BULLET, MARKER_NUMBER, MARKER_LETTER };

/* What a list's item begins with. */
enum marker marker_of(const struct word *);
/* How deep is the section that this word numbers?  0: it numbers none. */
int marker_section(const struct word *);
/* Do these words begin what is written under or over a figure or table?
 * 2: beyond doubt; 1: only if the rest is like it ("Table 3 shows"). */
int marker_caption(const struct word *, size_t n);

/* ---- of boxes ---- */

static inline int32_t
box_width(const struct box *b)
{
	return b->x1 - b->x0;
}

static inline int32_t
box_height(const struct box *b)
{
	return b->y1 - b->y0;
}

/* How much of the one is beside, or above, the other; less than 0: none. */
static inline int32_t
box_overlap_x(const struct box *a, const struct box *b)
{
	return (a->x1 < b->x1 ? a->x1 : b->x1) -
	    (a->x0 > b->x0 ? a->x0 : b->x0);
}

static inline int32_t
box_overlap_y(const struct box *a, const struct box *b)
{
	return (a->y1 < b->y1 ? a->y1 : b->y1) -
	    (a->y0 > b->y0 ? a->y0 : b->y0);
}

#endif
