/* letters.h - letters as they are searched for, and blanks between them. */
#ifndef LETTERS_H
#define LETTERS_H

#include "page.h"

/* Change n bytes of UTF-8 in place, and return how many remain.  Ligatures
 * become their letters.  A soft hyphen becomes '-' at the end of a word, where
 * it is seen.  Elsewhere it is dropped, and so are marks that only say in which
 * direction text runs, characters without width, and single blanks between
 * Chinese or Japanese characters. */
size_t letters_clean(unsigned char *, size_t n);
/* Is it Chinese or Japanese, which are set in squares? */
int letters_is_square(uint32_t);
/* Is there no blank between text of n bytes and what follows, of m?  Chinese,
 * Japanese, Thai and their neighbours write none. */
int letters_join(const char *s, size_t n, const char *next, size_t m);
/* Is there no blank between two words, one after the other in a line? */
int words_join(const struct word *, const struct word *);

#endif
