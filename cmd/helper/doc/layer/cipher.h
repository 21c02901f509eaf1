/* cipher.h - text of a language under other characters. */
#ifndef CIPHER_H
#define CIPHER_H

#include <stddef.h>

/* Is this text a language, each letter of which was replaced by another
 * character?  Judges ASCII only; a few lines are enough. */
int cipher_likely(const char *text, size_t n);

#endif
