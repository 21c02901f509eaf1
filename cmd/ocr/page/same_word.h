/* same_word.h - compare two words from different readers. */
#ifndef SAME_WORD_H
#define SAME_WORD_H

#include "page.h"

/* Do they have the same letters and digits, ignoring case? */
int same_word_exactly(const struct word *, const struct word *);
/* Are they nearly the same?  OCR may misread a few characters.  A part of a
 * word matches the whole. */
int same_word_nearly(const struct word *, const struct word *);
/* Do they have at least a third of their letters in common? */
int same_word_partly(const struct word *, const struct word *);
/* The number of letters and digits; each character above ASCII counts as
 * one. */
size_t same_word_letters(const struct word *);

#endif
