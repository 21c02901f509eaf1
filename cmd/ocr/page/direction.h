/* direction.h - text that runs from right to left. */
#ifndef DIRECTION_H
#define DIRECTION_H

#include "page.h"

/* The character at *s, which is moved behind it; U+FFFD for what is none. */
uint32_t direction_next(const unsigned char **s, const unsigned char *end);
int direction_is_rtl(uint32_t);

/* Does anything on the page run from right to left?  Sets rtl if most does, and
 * puts the letters of such words from the order in which they are seen, which
 * is poppler's, into that in which they are read. */
int direction_find(struct page *);
/* Put the words of rows, which come from left to right, the other way. */
void direction_turn_rows(struct page *);
/* Of the line's words, which run as the page does, put those that run otherwise
 * in their own order, but no word across a gap between cells; and what is
 * around the numbers and foreign words of a page from right to left where it is
 * read.
 */
void direction_order_line(struct page *, const struct line *);

#endif
