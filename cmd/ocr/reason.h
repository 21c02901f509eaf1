/* reason.h - why a document was not in the cache. */
#ifndef OCR_REASON_H
#define OCR_REASON_H

#include "ocr/doc.h"

/* Note in the document why the key that was made last is a miss. */
void reason_note(struct cli *, struct doc *);
/* Append to a record's extra the line by which a later run sees that the
 * document of this name has changed. */
void reason_add_extra(const struct doc *, struct pc_buf *extra);
/* For each document, print whether its result is cached and why; read none of
 * them.  Returns the exit status. */
int reason_explain(struct cli *, const struct ocr_options *,
    struct cli_names *);

#endif
