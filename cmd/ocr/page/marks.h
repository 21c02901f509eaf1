/* marks.h - what a reader should know about a page's text. */
#ifndef PAGE_MARKS_H
#define PAGE_MARKS_H

#include "page.h"

/* Add a member to the page's JSON object for each of its marks. */
void page_marks_add(const struct page *, struct pc_buf *);

#endif
