/* answers.h - workers' answers become pages. */
#ifndef OCR_ANSWERS_H
#define OCR_ANSWERS_H

#include "ocr/seats.h"

/* Receive a reader's, or a recogniser's, whole answer. */
void answer_read(struct ocr_batch *, struct seat *);
void answer_recognised(struct ocr_batch *, struct seat *);

#endif
