/* answers.h - what workers answer becomes pages. */
#ifndef OCR_ANSWERS_H
#define OCR_ANSWERS_H

#include "ocr/seats.h"

/* Take the whole answer of a reader, or of a recogniser. */
void answer_read(struct ocr_batch *, struct seat *);
void answer_recognised(struct ocr_batch *, struct seat *);

#endif
