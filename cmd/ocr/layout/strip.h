/* strip.h - white strips of a page, and the words beside them. */
#ifndef STRIP_H
#define STRIP_H

#include "layout_in.h"

enum { COLUMN_LINES_MIN = 4 };

/* The start of a word, measured from one edge of the page. */
struct placed_word {
	int32_t at;    /* in 1/100 point */
	uint32_t word; /* index in the page's words */
};

/* The page's words, sorted once for all strips. */
struct sorted_words {
	const struct word *words;
	size_t count;
	struct placed_word *down;  /* owned: from the top */
	struct placed_word *right; /* owned: from the left edge */
	struct placed_word *left;  /* owned: from the right edge, negated */
	int32_t *deepest; /* owned: the lowest bottom of the words of down up
			   * to each one */
};

/* -1: out of memory.  Call strip_words_drop in any case. */
int strip_words_sort(struct sorted_words *, const struct page *);
void strip_words_drop(struct sorted_words *);

/* Widen the strip as far as the words beside it allow. */
void strip_widen(const struct sorted_words *, struct box *strip);
/* Is there running text on both sides?  Only the nearest column of a side
 * counts; a strip of width gap, in 1/100 point, ends it. */
int strip_parts_text(const struct sorted_words *, const struct box *strip,
    double gap);

#endif
