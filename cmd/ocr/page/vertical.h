/* vertical.h - Chinese and Japanese text that runs down the page. */
#ifndef VERTICAL_H
#define VERTICAL_H

#include "page.h"

/* If most words of the page are single characters, one below the other, they
 * form columns that are read from right to left.  Then set the turn of these
 * words and of the page as for lines that run down the page. */
void vertical_find(struct page *);

#endif
