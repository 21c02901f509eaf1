/* vertical.h - Chinese and Japanese that runs from the top down. */
#ifndef VERTICAL_H
#define VERTICAL_H

#include "page.h"

/* If most words of the page are single characters, one under the other, they
 * make columns that are read from right to left: set the turn of these words
 * and of the page, as for lines that run down the page. */
void vertical_find(struct page *);

#endif
