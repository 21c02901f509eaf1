/* recency.c - how many bytes were used after a given use. */
#include "recency.h"

#include <stdlib.h>
#include <string.h>

size_t
recency_next(struct recency *r)
{
	enum { FIRST = 4096 };
	size_t size = r->size ? 2 * r->size : FIRST;
	uint64_t *sums;

	if (r->last < r->size)
		return ++r->last;
	sums = realloc(r->sums, (size + 1) * sizeof *sums);
	if (!sums)
		return 0;
	memset(sums + r->size + 1, 0, (size - r->size) * sizeof *sums);
	sums[size] = r->total; /* the sum of all places */
	r->sums = sums;
	r->size = size;
	return ++r->last;
}

static void
change(struct recency *r, size_t at, uint64_t by)
{
	r->total += by;
	for (; at <= r->size; at += at & -at)
		r->sums[at] += by;
}

void
recency_put(struct recency *r, size_t at, uint64_t bytes)
{
	change(r, at, bytes);
}

void
recency_take(struct recency *r, size_t at, uint64_t bytes)
{
	change(r, at, -bytes);
}

uint64_t
recency_since(const struct recency *r, size_t at)
{
	uint64_t until = 0;

	for (; at > 0; at &= at - 1)
		until += r->sums[at];
	return r->total - until;
}

void
recency_clear(struct recency *r)
{
	free(r->sums);
	*r = (struct recency){0};
}
