/* strip.h - white strips of a page, and the words beside them. */
#ifndef STRIP_H
#define STRIP_H

#include "layout_in.h"

enum { COLUMN_LINES_MIN = 4 };

/* Where a word begins, as seen from one edge of the page. */
struct placed_word {
	int32_t at;    /* in 1/100 point */
	uint32_t word; /* of the page's words */
};

/* The page's words, sorted once for all of its strips. */
struct sorted_words {
	const struct word *words;
	size_t count;
	struct placed_word *down;  /* owned: from the top */
	struct placed_word *right; /* owned: from the left edge */
	struct placed_word *left;  /* owned: from the right edge, negated */
	int32_t *deepest; /* owned: the lowest end of a word of down and those
			   * before it */
};

/* -1: out of memory.  strip_words_drop is due in any case. */
int strip_words_sort(struct sorted_words *, const struct page *);
void strip_words_drop(struct sorted_words *);

/* Make the strip as wide as the words beside it let it be. */
void strip_widen(const struct sorted_words *, struct box *strip);
/* Is there running text at both sides?  Of a side only the nearest column
 * counts: a strip as wide as gap, in 1/100 point, ends it. */
int strip_parts_text(const struct sorted_words *, const struct box *strip,
    double gap);

#endif
