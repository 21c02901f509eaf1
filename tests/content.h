/* content.h - bytes that a seed decides, so that a reader can verify them. */
#ifndef CONTENT_H
#define CONTENT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "pc.h"

/* splitmix64: each state gives one well mixed number. */
static inline uint64_t
content_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15U);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

/* A number below n, which is not 0. */
static inline uint64_t
content_below(uint64_t *state, uint64_t n)
{
	return content_next(state) % n;
}

static inline void
content_fill(unsigned char *p, size_t n, uint64_t seed)
{
	uint64_t word;

	for (; n >= sizeof(word); p += sizeof(word), n -= sizeof(word)) {
		word = content_next(&seed);
		memcpy(p, &word, sizeof(word));
	}
	word = content_next(&seed);
	memcpy(p, &word, n);
}

/* A number for a pair of numbers. */
static inline uint64_t
content_seed(uint64_t a, uint64_t b)
{
	uint64_t state = a ^ (b * 0xd6e8feb86659fd93U);

	return content_next(&state);
}

/* Is what the hit gives the n bytes at want? */
static inline int
content_matches(const struct pc_hit *hit, const unsigned char *want, size_t n)
{
	struct pc_buf b = {0};
	int good = hit->record.size == n;

	if (good && (hit->value || n == 0))
		return n == 0 || memcmp(hit->value, want, n) == 0;
	good = good && pc_read_all(hit->fd, &b, n) == 0 && b.len == n &&
	    memcmp(b.data, want, n) == 0;
	pc_buf_clear(&b);
	return good;
}

/* The key that stands for a number. */
static inline void
content_key(uint64_t number, struct pc_id *key)
{
	pc_sha256(&number, sizeof(number), key);
}

#endif
