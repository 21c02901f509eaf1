/* declares.h - what a document declares, on its way to the output.
 *
 * In the store it is a line of the record's extra (damage.h): a JSON object
 * that begins with '{'.  What is declared of pages is part of their records. */
#ifndef DECLARES_H
#define DECLARES_H

#include "ocr/doc.h"

/* Take a helper's answer of n bytes.  If it is not valid, the document fails.
 */
void declares_take(struct doc *, const void *, size_t n);
/* Append the line, if there is something. */
void declares_add_extra(const struct doc *, struct pc_buf *extra);
/* On a hit: read the line, once. */
void declares_take_extra(struct doc *, const struct pc_record *);

#endif
