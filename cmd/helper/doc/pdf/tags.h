/* tags.h - the structure of a tagged PDF: which words are headings. */
#ifndef PDF_TAGS_H
#define PDF_TAGS_H

#include "helper/doc/document_in.h"

struct pdf_anchor {
	double x, y; /* points from the upper left corner, on the baseline */
	unsigned char role;
};

/* Where the text of a page begins, and what it is. */
struct pdf_anchors {
	struct pdf_anchor *items; /* owned */
	size_t count;
};

/* Read the structure of a page.  If the document is not tagged, or that fails,
 * there are no anchors. */
void pdf_tags_find(struct document *, struct pdf_page *,
    const struct page_request *, struct pdf_anchors *);
/* What the word is. */
enum word_role pdf_tags_role(const struct pdf_anchors *,
    const struct pdf_word *);
void pdf_tags_clear(struct pdf_anchors *);

#endif
