/* relieve.c - a store that nobody cares for stays below its cap.
 *
 * A put that has its shard's index absorb the log looks, now and then, whether
 * the shard is over its share of the cap and the store over all of it.  If so,
 * and if nobody else is at it, it drops of this shard what is expired and then
 * what was not used for longest, as far as the newest events tell.  pc-gc does
 * the same for the whole store, by all events. */
#include "compact.h"

#include <sys/stat.h>

enum {
	EVENTS_MAX = 4 * 1024 * 1024, /* bytes of them that are read */
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

/* Of what is not expired let the rest have at most *ctx bytes; but the newest
 * stays. */
static int
choose(void *ctx, struct pc_compact *c)
{
	const uint64_t *left = ctx;
	struct pc_ranks ranks = {0};
	int64_t newest = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->live.count; i++) {
		const struct live_entry *e = &c->live.all[i];

		if (e->gone)
			continue;
		if (e->created > newest)
			newest = e->created;
		if (e->expires > c->now)
			r = pc_ranks_add(&ranks, &(struct pc_record){
			    .key = e->key, .created = e->created,
			    .size = e->bytes - OVERHEAD});
	}
	if (r == 0)
		r = pc_ranks_use(&ranks, c->s, EVENTS_MAX);
	if (r == 0)
		pc_ranks_choose(&ranks, PC_POLICY_LRU, *left);
	for (size_t i = 0; r == 0 && i < c->live.count; i++) {
		struct live_entry *e = &c->live.all[i];

		e->chosen = !e->gone && e->created < newest &&
		    pc_ranks_goes(&ranks, &(struct pc_record){
		        .key = e->key, .created = e->created});
	}
	pc_ranks_clear(&ranks);
	return r;
}

static int
make_room(struct pc_store *s, unsigned shard, uint64_t left)
{
	const struct pc_compact_options o = {
	    .flags = PC_COMPACT_EXPIRED | PC_COMPACT_FORGET,
	    .choose = choose, .ctx = &left};
	struct pc_compact_report report = {0};
	struct pc_event event = {.kind = PC_EVENT_REMOVE,
	    .program = PC_PROGRAM_GC};
	int r = pc_store_compact(s, shard, &o, &report);

	event.bytes = report.dropped_bytes + report.expired_bytes;
	if (r == 0 && event.bytes)
		pc_event_add(s, &event);
	return r;
}

void
shard_relieve(struct pc_store *s, unsigned shard)
{
	const uint64_t share = s->max / PC_SHARDS;
	uint64_t bytes = 0;
	struct stat st;
	int e = errno;

	if (!s->max || s->put < s->look_at ||
	    sweep_usage(s, shard, &bytes) < 0 || bytes <= share ||
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
