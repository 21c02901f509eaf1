/* styles.h - which words of a PDF page are bold or monospaced. */
#ifndef PDF_STYLES_H
#define PDF_STYLES_H

#include "helper/doc/document_in.h"

/* Text that begins here, in points from the upper left corner, on the
 * baseline. */
struct pdf_styled {
	double x, y;
	int style; /* bits of enum word_style */
};

struct pdf_styles {
	struct pdf_styled *items; /* owned, sorted from the top down */
	size_t count;
};

/* Read the fonts of a page.  If none is bold or monospaced, or that fails,
 * there are no items. */
void pdf_styles_find(struct document *, struct pdf_page *,
    const struct page_request *, struct pdf_styles *);
/* The style that all of the word's text has: bits of enum word_style. */
int pdf_styles_of(const struct pdf_styles *, const struct pdf_word *);
void pdf_styles_clear(struct pdf_styles *);

#endif
