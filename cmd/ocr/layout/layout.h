/* layout.h - from the words of a page to blocks in reading order. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "ocr/page/page.h"

/* Make lines and blocks of a page that has only words, and find the type of
 * every block.  -1: out of memory. */
int page_lay_out(struct page *);

/* Of a page that is laid out, decide which blocks are headers and footers:
 * those that a near page repeats, and the page's number.  Of the n near pages
 * some may be NULL; they are laid out too. */
void page_find_repeated(struct page *, const struct page *const *near,
    size_t n);

#endif
