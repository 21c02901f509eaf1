/* doc_tools.h - formats that need a program for PDFs: a document as a
 * searchable PDF, or the images embedded in it. */
#ifndef DOC_TOOLS_H
#define DOC_TOOLS_H

#include "ocr/doc.h"

/* Are the programs installed that the format needs?  -1: d->error. */
int doc_check_tools(const struct ocr_options *, struct doc *);
/* Make the document, with d->out.layer over it, the value.  A fault is
 * d->error. */
void doc_make_searchable(struct cli *, const struct ocr_options *,
    struct doc *);
/* Write the document's images, and make their list the value.  A fault is
 * d->error, or counted in d->page_errors. */
void doc_make_images(struct cli *, const struct ocr_options *, struct doc *);

#endif
