/* xmp.h - values of XMP metadata (ISO 16684-1). */
#ifndef PDF_XMP_H
#define PDF_XMP_H

#include "pc.h"

/* Append the value of a property, such as "dc:title", as text without markup;
 * nothing if the n bytes do not have it.  Of a list it is the first item, or
 * all, with commas between them.  Only UTF-8 and the usual prefixes of names
 * are known. */
void xmp_value(const char *, size_t n, const char *property, int all,
    struct pc_buf *);

#endif
