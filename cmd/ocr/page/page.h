/* page.h - what is on a page: blocks of lines of words, each with its box.
 *
 * Between processes and in the store it is text, a line for each thing, with
 * tabs between what is said of it; boxes are left, top, right and bottom in
 * 1/100 point from the page's upper left corner:
 *
 *	b  BOX  TYPE                 a block: text, heading, table, caption or
 *	                             figure; its lines follow
 *	l  BOX                       a line; its words follow
 *	w  BOX  CONFIDENCE  TEXT     a word; confidence in 1/100 %, -1: none
 *	q  QUARTERS                  of a turn clockwise that the words which
 *	                             follow need, 0 to 3; before it 0
 *	t                            the text of these words, as poppler prints
 *	                             it, is all that follows this line
 *
 * in reading order.  Parsing cleans the words' text (letters.h) and drops words
 * of which nothing is left.  Words may come without lines and blocks (text
 *layers have none); then layout.c makes them. */
#ifndef PAGE_H
#define PAGE_H

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
	BLOCK_TYPES
};

extern const char *const block_names[BLOCK_TYPES];
extern const char *const source_names[SOURCES];
extern const char *const damage_names[DAMAGE_KINDS];

struct word {
	struct box box;
	int32_t confidence; /* 1/100 %; -1: none */
	const char *text;   /* UTF-8, not ended by NUL, in the page's data */
	size_t length;
	unsigned char turned; /* quarters; after page_lay_out() those that it
			       * needs when the page is upright */
};

struct line {
	struct box box;
	size_t first, count; /* of the page's words */
};

struct block {
	struct box box;
	enum block_type type;
	int level;           /* of a heading, from 1 */
	size_t first, count; /* of the page's lines */
};

struct page {
	unsigned number;        /* from 1 */
	uint32_t width, height; /* 1/100 point; 0: not known */
	int32_t trim[4];        /* as struct page_answer has them */
	uint32_t user_unit, assumed;
	enum page_source source;
	uint32_t dpi;       /* at which it was recognised; 0: it was not */
	int32_t confidence; /* 1/100 %; -1: none */
	int32_t rotation;   /* degrees clockwise that made it upright */
	/* Errors of each kind: some of it may be missing. */
	uint32_t damage[DAMAGE_KINDS];
	uint32_t marks;           /* of enum page_mark */
	char error[MESSAGE_SIZE]; /* not "": nothing else is known */

	unsigned char *data; /* owned: the text, or what was parsed */
	size_t length;
	int parsed;          /* data is in words; else it is plain text */
	unsigned char *text; /* of the words, in data, as poppler prints it;
			      * NULL: it is not known */
	size_t text_length;
	int rtl;    /* its lines run from right to left, as
		     * page_lay_out() found out */
	int arabic; /* and are Arabic more than anything else */

	struct word *words; /* owned, all three */
	struct line *lines;
	struct block *blocks;
	size_t word_count, line_count, block_count;
};

/* Fill in words, lines and blocks from data.  -1: EBADMSG, it is not a page. */
int page_parse(struct page *);
/* If the words, in the order of their lines, are those of poppler's text, let
 * the page be this text, whose blank lines are poppler's own. */
void page_keep_text(struct page *);
/* Could a part of it not be read? */
int page_is_damaged(const struct page *);
/* Forget data and all that was made of it. */
void page_drop(struct page *);

/* ---- building (used by page_parse and layout.c); -1: out of memory ---- */

int page_add_word(struct page *, const struct word *);
int page_add_line(struct page *, const struct line *);
int page_add_block(struct page *, const struct block *);
/* Make *box hold the other too. */
void box_join(struct box *, const struct box *);

#endif
