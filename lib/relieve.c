/* relieve.c - a store that nobody cares for stays below its cap.
 *
 * A put that has its shard's index absorb the log notes, now and then, that it
 * is to be seen whether the shard is over its share of the cap and the store
 * over all of it.  Its process looks when nobody waits for what it put.  If it
 * is so, and if nobody else is at it, it drops of this shard what is expired
 * and then what was not used for longest, as far as the newest events tell.
 * pc-gc does the same for the whole store, by all events.  Each record that goes
 * is an event. */
#include "compact.h"

#include <sys/stat.h>

enum {
	EVENTS_MAX = 4 * 1024 * 1024, /* bytes of them that are read */
	SAID_MAX = 10000,             /* that go; more say no more */
	OVERHEAD = RECORD_HEADER + RECORD_TRAILER,
	/* The most that is gone through while somebody waits for a put. */
	LOG_MAX = 256 * 1024 * 1024,
};

int
pc_store_gc_lock(struct pc_store *s)
{
	return lock_range(s->state, LOCK_GC, RANGE_EXCLUSIVE, 0);
}

void
pc_store_set_max(struct pc_store *s, int64_t max)
{
	s->max = max > 0 ? (uint64_t)max : 0;
}

struct relief {
	uint64_t left;        /* bytes that may stay */
	struct pc_buf events; /* of those that go, for when they are gone */
	struct pc_buf record; /* the one that is read */
};

/* Where it cannot be read, no more is said of it than is known. */
static int
note(struct relief *relief, struct pc_compact *c, const struct live_entry *e)
{
	struct pc_event event = {.program = PC_PROGRAM_GC, .key = e->key,
	    .bytes = e->bytes,
	    .kind = e->expires > c->now ? PC_EVENT_EVICT : PC_EVENT_REMOVE};
	struct record r;

	if (relief->events.len >= SAID_MAX * EVENT_BYTES)
		return 0;
	if (live_read(c->old, c->log_id, e, 0, &relief->record, &r) == 0) {
		pc_record_stage(&r.pub, event.stage);
		event.bytes = r.pub.size;
	}
	return event_encode(&event, &relief->events);
}

/* What is expired goes, and of the others what the rest must not have; but the
 * newest of them stays. */
static int
choose(void *ctx, struct pc_compact *c)
{
	struct relief *relief = ctx;
	struct pc_ranks ranks = {0};
	int64_t newest = 0;
	int r = 0;

	relief->events.len = 0; /* it may have to begin again */
	for (size_t i = 0; r == 0 && i < c->live.count; i++) {
		const struct live_entry *e = &c->live.all[i];

		if (e->gone)
			continue;
		if (e->created > newest &&
		    e->created <= c->now + CLOCK_AHEAD)
			newest = e->created;
		if (e->expires > c->now)
			r = pc_ranks_add(&ranks, &(struct pc_record){
			    .key = e->key, .created = e->created,
			    .size = e->bytes - OVERHEAD});
	}
	if (r == 0)
		r = pc_ranks_use(&ranks, c->s, EVENTS_MAX);
	if (r == 0)
		pc_ranks_choose(&ranks, PC_POLICY_LRU, relief->left);
	for (size_t i = 0; r == 0 && i < c->live.count; i++) {
		struct live_entry *e = &c->live.all[i];

		if (e->gone)
			continue;
		e->chosen = e->expires <= c->now || (e->created != newest &&
		    pc_ranks_goes(&ranks, &(struct pc_record){
		        .key = e->key, .created = e->created}));
		if (e->chosen)
			r = note(relief, c, e);
	}
	pc_ranks_clear(&ranks);
	return r;
}

static int
make_room(struct pc_store *s, unsigned shard, uint64_t left)
{
	struct relief relief = {.left = left};
	const struct pc_compact_options o = {
	    .flags = PC_COMPACT_FORGET, .choose = choose, .ctx = &relief};
	struct pc_compact_report report = {0};
	int r = pc_store_compact(s, shard, &o, &report);

	if (r == 0 && relief.events.len)
		r = event_append(s, &relief.events);
	pc_buf_clear(&relief.events);
	pc_buf_clear(&relief.record);
	return r;
}

void
shard_relieve_later(struct pc_store *s, unsigned shard)
{
	if (!s->max)
		return;
	store_relieve(s);
	if (s->put >= s->look_at)
		s->relieve = 1 + shard;
}

void
store_relieve(struct pc_store *s)
{
	const uint64_t share = s->max / PC_SHARDS;
	const unsigned shard = s->relieve - 1;
	uint64_t bytes = 0;
	struct stat st;
	int e = errno;

	if (!s->relieve)
		return;
	s->relieve = 0;
	if (sweep_usage(s, shard, &bytes) < 0 || bytes <= share ||
	    pc_store_usage(s, &bytes, NULL) < 0) {
		errno = e;
		return;
	}
	/* Others put as well; but this much of a look is enough. */
	s->look_at = s->put + (bytes < s->max ? s->max - bytes : share) / 8;
	if (bytes > s->max && fstat(s->shard[shard].log, &st) == 0 &&
	    st.st_size <= LOG_MAX)
		(void)make_room(s, shard, share / 4 * 3);
	errno = e;
}
