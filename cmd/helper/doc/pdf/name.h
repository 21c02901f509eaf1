/* name.h - names in the bytes of a PDF, found without a
 * parser. */
#ifndef PDF_NAME_H
#define PDF_NAME_H

#include "helper/doc/doc.h"

/* How often do these n bytes contain this name, such as "/Page", and not only
 * as part of a longer one?  At most `most`. */
size_t pdf_name_count(const unsigned char *, size_t n, const char *name,
    size_t most);
/* Do they contain it? */
int pdf_has_name(const unsigned char *, size_t n, const char *name);

/* ---- also in its packed objects (names.c) ---- */

/* Does the file contain one of these names, such as "/Annots"?  The last one
 * is NULL.  1 also if that cannot be found out. */
int pdf_may_name(const struct doc_bytes *, const char *const *names);
/* Has it two names in a row that are numbers of glyphs (glyph_name.h)?  1 also
 * if that cannot be found out. */
int pdf_may_number_glyphs(const struct doc_bytes *);
/* Add to counts how often the file contains each of them.  -1: that cannot be
 * found out. */
int pdf_count_names(const struct doc_bytes *, const char *const *names,
    size_t *counts);

#endif
