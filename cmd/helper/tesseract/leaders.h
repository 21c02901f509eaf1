/* leaders.h - rows of dots that lead from a title to its page number, or that
 * are to be written on.  Tesseract reads them as letters, and loses the words
 * beside them. */
#ifndef LEADERS_H
#define LEADERS_H

#include "words.h"

struct leader {
	struct word_place place; /* in pixels of the ink */
	int dots;
	struct word_place number; /* the piece of ink that it leads to, if that
				   * is short and the last of its row */
};

struct leaders {
	struct leader *all; /* owned, from malloc(3) */
	int count;
};

/* Erase them from the ink (1 bit per pixel) of a page of dpi pixels per inch,
 * divided by the reduction, and from the page itself, which is gray. */
void leaders_erase(struct leaders *, struct Pix *ink, struct Pix *page, int dpi,
    int reduction);
/* A copy of the page without the numbers, whose column tesseract takes for
 * text that runs down the page.  NULL: there are none, or out of memory. */
struct Pix *leaders_without_numbers(const struct leaders *, struct Pix *page,
    int reduction);

#endif
