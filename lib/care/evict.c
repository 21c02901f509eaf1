/* evict.c - keep the store below its cap without pc-gc.
 *
 * A put takes room before it writes (room.c).  If that would bring the store
 * over its cap, the least recently used records are evicted, and before them
 * those that have expired, until it is at nine tenths of the cap, so that few
 * puts pay for it: at once if it would be over the cap by a twentieth, else
 * when a flight lands, with the next put, or when the store is closed.  One
 * process does it at a time; no lock of a shard is held but for moments.
 *
 * In a small store all shards are read; in a large one as many as can be read
 * quickly, and the next ones the next time.  Uses are taken from the newest
 * events.  Each evicted record is reported as an event. */
#include "evict.h"

#include "compact.h"
#include "disk/lock.h"
#include "event/event.h"
#include "shard/shard.h"

#include <stdlib.h>
#include <sys/stat.h>

enum {
	EVENTS_MAX = 4 * 1024 * 1024, /* bytes of events that are read */
	SAID_MAX = 10000, /* evicted records that are reported as events */
	OVERHEAD = RECORD_HEADER + RECORD_TRAILER,
	WINDOW = 32 * 1024 * 1024, /* bytes of logs that are read at once */
	BUDGET =
	    100000, /* us; after that only the space that is needed is freed */
	EVICT_WAIT = 10000000, /* us; wait for another process that evicts */
	STEPS = 24,
	BLOCK = 512,
	PAGE = 4096,
	TINY = 2 * PAGE, /* bytes; a log this small is removed as a whole or not
			    at all */
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

/* ---- some shards ---- */

struct window {
	struct pc_store *s;
	struct pc_compact *all[PC_SHARDS];
	uint64_t disk[PC_SHARDS]; /* bytes of the disk that each shard takes */
	unsigned count;
	int whole;     /* these are all shards that have records */
	unsigned next; /* the shard after the last one read */
	struct pc_compact_options options;
	struct pc_compact_report report;
	struct pc_ranks ranks;
	uint64_t expired; /* bytes of expired records */
	uint64_t evicted; /* number of evicted records */
	struct pc_buf
	    events; /* events of evicted records, appended afterwards */
	struct pc_buf record; /* the current record */
};

static int
is_tiny(const struct window *w, unsigned i)
{
	return w->all[i]->from <= TINY;
}

/* Read the logs of shards, starting with first, up to WINDOW bytes. */
static void
gather(struct window *w, unsigned first)
{
	uint64_t bytes = 0;
	unsigned i;

	w->options = (struct pc_compact_options){
	    .flags = PC_COMPACT_FORGET | PC_COMPACT_TIGHT};
	for (i = 0; i < PC_SHARDS && bytes < WINDOW; i++) {
		const unsigned shard = (first + i) % PC_SHARDS;
		struct pc_compact *c = NULL;
		struct stat st;

		if (pc_compact_begin(w->s, shard, &w->options, &w->report,
			&c) != 0 ||
		    !c)
			continue;
		shard_close(&w->s->shard[shard]);
		if (compact_read_log(c) < 0 || fstat(c->old, &st) < 0) {
			compact_cancel(c);
			continue;
		}
		bytes += (uint64_t)st.st_blocks * BLOCK;
		w->disk[w->count] = (uint64_t)st.st_blocks * BLOCK + PAGE;
		w->all[w->count++] = c;
	}
	w->whole = i == PC_SHARDS;
	w->next = (first + i) % PC_SHARDS;
}

static size_t
count_alive(const struct pc_compact *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->live.count; i++)
		n += !c->live.all[i].gone;
	return n;
}

/* Choose the expired records, and rank the others. */
static int
rank_records(struct window *w)
{
	for (unsigned k = 0; k < w->count; k++) {
		struct pc_compact *c = w->all[k];
		const size_t alive = count_alive(c);

		for (size_t i = 0; i < c->live.count; i++) {
			struct live_entry *e = &c->live.all[i];
			/* A tiny log frees its pages only when its last record
			 * is removed. */
			const uint64_t bytes = is_tiny(w, k) && !e->external
			    ? w->disk[k] / alive
			    : e->bytes;

			if (e->gone)
				continue;
			e->chosen = e->expires <= c->now;
			if (e->chosen)
				w->expired += bytes;
			else if (pc_ranks_add(&w->ranks,
				     &(struct pc_record){.key = e->key,
					 .created = e->created,
					 .size = bytes > OVERHEAD
					     ? bytes - OVERHEAD
					     : 0}) < 0)
				return -1;
		}
	}
	return pc_ranks_use(&w->ranks, w->s, EVENTS_MAX);
}

static struct pc_rank *
rank_of(const struct window *w, const struct live_entry *e)
{
	return pc_ranks_find(&w->ranks,
	    &(struct pc_record){.key = e->key, .created = e->created});
}

/* A tiny log is evicted as a whole, when its newest record is. */
static void
bind_tiny(struct window *w)
{
	for (unsigned k = 0; k < w->count; k++) {
		struct live *l = &w->all[k]->live;
		int64_t used = 0;

		if (!is_tiny(w, k))
			continue;
		for (int set = 0; set < 2; set++)
			for (size_t i = 0; i < l->count; i++) {
				const struct live_entry *e = &l->all[i];
				struct pc_rank *r = e->gone || e->chosen ||
					e->external
				    ? NULL
				    : rank_of(w, e);

				if (r && set)
					r->used = used;
				else if (r && r->used > used)
					used = r->used;
			}
	}
}

