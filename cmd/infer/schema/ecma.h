/* ecma.h - read an ECMA-262 pattern, and write one for PCRE2. */
#ifndef ECMA_H
#define ECMA_H

#include "pc.h"

struct ecma_reader {
	const char *p, *end; /* the rest to be read */
	struct pc_buf *out;
	struct pc_error *why;
};

int ecma_refuse(struct ecma_reader *, const char *why); /* -1 */
int ecma_copy(struct ecma_reader *, size_t n);          /* copy the next n
							 * bytes; returns 0 */
int ecma_starts_with(const struct ecma_reader *, const char *what);
int ecma_is_one_of(char, const char *all); /* NUL never is */

/* Translate the escape that begins with the \ at r->p, possibly within [ ]
 * (escape.c).  -1 with why: ECMA-262 or PCRE2 has no such escape. */
int ecma_escape(struct ecma_reader *r, int in_set);

#endif
