/* emit.h - pages that are ready go into a document's output and its value. */
#ifndef EMIT_H
#define EMIT_H

#include "ocr/doc.h"

/* Begin the output, and the value if it is to be stored. */
void emit_begin(struct cli *, const struct ocr_options *, struct doc *);
/* Append the pages that are ready, up to the first that is not.  Print them if
 * the document is first in the order of output.  After the last page the
 * document is DOC_DONE. */
void emit_ready_pages(struct cli *, const struct ocr_options *, struct doc *,
    int first);
/* Append n bytes to the value. */
void emit_value(struct cli *, struct doc *, const void *, size_t n);

#endif
