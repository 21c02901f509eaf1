/* ghost.c - how many misses would have been hits in a larger store, or with
 * longer times to live.
 *
 * A miss of a result that was stored before has one of three causes.
 *
 * Its record was evicted.  It would be a hit if the store had room for it and
 * for everything that was used since its own last use, each thing counted once,
 * in addition to what the store kept then.
 *
 * Its record had expired.  It would be a hit if its time to live had been
 * longer by the time since then.  If both are true, neither alone would have
 * helped.
 *
 * A user removed it, or had it computed again: nothing helps. */
#include "ghost.h"
#include "ghost_store.h"

#include <errno.h>

const int ghost_steps[2 * GHOST_STEPS] = {1, 7, 30, 90, 365, 1, 2, 5, 10, 50};

static const int64_t day = 24 * 3600 * 1000000LL;

struct ghost_search {
	struct ghost_store store;
	int64_t since, now; /* us since the epoch */
	struct ghost_losses sum;
};

/* The first step from first on that is large enough; -1: none is. */
static int
step(int first, int64_t unit, uint64_t need)
{
	for (int i = first; i < first + GHOST_STEPS; i++)
		if (need <= (uint64_t)(ghost_steps[i] * unit))
			return i;
	return -1;
}

static void
count_miss(struct ghost_search *s, struct ghost *g, const struct pc_event *e)
{
	const int expired = ghost_expired(g, e->when);
	int i;

	g->missed = 0;
	if (g->state == GHOST_REMOVED || (g->state == GHOST_STORED && !expired))
		return;
	s->sum.back++;
	if (g->state == GHOST_EVICTED && expired)
		return;
	i = expired
	    ? step(0, day, (uint64_t)(e->when - g->put - g->ttl))
	    : step(GHOST_STEPS, (int64_t)1 << 30, ghost_lack(&s->store, g));
	if (i >= 0) {
		s->sum.gains[i].hits++;
		g->missed = (unsigned char)(1 + i);
	}
}

/* The time that computing it took would have been saved. */
static void
count_saving(struct ghost_search *s, struct ghost *g, const struct pc_event *e)
{
	if (g->missed)
		s->sum.gains[g->missed - 1].saved += (uint64_t)e->duration;
	g->missed = 0;
}

static int
consider(void *ctx, const struct pc_event *e)
{
	struct ghost_search *s = ctx;
	struct ghost unknown = {.state = GHOST_UNKNOWN}, *g;

	/* The clock was wrong, so the time of the event is unknown. */
	if (e->when < 0 || e->when > s->now + day)
		return 0;
	g = ghost_find(&s->store, e);
	if (!g)
		g = &unknown;
	switch (e->kind) {
	case PC_EVENT_PUT:
	case PC_EVENT_HIT:
	case PC_EVENT_STALE:
	case PC_EVENT_WAIT:
		return ghost_use(&s->store, g, e);
	case PC_EVENT_EVICT:
		return ghost_evict(&s->store, g, e);
	case PC_EVENT_REMOVE:
		ghost_remove(&s->store, g, e);
		break;
	case PC_EVENT_MISS:
		if (e->when < s->since)
			break;
		s->sum.misses++;
		if (g->state)
			count_miss(s, g, e);
		break;
	case PC_EVENT_COMPUTE:
		if (g->state)
			count_saving(s, g, e);
		break;
	default:
		break;
	}
	return 0;
}

/* A larger step also gives what the smaller ones give. */
static void
accumulate(struct ghost_losses *t)
{
	for (int i = 1; i < 2 * GHOST_STEPS; i++) {
		if (i == GHOST_STEPS)
			continue;
		t->gains[i].hits += t->gains[i - 1].hits;
		t->gains[i].saved += t->gains[i - 1].saved;
	}
}

int
ghost_count(struct cli *c, int64_t since, struct ghost_losses *sum)
{
	struct ghost_search s = {.store.config = c->config,
	    .now = pc_now(),
	    .since = since};
	int r = c->store ? pc_event_each(c->store, consider, &s) : 0;
	const int e = errno;

	ghost_store_clear(&s.store);
	accumulate(&s.sum);
	*sum = s.sum;
	errno = e;
	return r;
}
