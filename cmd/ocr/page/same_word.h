/* same_word.h - are two words the same, read by two readers? */
#ifndef SAME_WORD_H
#define SAME_WORD_H

#include "page.h"

/* Have they the same letters and digits, whatever their case? */
int same_word_exactly(const struct word *, const struct word *);
/* Are they nearly the same, as OCR may err in a few characters?  A part of a
 * word is like the whole. */
int same_word_nearly(const struct word *, const struct word *);
/* Letters and digits; every character beyond ASCII counts as one. */
size_t same_word_letters(const struct word *);

#endif
