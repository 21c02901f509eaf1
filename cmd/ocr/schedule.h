/* schedule.h - which page goes to which worker. */
#ifndef OCR_SCHEDULE_H
#define OCR_SCHEDULE_H

#include "ocr/seats.h"

/* Find one more page of d in the store, or ask a reader for it.  1: no page can
 * be asked for now. */
int schedule_reading(struct ocr_batch *, struct doc *d);
/* Give a page to a recogniser.  1: there is no free one, or no page. */
int schedule_recognising(struct ocr_batch *);

#endif
