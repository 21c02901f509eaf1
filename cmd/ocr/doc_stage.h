/* document.h - one document: found in the store, or read page by page. */
#ifndef OCR_DOCUMENT_H
#define OCR_DOCUMENT_H

#include "ocr/doc.h"

/* Identify the document and look it up.  If it is unidentified, document_close
 * is all that is left to do. */
struct doc *document_open(struct cli *, const struct ocr_options *,
    const char *name);
/* DOC_WAITING: look it up again, lock its key, or begin to read it. */
void document_retry(struct cli *, const struct ocr_options *, struct doc *);
/* Note the number of its pages: which of them are wanted? */
void document_set_pages(const struct ocr_options *, struct doc *,
    unsigned pages);
/* DOC_DONE: store it and unlock its key; it may be printed later.  peak_kib:
 * memory of the largest worker so far. */
void document_finish(struct cli *, const struct ocr_options *, struct doc *,
    uint32_t peak_kib);
/* Print what is left and free it.  0, 1: some pages failed, -1: it failed. */
int document_close(struct cli *, const struct ocr_options *, struct doc *);

#endif
