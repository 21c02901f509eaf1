/* strikes.h - which words of a PDF page are struck out. */
#ifndef PDF_STRIKES_H
#define PDF_STRIKES_H

#include "helper/doc/document_in.h"
#include "rules.h"

struct pdf_strike {
	double box[4]; /* left, top, right, bottom in points */
	int area;      /* it strikes out what is in it, not what it crosses */
};

struct pdf_strikes {
	struct pdf_strike *items; /* owned */
	size_t count;
};

/* Find the annotations that strike out words, and the lines and thin rectangles
 * that the page draws: horizontal ones may strike out words, and all may be
 * rules.  If that fails, there are none. */
void pdf_strikes_find(struct document *, struct pdf_page *,
    const struct page_request *, struct pdf_strikes *, struct pdf_rules *);
int pdf_strikes_hit(const struct pdf_strikes *, const struct pdf_word *);
void pdf_strikes_clear(struct pdf_strikes *);

#endif
