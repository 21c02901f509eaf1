/* answers.h - workers' answers become pages. */
#ifndef OCR_ANSWERS_H
#define OCR_ANSWERS_H

#include "ocr/seats.h"

/* Receive a reader's, or a recogniser's, whole answer. */
void answer_read(struct ocr_batch *, struct seat *);
void answer_recognised(struct ocr_batch *, struct seat *);
/* Receive a converter's result, or note that its worker died. */
void answer_converted(struct ocr_batch *, struct seat *, int lost);

#endif
