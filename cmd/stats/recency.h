/* recency.h - how many bytes were used after a given use. */
#ifndef STATS_RECENCY_H
#define STATS_RECENCY_H

#include <stddef.h>
#include <stdint.h>

/* Each use has a place; later uses have higher places.  The bytes of a thing
 * count at the place of its last use.  All zero is an empty one. */
struct recency {
	uint64_t *sums; /* owned; a Fenwick tree, sums[0] unused */
	size_t size;    /* places; 0 or a power of two */
	size_t last;    /* the newest place */
	uint64_t total;
};

/* Add a place after all others, without bytes.  0: ENOMEM. */
size_t recency_next(struct recency *);
void recency_put(struct recency *, size_t at, uint64_t bytes);
void recency_take(struct recency *, size_t at, uint64_t bytes);
/* The bytes at places after this one. */
uint64_t recency_since(const struct recency *, size_t at);
void recency_clear(struct recency *);

#endif
