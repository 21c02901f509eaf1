/* late.h - a text layer that takes too long to read. */
#ifndef LATE_H
#define LATE_H

#include "reader/reader_protocol.h"

enum { TEXT_SECONDS = 5 }; /* of processor time, for the text of a page */

/* Set the worker's channel; without one there is no limit. */
void late_set_channel(int channel);
/* Set the page that is read next. */
void late_set_page(uint32_t page);
/* Between this call and late_end() the page's text is read.  If that takes too
 * long, the worker sends ANSWER_LATE and ends, because poppler cannot be
 * interrupted in another way. */
void late_begin(void);
void late_end(void);

#endif
