/* reason.h - why a document was not in the cache. */
#ifndef OCR_REASON_H
#define OCR_REASON_H

#include "ocr/doc.h"

/* Note in the document why its key, the last that was made, misses. */
void reason_note(struct cli *, struct doc *);
/* Append to a record's extra what tells later that the document of this name
 * changed. */
void reason_add_extra(const struct doc *, struct pc_buf *extra);
/* Print, for each document, whether its result is cached and why, and read
 * none.  The exit status. */
int reason_explain(struct cli *, struct cli_names *);

#endif
