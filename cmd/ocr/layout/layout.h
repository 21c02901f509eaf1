/* layout.h - from the words of a page to blocks in reading order. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "ocr/page/page.h"

/* Make lines and blocks of a page that has only words, and find the type of
 * every block.  -1: out of memory. */
int page_lay_out(struct page *);

#endif
