/* layout_in.h - what the files of layout.h share. */
#ifndef LAYOUT_IN_H
#define LAYOUT_IN_H

#include "ocr/page/page.h"

/* The size of the letters, and where they stand, in 1/100 point.  A line's
 * box does not say: one deep or raised word stretches it. */
struct text_measure {
	float size, base;
};

/* Words of one row, unbroken by a wide gap: a line, or a cell of a table. */
struct piece {
	struct box box;
	struct text_measure m;
	uint32_t first, count; /* of the page's words */
	uint32_t table;        /* from 1; 0: of none */
	uint32_t prose;        /* of a column of running text */
	uint32_t column;       /* as layout_column_of says */
	unsigned char turned;  /* it runs otherwise than the page, as a label
				* at the edge does: quarters, as of a word */
};

struct page_table {
	size_t first, count; /* of tables.order */
};

struct page_tables {
	uint32_t *order; /* owned: pieces from the top down, left to right */
	struct page_table *table; /* owned */
	size_t count;
};

enum { GUTTERS_MAX = 32 };

struct layout {
	struct page *page;
	int ink; /* boxes are around ink (OCR), not around the font's height */
	struct piece *pieces;       /* owned, both */
	struct text_measure *lines; /* of each of the page's lines */
	size_t piece_count;
	struct page_tables tables;
	struct box gutters[GUTTERS_MAX]; /* between columns of text */
	size_t gutter_count;
	double body; /* size of most of the text */
	double lead; /* from one line of it to the next */
};

/* Those that make something return -1 when memory ran out. */

/* ---- measure.c ---- */

/* The size of a word's letters.  ink: its box is around ink. */
double layout_word_size(const struct word *, int ink);
/* Size and base of n words: means, weighted by width. */
struct text_measure layout_measure_words(const struct word *, size_t n,
    int ink);
/* Are two sizes so near that they may be of one block? */
int layout_similar_size(double, double);
/* Find the lines' measures, body and lead. */
int layout_measure(struct layout *);

/* The same of the words, before there are lines. */
int layout_measure_page(struct layout *);

/* ---- gutters.c ---- */

int layout_find_gutters(struct layout *);
/* Is b in a column at the right of that of a? */
int layout_gutter_between(const struct layout *, const struct box *a,
    const struct box *b);
/* A number for each column of text; 0: none is beside the box. */
uint32_t layout_column_of(const struct layout *, const struct box *);

/* ---- pieces.c ---- */

int layout_find_pieces(struct layout *);
/* The largest gap between two words of one piece.  alone: the first is the
 * first of its line. */
double layout_gap_max(const struct word *, const struct word *, int alone);

/* ---- lines.c ---- */

/* Make lines of pieces, and a block of each table; put the page's words in
 * the lines' order, and measure the lines. */
int layout_find_lines(struct layout *);

/* ---- blocks.c ---- */

/* Make blocks of the lines between the tables, which are blocks already. */
int layout_find_blocks(struct layout *);

/* ---- table.c ---- */

int layout_find_tables(struct layout *);
/* Are most of this block's lines rows of cells? */
int layout_block_is_table(const struct layout *, const struct block *);

/* ---- order.c ---- */

/* Put n boxes in reading order: order[] gets their numbers.  Gaps of at least
 * gutter part columns; size is that of the letters.  Where boxes cannot be
 * parted they stay as given. */
void layout_order(const struct box *, size_t n, double gutter, double size,
    size_t *order);

/* ---- classify.c ---- */

/* Headers and footers are in this part of the page's height, at its top and
 * bottom. */
#define LAYOUT_MARGIN 0.1

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

static inline int
box_same_row(const struct box *a, const struct box *b)
{
	int32_t ha = box_height(a), hb = box_height(b);

	return 2.0 * box_overlap_y(a, b) >= (ha < hb ? ha : hb);
}

#endif
