/* pdf_notes.h - what is noted of pages, until a searchable PDF is made. */
#ifndef PDF_NOTES_H
#define PDF_NOTES_H

#include "ocr/doc.h"

/* Note whether the old text of this page, the next one of the output, is to be
 * replaced, and whether the page is to be turned. */
void pdf_notes_add(struct cli *, const struct ocr_options *, struct doc *,
    const struct page *);

#endif
