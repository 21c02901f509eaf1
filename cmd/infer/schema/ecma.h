/* ecma.h - reading a pattern of ECMA-262 and writing one of PCRE2. */
#ifndef ECMA_H
#define ECMA_H

#include "pc.h"

struct ecma_reader {
	const char *p, *end; /* what is still to be read */
	struct pc_buf *out;
	struct pc_error *why;
};

int ecma_refuse(struct ecma_reader *, const char *why); /* -1 */
int ecma_copy(struct ecma_reader *, size_t n);          /* the next bytes; 0 */
int ecma_starts_with(const struct ecma_reader *, const char *what);
int ecma_is_one_of(char, const char *all); /* a NUL is not */

/* The escape that begins with the \ at r->p, perhaps within [ ] (escape.c).
 * -1 with why: ECMA-262 or PCRE2 has no such escape. */
int ecma_escape(struct ecma_reader *r, int in_set);

#endif
