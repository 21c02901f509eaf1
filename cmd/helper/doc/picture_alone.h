/* picture_alone.h - can an image by itself show print? */
#ifndef PICTURE_ALONE_H
#define PICTURE_ALONE_H

#include "document_in.h"
#include "helper/doc/pdf/details.h"

/* Can it, on a page with these clockwise quarters, at this resolution?  1 also
 * if that is unknown.  The answer is kept, as most logos are on all pages. */
int picture_may_show_print(struct document *, const struct pdf_painted *,
    unsigned quarters, double dpi);

#endif
