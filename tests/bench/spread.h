/* spread.h - the percentiles of many durations, in a fixed histogram. */
#ifndef SPREAD_H
#define SPREAD_H

#include <stdint.h>
#include <time.h>

enum {
	SPREAD_SUB = 64, /* steps in each power of two: 1.6 % apart */
	SPREAD_STEPS = 40 * SPREAD_SUB,
};

struct spread {
	uint64_t count;
	uint64_t sum; /* ns */
	uint32_t step[SPREAD_STEPS];
};

static inline uint64_t
spread_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static inline void
spread_add(struct spread *s, uint64_t ns)
{
	uint64_t v = ns;
	unsigned shift = 0, i;

	while (v >= 2 * SPREAD_SUB) {
		v >>= 1;
		shift++;
	}
	i = shift * SPREAD_SUB + (unsigned)v;
	if (i >= SPREAD_STEPS)
		i = SPREAD_STEPS - 1;
	s->step[i]++;
	s->count++;
	s->sum += ns;
}

static inline void
spread_merge(struct spread *to, const struct spread *from)
{
	for (unsigned i = 0; i < SPREAD_STEPS; i++)
		to->step[i] += from->step[i];
	to->count += from->count;
	to->sum += from->sum;
}

/* The duration in us that the share q of all durations does not exceed. */
static inline double
spread_at(const struct spread *s, double q)
{
	uint64_t want = (uint64_t)(q * (double)s->count), seen = 0;
	unsigned i = 0;

	for (; i < SPREAD_STEPS - 1; i++) {
		seen += s->step[i];
		if (seen > want)
			break;
	}
	if (i < 2 * SPREAD_SUB)
		return i / 1000.0;
	return (double)((uint64_t)(SPREAD_SUB + i % SPREAD_SUB)
		   << (i / SPREAD_SUB - 1)) /
	    1000.0;
}

#endif
