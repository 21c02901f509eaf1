/* batch.h - read several documents at once, and print them in order. */
#ifndef OCR_BATCH_H
#define OCR_BATCH_H

#include "ocr/options.h"
#include "reader/team.h"

/* Read the documents that names gives, print them in order, and return the
 * exit status. */
int ocr_batch_run(struct cli *, const struct ocr_options *, struct cli_names *,
    struct team *readers, struct team *recognisers);

#endif
