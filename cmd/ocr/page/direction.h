/* direction.h - right-to-left text. */
#ifndef DIRECTION_H
#define DIRECTION_H

#include "page.h"

/* Decode the character at *s, and move *s behind it.  Invalid bytes give
 * U+FFFD. */
uint32_t direction_next(const unsigned char **s, const unsigned char *end);
int direction_is_rtl(uint32_t);

/* Does anything on the page run from right to left?  Sets rtl if most of it
 * does.  Poppler stores such words in the order in which their letters are
 * seen; this puts them in reading order. */
int direction_find(struct page *);
/* Reverse the words of rows, which come from left to right. */
void direction_turn_rows(struct page *);
/* Order a line's words, which come in the page's direction.  Words of the
 * other direction are put in their own order, but none is moved across a gap
 * between cells.  On a right-to-left page, what surrounds numbers and foreign
 * words is put in reading order. */
void direction_order_line(struct page *, const struct line *);

#endif
