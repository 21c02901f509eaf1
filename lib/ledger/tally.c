/* tally.c - sums of events by group. */
#include "tally.h"

#include "disk/disk.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* A damaged or hostile event file may contain any number of stages and
	 * times, so the number of groups is limited; the rest goes into one
	 * group. */
	SUMS_MAX = 16384,
};

static const int64_t hour = 3600 * 1000000LL, day = 24 * 3600 * 1000000LL;

static void
add(uint64_t *sum, uint64_t more)
{
	*sum = *sum > UINT64_MAX - more ? UINT64_MAX : *sum + more;
}

static uint64_t
hash(const struct pc_sum *k)
{
	/* FNV-1a */
	uint64_t h = 0xcbf29ce484222325;

	for (const char *p = k->stage; *p; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3;
	h = (h ^ (uint64_t)(k->from / hour)) * 0x100000001b3;
	h = (h ^ (uint64_t)(k->to / hour)) * 0x100000001b3;
	h = (h ^ (unsigned)k->program << 8 ^ (unsigned)k->kind) * 0x100000001b3;
	return h ^ h >> 29;
}

static int
same(const struct pc_sum *a, const struct pc_sum *b)
{
	return a->from == b->from && a->to == b->to && a->kind == b->kind &&
	    a->program == b->program && strcmp(a->stage, b->stage) == 0;
}

static int
grow(struct pc_tally *t)
{
	const size_t cap = t->cap ? 2 * t->cap : 64;
	struct pc_sum *sums = realloc(t->sums, cap * sizeof *sums);

	if (!sums)
		return -1;
	t->sums = sums;
	t->cap = cap;
	return 0;
}

/* Find the sum of the group with that key, or add one. */
static struct pc_sum *
find(struct pc_tally *t, const struct pc_sum *key)
{
	struct pc_sum rest;
	uint32_t last = t->last[key->kind], at;

	if (last < t->count && same(&t->sums[last], key))
		return &t->sums[last];
	for (size_t i = 0; pc_set_next(&t->groups, hash(key), &i, &at);)
		if (same(&t->sums[at], key)) {
			t->last[key->kind] = at;
			return &t->sums[at];
		}
	if (t->count >= SUMS_MAX && (key->stage[0] || key->to)) {
		rest = (struct pc_sum){.kind = key->kind};
		return find(t, &rest);
	}
	if ((t->count == t->cap && grow(t) < 0) ||
	    pc_set_add(&t->groups, hash(key), (uint32_t)t->count) < 0)
		return NULL;
	t->last[key->kind] = (uint32_t)t->count;
	t->sums[t->count] = (struct pc_sum){.from = key->from,
	    .to = key->to,
	    .program = key->program,
	    .kind = key->kind};
	strcpy(t->sums[t->count].stage, key->stage);
	return &t->sums[t->count++];
}

static void
widen(struct pc_sum *s, int64_t first, int64_t last)
{
	if (s->count == 0 || first < s->first)
		s->first = first;
	if (s->count == 0 || last > s->last)
		s->last = last;
}

/* The clock was wrong, but the event still counts. */
static int64_t
plausible_time(struct pc_tally *t, int64_t when)
{
	if (!t->now)
		t->now = pc_now();
	return when < 0 || when > t->now + CLOCK_AHEAD ? t->now : when;
}

int
pc_tally_add(struct pc_tally *t, const struct pc_event *e)
{
	struct pc_sum key, *s;
	const int64_t when = plausible_time(t, e->when);

	if (when < t->since)
		return 0;
	key.kind = e->kind;
	key.program = t->by & PC_BY_PROGRAM ? e->program : PC_PROGRAM_OTHER;
	key.from = key.to = 0;
	if (t->by & (PC_BY_DAY | PC_BY_HOUR)) {
		int64_t span = t->by & PC_BY_HOUR ? hour : day;

		key.from = when - when % span;
		key.to = key.from + span;
	}
	key.stage[0] = '\0';
	if (t->by & PC_BY_STAGE)
		strcpy(key.stage, e->stage);
	s = find(t, &key);
	if (!s || pc_histogram_add(&s->durations, (uint64_t)e->duration, 1) < 0)
		return -1;
	if (e->lock_wait > 0 &&
	    pc_histogram_add(&s->waits, (uint64_t)e->lock_wait, 1) < 0)
		return -1;
	if (e->peak_kib && pc_histogram_add(&s->peaks, e->peak_kib, 1) < 0)
		return -1;
	widen(s, when, when);
	s->count++;
	add(&s->duration, (uint64_t)e->duration);
	add(&s->lock_wait, (uint64_t)e->lock_wait);
	add(&s->saved, (uint64_t)e->saved);
	add(&s->bytes, e->bytes);
	add(&s->tokens, e->tokens);
	add(&s->price, e->price);
	return 0;
}

int
tally_add_sum(struct pc_tally *t, const struct pc_sum *more)
{
	struct pc_sum key = {.kind = more->kind}, *s;

	if (t->since && more->to && more->to <= t->since)
		return 0;
	if (t->by & PC_BY_STAGE)
		strcpy(key.stage, more->stage);
	if (t->by & PC_BY_PROGRAM)
		key.program = more->program;
	if (t->by & (PC_BY_DAY | PC_BY_HOUR)) {
		key.from = more->from;
		key.to = more->to;
		if (key.from != plausible_time(t, key.from)) {
			key.from = t->now - t->now % day;
			key.to = key.from + day;
		}
	}
	s = find(t, &key);
	if (!s || pc_histogram_merge(&s->durations, &more->durations) < 0 ||
	    pc_histogram_merge(&s->waits, &more->waits) < 0 ||
	    pc_histogram_merge(&s->peaks, &more->peaks) < 0)
		return -1;
	if (more->count)
		widen(s, plausible_time(t, more->first),
		    plausible_time(t, more->last));
	add(&s->count, more->count);
	add(&s->duration, more->duration);
	add(&s->lock_wait, more->lock_wait);
	add(&s->saved, more->saved);
	add(&s->bytes, more->bytes);
	add(&s->tokens, more->tokens);
	add(&s->price, more->price);
	return 0;
}

int
pc_tally_merge(struct pc_tally *into, const struct pc_tally *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (tally_add_sum(into, &t->sums[i]) < 0)
			return -1;
	return 0;
}

void
pc_tally_clear(struct pc_tally *t)
{
	for (size_t i = 0; i < t->count; i++) {
		pc_histogram_clear(&t->sums[i].durations);
		pc_histogram_clear(&t->sums[i].waits);
		pc_histogram_clear(&t->sums[i].peaks);
	}
	free(t->sums);
	pc_set_clear(&t->groups);
	*t = (struct pc_tally){.by = t->by, .since = t->since};
}
