/* histogram.h - a histogram's bytes; private to lib/ledger/. */
#ifndef PC_HISTOGRAM_H
#define PC_HISTOGRAM_H

#include "ledger.h"

int histogram_write(const struct pc_histogram *, struct pc_buf *);
/* Read the histogram at *p and move *p past it.  -1: EBADMSG. */
int histogram_read(struct pc_histogram *, const unsigned char **p,
    const unsigned char *end);

#endif
