/* layout_in.h - what the files of layout.h share. */
#ifndef LAYOUT_IN_H
#define LAYOUT_IN_H

#include "ocr/page/page.h"

/* Letter size and baseline (of ink, the middle), in 1/100 point.  A line's box
 * does not give them: one raised or lowered word enlarges it. */
struct text_measure {
	float size, base;
};

/* Words of one row without a wide gap between them: a line, or a cell of a
 * table. */
struct piece {
	struct box box;
	struct text_measure m;
	uint32_t first, count; /* in the page's words */
	uint32_t table;        /* its number from 1; 0: in no table */
	uint32_t prose;        /* number of its column of running text */
	uint32_t column;       /* as layout_column_of gives it */
	unsigned char turned;  /* quarters, as of a word: its text runs in
				* another direction than the page's, as a
				* label at the edge does */
};

struct page_table {
	size_t first, count; /* in tables.order */
	int contents;        /* it is a list of contents: its rows are lines */
};

struct page_tables {
	uint32_t *order; /* owned: pieces from the top down, left to right */
	struct page_table *table; /* owned */
	size_t count;
};

/* A cell with text that drawn lines bound, or that the structure of a tagged
 * PDF names. */
struct ruled_cell {
	uint32_t table; /* index */
	uint32_t row, column, rows, columns;
	int header;
};

struct ruled_table {
	uint32_t rows, columns;
	int has_header; /* its cells say which are headers */
};

struct ruled {
	struct ruled_cell *cells;   /* owned: of each table, row by row */
	struct ruled_table *tables; /* owned */
	size_t cell_count, table_count;
};

enum { GUTTERS_MAX = 32 };

struct layout {
	struct page *page;
	int ink; /* boxes enclose ink (OCR), not the font's height */
	struct piece *pieces;       /* owned, both */
	struct text_measure *lines; /* one for each of the page's lines */
	size_t piece_count;
	struct page_tables tables;
	struct ruled ruled;
	int tags_lie; /* a table of the structure contradicts the page */
	struct box gutters[GUTTERS_MAX]; /* between columns of text */
	size_t gutter_count;
	double body;           /* letter size of most of the text */
	double lead;           /* distance of its lines */
	unsigned common_style; /* bits of enum word_style that most letters
				* have, so that they distinguish nothing */
};

/* Functions that allocate return -1 if memory runs out. */

/* ---- measure.c ---- */

struct sample {
	double value, weight;
};

/* The weighted median; sorts the n samples.  0: there are none. */
double layout_median(struct sample *, size_t n);
/* A word's letter size.  ink: its box encloses ink. */
double layout_word_size(const struct word *, int ink);
/* Letter size and baseline of n words: means, weighted by width. */
struct text_measure layout_measure_words(const struct word *, size_t n,
    int ink);
/* Are two letter sizes similar enough for one block? */
int layout_similar_size(double, double);
/* Measure the lines, and find body and lead. */
int layout_measure(struct layout *);

/* Do the same with the page's words, before there are lines. */
int layout_measure_page(struct layout *);

/* ---- weight.c ---- */

/* Set STYLE_BOLD of the words of lines that OCR found, by their strokes. */
int layout_find_bold(struct layout *);

/* ---- outstanding.c ---- */

/* In the blocks that OCR found, separate lines in bold or large letters from
 * the others, and put those of one heading together. */
int layout_part_outstanding(struct layout *);

/* ---- style.c ---- */

/* The bits of enum word_style that more than half of the page's text has. */
unsigned layout_common_style(const struct page *);
/* The bits that the whole line has, without the common ones. */
unsigned layout_line_style(const struct layout *, size_t line);
int layout_block_is_bold(const struct layout *, const struct block *);
/* Are all letters of the block capitals, and several? */
int layout_is_capitals(const struct page *, const struct block *);
/* Does a heading in bold letters begin with this line, or end before it? */
int layout_bold_changes(const struct layout *, size_t line);

/* ---- code.c ---- */

/* Find listings of code, and number the words of each. */
int layout_find_code(struct layout *);
int layout_is_code(const struct layout *, const struct block *);

/* ---- gutters.c ---- */

int layout_find_gutters(struct layout *);
/* Is b in a column to the right of that of a? */
int layout_gutter_between(const struct layout *, const struct box *a,
    const struct box *b);
/* A number for each column of text; 0: there is none beside the box. */
uint32_t layout_column_of(const struct layout *, const struct box *);

/* ---- pieces.c ---- */

int layout_find_pieces(struct layout *);
/* The largest gap between two words of one piece.  alone: the first word
 * begins its line. */
double layout_gap_max(const struct layout *, const struct word *,
    const struct word *, int alone);

/* ---- lines.c ---- */

/* Make lines of the pieces, and a block of each table; sort the page's words
 * by lines, and measure the lines. */
int layout_find_lines(struct layout *);

/* The words of the new lines, in their order. */
struct build {
	struct layout *l;
	struct word *words;
	size_t word_count;
};

/* Add the table's rows as lines to the page, and a block of them unless they
 * are a list of contents. */
int build_add_table(struct build *, const struct page_table *);

/* ---- part.c ---- */

/* Make a block of each table on a page that has lines and blocks. */
int layout_part_tables(struct layout *);

/* ---- rule_letters.c ---- */

/* Drop the words of a page with lines that are rules. */
void layout_drop_rule_letters(struct page *);

/* ---- blocks.c ---- */

