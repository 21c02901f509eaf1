/* xfa.h - forms that only Adobe's programs show. */
#ifndef XFA_H
#define XFA_H

#include "helper/doc/document_in.h"

/* Is the page's text (n bytes; NULL: not known) only a placeholder for a form
 * that Adobe's programs would make? */
int xfa_is_placeholder(struct document *, const void *text, size_t n);

#endif
