/* pdf_lines.h - the horizontal lines that a page draws. */
#ifndef PDF_LINES_H
#define PDF_LINES_H

#include "qpdf.h"

/* Call each for every line and thin rectangle (left, bottom, right, top in the
 * file's points) in these n bytes of a page's content. */
void pdf_lines_find(const unsigned char *, size_t n,
    void (*each)(void *ctx, const double box[4]), void *ctx);

#endif
