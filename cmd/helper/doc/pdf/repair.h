/* repair.h - PDFs that libqpdf can read and poppler cannot. */
#ifndef REPAIR_H
#define REPAIR_H

#include "helper/doc/doc.h"

/* Has the file more pages than these?  Its /Count, which poppler believes, may
 * be too small.  libqpdf is loaded only if the bytes name more. */
int repair_is_short(const struct doc_bytes *, const char *password,
    unsigned pages);
/* Let libqpdf write a copy, from malloc(3), with a list of pages that poppler
 * can read, and without a password.  *whole: nothing is lost, as far as is
 * known.  -1: libqpdf finds no pages either, or out of memory. */
int repair_pdf(const struct doc_bytes *, const char *password,
    struct doc_bytes *out, int *whole);

#endif
