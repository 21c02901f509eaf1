/* pdf_check.h - is what a page uses whole? */
#ifndef PDF_CHECK_H
#define PDF_CHECK_H

#include "qpdf.h"

/* Count the streams of a page, from 0, that are damaged or missing.  Nothing is
 * counted unless the document has so many pages.  drawn: those of images and
 * fonts too, which are used only when the page is rendered. */
void pdf_check_page(struct pdf_details *, unsigned page, unsigned pages,
    int drawn, uint32_t damage[DAMAGE_KINDS]);

#endif
