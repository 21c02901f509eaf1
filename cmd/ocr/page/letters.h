/* letters.h - normalise letters for searching, and find spaces between them. */
#ifndef LETTERS_H
#define LETTERS_H

#include "page.h"

/* Normalise n bytes of UTF-8 in place, and return the new length.  Ligatures
 * become single letters.  A soft hyphen at a word's end, where it is visible,
 * becomes '-'.  These are removed: other soft hyphens, direction marks,
 * zero-width characters, and single spaces between Chinese or Japanese
 * characters. */
size_t letters_clean(unsigned char *, size_t n);
/* Is it Chinese or Japanese, so that it fills a square? */
int letters_is_square(uint32_t);
/* Are a text of n bytes and the m bytes after it written without a space?
 * Chinese, Japanese, Thai and related scripts use none. */
int letters_join(const char *s, size_t n, const char *next, size_t m);
/* Are two consecutive words of a line written without a space? */
int words_join(const struct word *, const struct word *);

#endif
