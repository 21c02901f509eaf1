/* page.h - the content of a page: blocks of lines of words, each with its box.
 *
 * Between processes and in the store a page is text, one line per item, with
 * tabs between its fields.  A box is left, top, right and bottom in 1/100
 * point from the page's upper left corner:
 *
 * b  BOX  TYPE                 a block: text, heading, table, caption or
 *                              figure; its lines follow
 * l  BOX                       a line; its words follow
 * w  BOX  CONFIDENCE  TEXT     a word; confidence in 1/100 %, -1: none
 * q  QUARTERS                  clockwise quarter turns that the following
 *                              words need, 0 to 3; 0 before the first q
 * s  STRUCK                    1: the following words are struck out; 0: not
 *                              (before the first s)
 * r  ROLE                      the enum word_role of the following words
 * o  ORDER                     the place of the following words in the
 *                              structure of a tagged PDF, from 1; 0 before the
 *                              first o: unknown
 * i  ITEM                      the same of the list item that they are in; 0:
 *                              none
 * c  TABLE ROW COLUMN ROWS COLUMNS HEADER
 *                              the cell of the following words in a table of
 *                              that structure; TABLE 0: none
 * g  BOX                       a straight line that is drawn: a rule, as
 *                              between cells; anywhere between the others
 * u  BOX                       ink as large as letters, beside words, that OCR
 *                              could not read; anywhere between the others
 * f  STYLE                     the font of the following words: bits of enum
 *                              word_style; 0 before the first f
 * k  STROKE                    the usual width of the strokes of the
 *                              following words, in 1/100 point; 0: unknown,
 *                              as before the first k
 * t                            all that follows this line is the text of
 *                              these words as poppler prints it
 *
 * The items are in reading order.  Parsing normalises the words' text
 * (letters.h), and drops words that become empty.  Words may come without
 * lines and blocks, as text layers have none; layout.c makes them. */
#ifndef PAGE_H
#define PAGE_H

#include "ocr/page/declared.h"

#include "pc.h"
#include "reader/reader_protocol.h"

struct box {
	int32_t x0, y0, x1, y1; /* 1/100 point */
};

enum block_type {
	BLOCK_PARAGRAPH,
	BLOCK_HEADING,
	BLOCK_LIST,
	BLOCK_TABLE,
	BLOCK_FIGURE,
	BLOCK_CAPTION,
	BLOCK_HEADER,
	BLOCK_FOOTER,
	BLOCK_CODE,
	BLOCK_TYPES
};

extern const char *const block_names[BLOCK_TYPES];
extern const char *const source_names[SOURCES];
extern const char *const damage_names[DAMAGE_KINDS];

struct word {
	struct box box;
	int32_t confidence; /* 1/100 %; -1: none */
	const char *text;   /* UTF-8, without a final NUL, in the page's data */
	size_t length;
	uint32_t cell;   /* of a table, in the page's cells, from 1; 0: none */
	uint32_t code;   /* number of its listing, from 1; 0: none (layout) */
	uint16_t stroke; /* width of its strokes, 1/100 point; 0: unknown */
	uint32_t tag_order;   /* its place in the structure; 0: unknown */
	uint32_t tag_item;    /* of a list, from 1; 0: none */
	uint32_t tag_cell;    /* in the page's tag_cells, from 1; 0: none */
	unsigned char role;   /* enum word_role */
	unsigned char struck; /* 1: it is struck out */
	unsigned char style;  /* bits of enum word_style */
	unsigned char turned; /* quarter turns that the word needs; after
			       * page_lay_out(), relative to the upright page */
};

struct line {
	struct box box;
	size_t first, count; /* in the page's words */
};

/* Further cells join the last column. */
enum { TABLE_COLUMNS_MAX = 64 };

/* A cell of a table that is not empty.  Its words are those that name it. */
struct cell {
	struct box box;
	uint32_t row, column;   /* from 0 */
	uint32_t rows, columns; /* how many it covers */
	int header;
	size_t first, end; /* the page's lines that have its words */
};

/* A cell that the structure of a tagged PDF names. */
struct tagged_cell {
	int32_t table; /* from 1, in the document */
	int32_t row, column, rows, columns, header; /* as of a struct cell */
};

struct block {
	struct box box;
	enum block_type type;
	int level;      /* of a heading, from 1, */
	double letters; /* the size of its letters, 1/100 point; 0: unknown
			 */
	int bold;
	int artifact;        /* the PDF says that it is not content */
	size_t first, count; /* in the page's lines */
	/* Of a table; each of its words is in one of its cells. */
	uint32_t rows, columns;
	size_t first_cell, cell_count; /* in the page's cells, row by row */
};

struct page {
	unsigned number;        /* from 1 */
	uint32_t width, height; /* 1/100 point; 0: unknown */
	int32_t trim[4];        /* as in struct page_answer */
	uint32_t user_unit, assumed;
	enum page_source source;
	uint32_t dpi;       /* of the recognised pixels; 0: it was not
			     * recognised */
	int32_t confidence; /* 1/100 %; -1: none */
	int32_t rotation;   /* degrees clockwise that make it upright */
	/* Errors of each kind: text may be missing. */
	uint32_t damage[DAMAGE_KINDS];
	uint32_t marks;                   /* bits of enum page_mark */
	struct declared_members declared; /* of the page */
	char error[MESSAGE_SIZE];         /* not "": the page failed and has no
					   * content */

	char unread[MESSAGE_SIZE]; /* not "": why OCR could not read it; its
				    * content is only the text layer */

	unsigned char *data; /* owned: the text, or what was parsed */
	size_t length;
	int parsed;          /* data is stored in words; else it is plain
			      * text */
	unsigned char *text; /* the words as poppler prints them, within
			      * data; NULL: unknown */
	size_t text_length;
	int rtl;    /* its lines run from right to left; set by
		     * page_lay_out() */
	int arabic; /* they are mostly Arabic */

	struct word *words; /* owned, all seven */
	struct line *lines;
	struct block *blocks;
	struct cell *cells;
	struct box *rules; /* lines that are drawn */
	struct box *spots; /* ink that OCR could not read */
	struct tagged_cell *tag_cells;
	size_t word_count, line_count, block_count, cell_count, rule_count;
	size_t spot_count, tag_cell_count;
};

/* Fill in words, lines and blocks from data.  -1 with EBADMSG: data is not a
 * valid page. */
int page_parse(struct page *);
/* If the words in line order match poppler's text, use that text for the page:
 * poppler knows its empty lines. */
void page_keep_text(struct page *);
/* Was part of the page unreadable? */
int page_is_damaged(const struct page *);
/* Free data and all that was parsed from it. */
void page_drop(struct page *);

/* ---- building (used by page_parse and layout.c); -1: out of memory ---- */

int page_add_word(struct page *, const struct word *);
int page_add_line(struct page *, const struct line *);
int page_add_block(struct page *, const struct block *);
int page_add_cell(struct page *, const struct cell *);
int page_add_rule(struct page *, const struct box *);
int page_add_spot(struct page *, const struct box *);
int page_add_tagged_cell(struct page *, const struct tagged_cell *);
/* Enlarge *box so that it also holds the other one. */
void box_join(struct box *, const struct box *);

#endif
