/* histogram.c - the distribution of values, in little memory.
 *
 * The buckets are log-linear: values below 128 have one each, and every power
 * of two above is divided into 64.  The middle of a bucket is then at most
 * 0.8 % away from any value in it.  Two histograms are merged by adding their
 * counts. */
#include "histogram.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	CUT_BITS = 6,
	CUTS = 1 << CUT_BITS,
	/* The number of buckets: CUTS for values below CUTS, and CUTS for each
	 * power of two above. */
	BUCKETS = (64 - CUT_BITS + 1) * CUTS,
};

static uint32_t
bucket_of(uint64_t v)
{
	unsigned shift;

	if (v < CUTS)
		return (uint32_t)v;
	shift = 63 - CUT_BITS - (unsigned)__builtin_clzll(v);
	return shift * CUTS + (uint32_t)(v >> shift);
}

static uint64_t
middle_of(uint32_t bucket)
{
	unsigned shift;

	if (bucket < 2 * CUTS)
		return bucket;
	shift = bucket / CUTS - 1;
	return ((uint64_t)(bucket - shift * CUTS) << shift) +
	    (1ULL << (shift - 1));
}

/* Allocate counts for the buckets from first to before end, in whole rows. */
static int
cover(struct pc_histogram *h, uint32_t first, uint32_t end)
{
	uint64_t *p;

	first -= first % CUTS;
	end += CUTS - 1 - (end - 1) % CUTS;
	if (h->n && first >= h->first && end <= h->first + h->n)
		return 0;
	if (h->n && h->first < first)
		first = h->first;
	if (h->n && h->first + h->n > end)
		end = h->first + h->n;
	p = calloc(end - first, sizeof *p);
	if (!p)
		return -1;
	if (h->n)
		memcpy(p + (h->first - first), h->count, h->n * sizeof *p);
	free(h->count);
	h->count = p;
	h->first = first;
	h->n = end - first;
	return 0;
}

int
pc_histogram_add(struct pc_histogram *h, uint64_t value, uint64_t times)
{
	uint32_t b = bucket_of(value);

	if (b - h->first >= h->n && cover(h, b, b + 1) < 0)
		return -1;
	h->count[b - h->first] += times;
	h->total += times;
	if (value > h->max)
		h->max = value;
	return 0;
}

int
pc_histogram_merge(struct pc_histogram *into, const struct pc_histogram *h)
{
	if (!h->n)
		return 0;
	if (cover(into, h->first, h->first + h->n) < 0)
		return -1;
	for (uint32_t i = 0; i < h->n; i++)
		into->count[h->first - into->first + i] += h->count[i];
	into->total += h->total;
	if (h->max > into->max)
		into->max = h->max;
	return 0;
}

uint64_t
pc_histogram_percentile(const struct pc_histogram *h, double percent)
{
	/* The nearest rank, from 1. */
	double want = percent * (double)h->total / 100;
	uint64_t rank, seen = 0, v;

	if (want >= (double)h->total)
		return h->max;
	rank = (uint64_t)want;
	rank += (double)rank < want || rank == 0;
	for (uint32_t i = 0; i < h->n; i++) {
		seen += h->count[i];
		if (seen < rank)
			continue;
		v = middle_of(h->first + i);
		return v < h->max ? v : h->max;
	}
	return h->max;
}

uint64_t
pc_histogram_each(const struct pc_histogram *h, uint32_t *at, uint64_t *count)
{
	while (*at < h->n && !h->count[*at])
		++*at;
	if (*at >= h->n) {
		*count = 0;
		return 0;
	}
	*count = h->count[*at];
	return middle_of(h->first + (*at)++);
}

void
pc_histogram_clear(struct pc_histogram *h)
{
	free(h->count);
	*h = (struct pc_histogram){0};
}

/* ---- on the disk: the largest value, the number of buckets, and for each its
 * distance from the one before and its count (pc_buf_add_number) ---- */

int
histogram_write(const struct pc_histogram *h, struct pc_buf *b)
{
	uint32_t used = 0, last = 0;

	for (uint32_t i = 0; i < h->n; i++)
		used += h->count[i] != 0;
	pc_buf_add_number(b, h->max);
	pc_buf_add_number(b, used);
	for (uint32_t i = 0; i < h->n; i++) {
		if (!h->count[i])
			continue;
		pc_buf_add_number(b, h->first + i - last);
		pc_buf_add_number(b, h->count[i]);
		last = h->first + i;
	}
	return b->failed ? -1 : 0;
}

int
histogram_read(struct pc_histogram *h, const unsigned char **p,
    const unsigned char *end)
{
	uint64_t max, used, at = 0, step, count;

	if (pc_decode_number(p, end, &max) < 0 ||
	    pc_decode_number(p, end, &used) < 0 || used > BUCKETS)
		goto bad;
	while (used-- > 0) {
		if (pc_decode_number(p, end, &step) < 0 ||
		    pc_decode_number(p, end, &count) < 0 ||
		    step >= BUCKETS - at || count > UINT64_MAX - h->total)
			goto bad;
		at += step;
		if (cover(h, (uint32_t)at, (uint32_t)at + 1) < 0)
			return -1;
		h->count[at - h->first] += count;
		h->total += count;
	}
	if (max > h->max)
		h->max = max;
	return 0;
bad:
	errno = EBADMSG;
	return -1;
}
