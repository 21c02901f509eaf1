/* check.h - check what a page uses for damage. */
#ifndef PDF_CHECK_H
#define PDF_CHECK_H

#include "qpdf.h"

/* Count the damaged or missing streams of a page (from 0).  Nothing is counted
 * unless the document has this number of pages.  drawn: include images and
 * fonts, which are used only when the page is rendered. */
void pdf_check_page(struct pdf_details *, unsigned page, unsigned pages,
    int drawn, uint32_t damage[DAMAGE_KINDS]);

#endif
