/* schedule.h - decide which page goes to which worker. */
#ifndef OCR_SCHEDULE_H
#define OCR_SCHEDULE_H

#include "ocr/seats.h"

/* Find one more page of d in the store, or request it from a reader.  1: no
 * page can be requested now. */
int schedule_reading(struct ocr_batch *, struct doc *d);
/* Give a page to a recogniser.  1: none is free, or no page waits. */
int schedule_recognising(struct ocr_batch *);

#endif
