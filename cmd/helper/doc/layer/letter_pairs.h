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

/* Words that follow each other, of which most fit no language; all zero at
 * first. */
struct letter_run {
	int sum, most; /* in the table's unit */
	unsigned char last[LETTER_LENGTHS];
};

/* Count a word of n letters, 0 for a to 25 for z.  Returns its bits, in the
 * table's unit. */
size_t letter_pairs_add(struct letter_pairs *, const unsigned char *word,
    size_t n);
/* Are there enough letters to judge, and do they fit no language? */
int letter_pairs_odd(const struct letter_pairs *);
/* Add the word to the run. */
void letter_run_add(struct letter_run *, const unsigned char *word, size_t n,
    size_t bits);
/* Has the run enough letters, and do they fit no language? */
int letter_run_odd(const struct letter_run *);
/* May it be odd if the words came in another order? */
int letter_run_mixed(const struct letter_run *);
/* Would half of them fit no language if the other half fits well? */
int letter_pairs_mixed(const struct letter_pairs *);

#endif
