/* recency.h - how many bytes were used since something last was. */
#ifndef STATS_RECENCY_H
#define STATS_RECENCY_H

#include <stddef.h>
#include <stdint.h>

/* Each use of anything has a place, later ones higher ones; bytes lie where
 * they were last used.  All zero is an empty one. */
struct recency {
	uint64_t *sums; /* owned; a Fenwick tree, sums[0] unused */
	size_t size;    /* places; 0 or a power of two */
	size_t last;    /* the newest place */
	uint64_t total;
};

/* A new newest place, without bytes.  0: no memory. */
size_t recency_next(struct recency *);
void recency_put(struct recency *, size_t at, uint64_t bytes);
void recency_take(struct recency *, size_t at, uint64_t bytes);
/* The bytes at later places. */
uint64_t recency_since(const struct recency *, size_t at);
void recency_clear(struct recency *);

#endif
