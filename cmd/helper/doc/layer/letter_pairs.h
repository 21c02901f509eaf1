/* letter_pairs.h - do Latin letters follow each other as in a language? */
#ifndef LETTER_PAIRS_H
#define LETTER_PAIRS_H

#include <stddef.h>

enum { LETTER_KINDS = 27, LETTER_LENGTHS = 16 };

/* Counts for the words of a part of a text; all zero at first. */
struct letter_pairs {
	size_t bits, pairs, words;
	unsigned seen; /* a bit for each letter */
	size_t lengths[LETTER_LENGTHS];
};

/* Count a word of n letters, 0 for a to 25 for z. */
void letter_pairs_add(struct letter_pairs *, const unsigned char *word,
    size_t n);
/* Are there enough letters to judge, and do they fit no language? */
int letter_pairs_odd(const struct letter_pairs *);
/* Would half of them fit no language if the other half fits well? */
int letter_pairs_mixed(const struct letter_pairs *);

#endif
