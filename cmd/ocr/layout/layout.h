/* layout.h - from the words of a page to blocks in reading order. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "ocr/page/page.h"

/* Make lines and blocks of a page that has only words, and set the type of
 * each block.  -1: out of memory. */
int page_lay_out(struct page *);

/* Decide which blocks of the laid-out page are headers and footers: those that
 * a near page repeats, and the page number.  Some of the n near pages may be
 * NULL; the others are laid out too. */
void page_find_repeated(struct page *, const struct page *const *near,
    size_t n);

#endif
