/* tags.h - what the structure of a tagged PDF says of the words of a page. */
#ifndef PDF_TAGS_H
#define PDF_TAGS_H

#include "helper/doc/document_in.h"

struct tag_cell;

struct pdf_tag {
	unsigned char role;          /* enum word_role */
	int order;                   /* from 1; 0: unknown */
	int item;                    /* of a list, from 1; 0: none */
	const struct tag_cell *cell; /* of a table; NULL: none */
};

struct pdf_anchor {
	double x, y; /* points from the upper left corner, on the baseline */
	int number;  /* in the order of drawing */
	struct pdf_tag tag;
};

/* Where the text of a page begins, and what it is. */
struct pdf_anchors {
	struct pdf_anchor *items; /* owned, sorted from the top down */
	size_t count;
};

/* Read the structure of a page.  If the document is not tagged, or that fails,
 * there are no anchors. */
void pdf_tags_find(struct document *, struct pdf_page *,
    const struct page_request *, struct pdf_anchors *);
/* What the word is. */
struct pdf_tag pdf_tags_of(const struct pdf_anchors *, const struct pdf_word *);
/* Append what pc-ocr reads before the words of a tag, where it differs from
 * that of the words before. */
void pdf_tag_print(struct pc_buf *, const struct pdf_tag *was,
    const struct pdf_tag *now);
void pdf_tags_clear(struct pdf_anchors *);

#endif