/* Make blocks of the lines between the tables, which already are blocks. */
int layout_find_blocks(struct layout *);
/* Does line i leave the item of a list with which the block begins?  Its own
 * lines are indented; if none is, they are full. */
int layout_ends_item(const struct layout *, const struct block *, size_t i);
/* Does the line end with a number that is far from its text, as a title in a
 * list of contents? */
int layout_ends_with_page(const struct layout *, const struct line *);
/* Do dots lead from a title to its page number? */
int layout_has_leader(const struct page *, const struct line *);

/* ---- ruled.c ---- */

/* Find tables whose cells are bounded by drawn lines.  Until
 * layout_find_cells() each word in one names its cell in l->ruled, from 1. */
int layout_find_ruled(struct layout *);

/* How many fields of a grid have text, and how many words all and the fullest
 * one have. */
struct filled_fields {
	size_t fields, filled, words, most;
};

/* Is it a table, and not the frame of a page or a note? */
int layout_filled_like_table(const struct filled_fields *);

/* ---- tagged_table.c ---- */

/* Add the tables of a tagged PDF's structure to l->ruled. */
int layout_find_tagged(struct layout *);

/* ---- ruled_cells.c ---- */

/* The cell of the word in l->ruled, or NULL. */
const struct ruled_cell *layout_ruled_cell(const struct layout *,
    const struct word *);
int layout_block_is_ruled(const struct layout *, const struct block *);
/* Add the cells of such a block to the page. */
int layout_add_ruled_cells(const struct layout *, struct block *);

/* ---- ruled_take.c ---- */

/* Assign the pieces in ruled tables to tables, whose arrays have room. */
void layout_take_ruled(struct layout *);

/* ---- table.c ---- */

int layout_find_tables(struct layout *);

/* ---- table_ink.c ---- */

/* Do most lines run uphill or downhill?  Then rows cannot be told by height. */
int layout_lines_lean(const struct layout *);
/* Of the blocks that OCR calls tables, make paragraphs of those whose lines are
 * not rows of cells. */
void layout_judge_tables(const struct layout *);
/* Of a table that was found, keep OCR's block if it has more rows. */
void layout_keep_tables(const struct layout *);

/* ---- cells.c ---- */

/* Find the rows, columns and cells of each block that is a table. */
int layout_find_cells(struct layout *);

/* ---- order.c ---- */

/* Put n boxes in reading order: order[] gets their indices.  Gaps of at least
 * gutter separate columns; size is the letter size.  Boxes that cannot be
 * separated stay in the given order. */
void layout_order(const struct box *, size_t n, double gutter, double size,
    size_t *order);

/* ---- heading.c ---- */

/* The mean letter size of its lines. */
double layout_block_size(const struct layout *, const struct block *);
/* Note how the heading looks, for page_set_levels(). */
void layout_measure_heading(const struct layout *, struct block *);
/* The level of a heading, from 1; 0: the block is not one.  before and after
 * are those around it, or NULL. */
int layout_heading_level(const struct layout *, const struct block *,
    const struct block *before, const struct block *after);

/* ---- classify.c ---- */

/* Headers and footers are within this part of the page's height, at its top
 * and bottom. */
#define LAYOUT_MARGIN 0.1

/* Mark headers and footers. */
void layout_find_margins(struct layout *);
/* Set the type of all other blocks, and join the parts of lists and tables. */
void layout_classify(struct layout *);

/* ---- running.c ---- */

/* Is this block at the edge of a page a running title?  near: as for
 * page_find_repeated(). */
int layout_is_running_title(const struct page *, const struct block *,
    const struct page *const *near, size_t n);

/* ---- tags.c ---- */

/* Divide blocks, and set their types, by what a tagged PDF says of their
 * words. */
int layout_use_tags(struct page *);

/* ---- tag_order.c ---- */

/* Put the blocks in the order of a tagged PDF's structure, if this is sane. */
int layout_order_by_tags(struct layout *);

/* ---- marker.c ---- */

enum marker { MARKER_NONE, MARKER_BULLET, MARKER_NUMBER, MARKER_LETTER };

/* What kind of list marker is the word? */
enum marker marker_of(const struct word *);
/* How deep is the section that the word numbers?  0: it is not a section
 * number. */
int marker_section(const struct word *);
/* Do the words begin a caption?  2: certainly; 1: only if the rest looks like
 * one ("Table 3 shows"). */
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

/* How far two boxes overlap from left to right, or from top to bottom; less
 * than 0: not at all. */
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

/* ---- of blocks ---- */

static inline const struct line *
block_line(const struct page *p, const struct block *b, size_t i)
{
	return &p->lines[b->first + i];
}

static inline const struct word *
block_first_word(const struct page *p, const struct block *b)
{
	return &p->words[block_line(p, b, 0)->first];
}

/* Lines in which OCR found nothing are empty. */
static inline int
block_has_words(const struct page *p, const struct block *b)
{
	return b->count > 0 && block_line(p, b, 0)->count > 0;
}

/* The space between a block and the one below it; -1: next is not below it. */
static inline double
block_room(const struct block *b, const struct block *below)
{
	if (!b || !below || box_overlap_x(&b->box, &below->box) <= 0 ||
	    below->box.y0 < b->box.y0)
		return -1;
	return below->box.y0 > b->box.y1 ? (double)below->box.y0 - b->box.y1
					 : 0;
}

#endif
