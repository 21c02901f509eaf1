/* rank.c - which records are evicted first. */
#include "care.h"
#include "disk/disk.h"
#include "shard/record.h"

#include <stdlib.h>

enum {
	OVERHEAD = RECORD_HEADER + RECORD_TRAILER, /* of a record */
	ALIKE_MAX = 16,
};

/* A short hash of the part of a key that events have. */
static uint64_t
short_key(const struct pc_id *key)
{
	return pc_decode_u64(key->b) ^ 3 * pc_decode_u64(key->b + 8);
}

/* A time ahead of the clock is ignored.  Otherwise its record would count as
 * the newest until then, and new records would be evicted before it. */
static int64_t
known(struct pc_ranks *k, int64_t when)
{
	if (!k->now)
		k->now = pc_now();
	return when > k->now + CLOCK_AHEAD ? 0 : when;
}

int
pc_ranks_add(struct pc_ranks *k, const struct pc_record *r)
{
	if (k->count == k->cap) {
		size_t cap = k->cap ? k->cap + k->cap / 4 : 1024;
		struct pc_rank *p = realloc(k->all, cap * sizeof *p);

		if (!p)
			return -1;
		k->all = p;
		k->cap = cap;
	}
	k->all[k->count] = (struct pc_rank){.key = short_key(&r->key),
	    .bytes = OVERHEAD + r->material_len + r->extra_len + r->size,
	    .made = r->created,
	    .used = known(k, r->created),
	    .cost = (float)r->cost / 1000};
	k->bytes += k->all[k->count++].bytes;
	return 0;
}

/* This is a heap sort, because qsort(3) would double the memory. */
static void
sift(struct pc_rank *p, size_t at, size_t n,
    int (*order)(const void *, const void *))
{
	const struct pc_rank moved = p[at];
	size_t child;

	for (; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && order(&p[child], &p[child + 1]) < 0)
			child++;
		if (order(&moved, &p[child]) >= 0)
			break;
		p[at] = p[child];
	}
	p[at] = moved;
}

static void
sort(struct pc_rank *p, size_t n, int (*order)(const void *, const void *))
{
	for (size_t i = n / 2; i-- > 0;)
		sift(p, i, n, order);
	while (n-- > 1) {
		const struct pc_rank last = p[n];

		p[n] = p[0];
		p[0] = last;
		sift(p, 0, n, order);
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct pc_rank *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->made > y->made) - (x->made < y->made);
}

static int
by_use(const void *a, const void *b)
{
	const struct pc_rank *x = a, *y = b;

	if (x->used != y->used)
		return x->used < y->used ? -1 : 1;
	return by_key(a, b);
}

static int
by_uses(const void *a, const void *b)
{
	const struct pc_rank *x = a, *y = b;

	if (x->uses != y->uses)
		return x->uses < y->uses ? -1 : 1;
	return by_use(a, b);
}

static int
by_worth(const void *a, const void *b)
{
	const struct pc_rank *x = a, *y = b;
	const float v = x->cost / (float)x->bytes;
	const float w = y->cost / (float)y->bytes;

	if (v < w || w < v)
		return v < w ? -1 : 1;
	return by_use(a, b);
}

/* The index of the first rank with that key among n; n: none. */
static size_t
first_of(const struct pc_ranks *k, size_t n, uint64_t key)
{
	size_t from = 0, to = n;

	while (from < to) {
		const size_t middle = from + (to - from) / 2;

		if (k->all[middle].key < key)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static int
use(void *ctx, const struct pc_event *e)
{
	struct pc_ranks *k = ctx;
	const uint64_t key = short_key(&e->key);
	const int64_t when = known(k, e->when);
	size_t i;

	if (e->kind != PC_EVENT_HIT && e->kind != PC_EVENT_WAIT &&
	    e->kind != PC_EVENT_STALE)
		return 0;
	/* Limit the search, since keys made by hand could share this short
	 * hash. */
	i = first_of(k, k->count, key);
	for (size_t end = i + ALIKE_MAX;
	     i < end && i < k->count && k->all[i].key == key; i++) {
		k->all[i].uses++;
		if (when > k->all[i].used)
			k->all[i].used = when;
	}
	return 0;
}

int
pc_ranks_use(struct pc_ranks *k, struct pc_store *s, uint64_t max)
{
	if (k->count == 0)
		return 0;
	sort(k->all, k->count, by_key);
	return max ? pc_event_newest(s, max, use, k) : pc_event_each(s, use, k);
}

/* A record larger than most is evicted itself, and no others for its sake. */
static void
drop_too_large(struct pc_ranks *k, uint64_t most)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct pc_rank r = k->all[i];

		if (r.bytes <= most)
			continue;
		k->all[i] = k->all[k->gone];
		k->all[k->gone++] = r;
		k->gone_bytes += r.bytes;
	}
}

void
pc_ranks_choose(struct pc_ranks *k, enum pc_policy policy, uint64_t left,
    uint64_t most)
{
	static int (*const orders[])(const void *, const void *) = {by_use,
	    by_uses, by_worth};

	k->gone = 0;
	k->gone_bytes = 0;
	if (k->count == 0)
		return;
	drop_too_large(k, most);
	sort(k->all + k->gone, k->count - k->gone, orders[policy]);
	while (k->gone < k->count && k->bytes - k->gone_bytes > left)
		k->gone_bytes += k->all[k->gone++].bytes;
	sort(k->all, k->gone, by_key);
}

struct pc_rank *
pc_ranks_find(const struct pc_ranks *k, const struct pc_record *r)
{
	const struct pc_rank want = {.key = short_key(&r->key),
	    .made = r->created};

	return k->count ? bsearch(&want, k->all, k->count, sizeof want, by_key)
			: NULL;
}

int
pc_ranks_goes(const struct pc_ranks *k, const struct pc_record *r)
{
	const struct pc_rank want = {.key = short_key(&r->key),
	    .made = r->created};

	return k->gone &&
	    bsearch(&want, k->all, k->gone, sizeof want, by_key) != NULL;
}

void
pc_ranks_clear(struct pc_ranks *k)
{
	free(k->all);
	*k = (struct pc_ranks){0};
}
