/* rescue.h - truncated PDFs. */
#ifndef RESCUE_H
#define RESCUE_H

#include "helper/doc/doc.h"

enum rescue { RESCUE_CATALOG, RESCUE_TREE, RESCUE_PAGES, RESCUES };

/* Make a copy, from malloc(3), with a new list of the pages.  1: nothing is
 * left to make it from, or out of memory. */
int rescue_pdf(const struct doc_bytes *, enum rescue, struct doc_bytes *out);

#endif
