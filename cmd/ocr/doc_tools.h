/* doc_tools.h - formats that need external programs: the document as a
 * searchable PDF, or the images embedded in it. */
#ifndef DOC_TOOLS_H
#define DOC_TOOLS_H

#include "ocr/doc.h"

/* Are the programs that the format needs installed?  -1: no, see d->error. */
int doc_check_tools(const struct ocr_options *, struct doc *);
/* Can a document of this MIME type be made into the format?  -1: no, see
 * d->error. */
int doc_check_type(const struct ocr_options *, struct doc *, const char *type);
/* Make the document with d->out.layer over it the value.  On an error d->error
 * is set. */
void doc_make_searchable(struct cli *, const struct ocr_options *,
    struct doc *);
/* Write the document's images, and make their list the value.  On an error
 * d->error is set, or d->page_errors counts it. */
void doc_make_images(struct cli *, const struct ocr_options *, struct doc *);

#endif
