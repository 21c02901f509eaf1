/* prepare.h - the layout of the next page, by itself and by the pages around.
 */
#ifndef OCR_PREPARE_H
#define OCR_PREPARE_H

#include "ocr/doc.h"

/* Lay out the next page, which is ready, as its format needs it.  0: not
 * possible yet, as its headers are compared with pages that are not ready. */
int prepare_next(struct cli *, const struct ocr_options *, struct doc *);
/* Keep a printed page, which this takes over, as long as later pages are
 * compared with it. */
void prepare_keep_past(struct doc *, struct page *);

#endif