static void
add_event(struct window *w, const struct pc_compact *c,
    const struct live_entry *e)
{
	struct pc_event event = {.program = PC_PROGRAM_GC,
	    .key = e->key,
	    .bytes = e->bytes,
	    .kind = e->expires > c->now ? PC_EVENT_EVICT : PC_EVENT_REMOVE};
	unsigned char p[EVENT_BYTES];
	struct record r;

	w->evicted++;
	if (w->events.len >= SAID_MAX * EVENT_BYTES)
		return;
	/* If the record cannot be read, the event has only what the log's live
	 * entry tells. */
	if (live_read(c->old, c->log_id, e, 0, &w->record, &r) == 0) {
		pc_record_stage(&r.pub, event.stage);
		event.bytes = r.pub.size;
	}
	event_encode(&event, p);
	(void)pc_buf_add(&w->events, p, sizeof p);
}

/* Choose the least recently used records, until want bytes are freed.  If not
 * all shards were read, choose at most the share 1/part of their bytes. */
static int
choose(struct window *w, uint64_t want, unsigned part)
{
	uint64_t left, least;

	if (rank_records(w) < 0)
		return -1;
	bind_tiny(w);
	want -= w->expired < want ? w->expired : want;
	left = w->ranks.bytes > want ? w->ranks.bytes - want : 0;
	least = w->whole ? 0 : w->ranks.bytes - w->ranks.bytes / part;
	pc_ranks_choose(&w->ranks, PC_POLICY_LRU, left > least ? left : least,
	    UINT64_MAX);
	for (unsigned k = 0; k < w->count; k++) {
		struct live *l = &w->all[k]->live;

		for (size_t i = 0; i < l->count; i++) {
			struct live_entry *e = &l->all[i];

			if (e->gone)
				continue;
			e->chosen |= pc_ranks_goes(&w->ranks,
			    &(struct pc_record){.key = e->key,
				.created = e->created});
			if (e->chosen)
				add_event(w, w->all[k], e);
		}
	}
	return 0;
}

/* Remove the chosen records.  If this fails, the next eviction tries again. */
static void
carry_out(struct window *w)
{
	for (unsigned k = 0; k < w->count; k++) {
		struct pc_compact *c = w->all[k];
		const unsigned shard = c->shard;
		int r = compact_decide(c);

		if (r == 0)
			r = compact_write(c);
		(void)pc_compact_end(c, r);
		shard_close(&w->s->shard[shard]);
	}
	w->count = 0;
	if (w->events.len)
		(void)event_append(w->s, w->events.data, w->events.len);
}

static void
window_clear(struct window *w)
{
	for (unsigned k = 0; k < w->count; k++)
		compact_cancel(w->all[k]);
	pc_ranks_clear(&w->ranks);
	pc_buf_clear(&w->events);
	pc_buf_clear(&w->record);
	free(w);
}

/* ---- until it is enough ---- */

/* Evict want bytes from some shards, or at most the share 1/part if these are
 * not all.  *looked is the number of shards.  0; 1: nothing could be
 * evicted. */
static int
evict_some(struct pc_store *s, uint64_t want, unsigned part, unsigned *looked)
{
	struct window *w = calloc(1, sizeof *w);
	const unsigned first = room_next(s, PC_SHARDS);
	int r;

	if (!w)
		return -1;
	w->s = s;
	gather(w, first);
	*looked = w->whole ? PC_SHARDS
			   : (w->next + PC_SHARDS - first) % PC_SHARDS;
	(void)room_next(s, w->next);
	r = choose(w, want, part);
	if (r == 0) {
		r = w->ranks.count == 0 && w->evicted == 0;
		carry_out(w);
	}
	window_clear(w);
	return r;
}

/* Evict under LOCK_EVICT.  0; 1: nothing more can be evicted, and need bytes
 * still do not fit. */
static int
evict(struct pc_store *s, uint64_t need)
{
	const uint64_t tenth = s->max / 10;
	const uint64_t most = need > tenth ? need : tenth;
	const uint64_t low = s->max > most ? s->max - most : 0;
	const int64_t until = pc_deadline(BUDGET);
	unsigned seen = 0, part = 4, looked;
	uint64_t sum;
	int r;

	for (unsigned step = 0; step < STEPS; step++) {
		if (room_count(s, &sum) < 0)
			return -1;
		/* Another process may have evicted enough meanwhile. */
		if (sum <= low ||
		    (sum + need <= s->max - s->max / 32 &&
			(step == 0 || pc_ticks() >= until)))
			return 0;
		/* Only whole blocks are freed, so ask for more if the last
		 * round was not enough. */
		r = evict_some(s, (sum - low) << (seen / PC_SHARDS), part,
		    &looked);
		if (r < 0)
			return -1;
		seen += looked;
		if (seen >= PC_SHARDS && part > 1 && seen % PC_SHARDS == 0)
			part /= 2;
		if (r == 1 && looked == PC_SHARDS)
			break;
	}
	if (room_count(s, &sum) < 0)
		return -1;
	return sum + need > s->max - s->max / 32;
}

static int
evict_locked(struct pc_store *s, uint64_t need, int64_t wait)
{
	int r = lock_range(s->state, LOCK_EVICT, RANGE_EXCLUSIVE, wait);
	int e;

	s->evict_due = 0;
	if (r != LOCK_TAKEN)
		return r; /* another process is evicting */
	r = evict(s, need);
	e = errno;
	lock_range(s->state, LOCK_EVICT, RANGE_FREE, 0);
	errno = e;
	return r;
}

int
evict_now(struct pc_store *s, uint64_t need)
{
	return evict_locked(s, need, EVICT_WAIT);
}

void
evict_if_due(struct pc_store *s)
{
	const int e = errno;

	if (s->evict_due)
		(void)evict_locked(s, 0, 0);
	errno = e;
}
