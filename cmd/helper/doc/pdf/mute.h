/* mute.h - text without characters. */
#ifndef PDF_MUTE_H
#define PDF_MUTE_H

#include "helper/doc/document_in.h"

/* Does a page (from 0) show text of whose glyphs the characters are unknown, so
 * that the text layer lacks words, or has others?  0 also if libqpdf cannot
 * read the page. */
int pdf_mute_on_page(struct document *, unsigned page);

#endif
