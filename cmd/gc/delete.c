/* delete.c - delete records, or evict them to meet a cap. */
#include "gc.h"

#include <errno.h>
#include <string.h>

/* A run logs at most a tenth of the events that the log can hold; more would
 * push out all others. */
enum { EVENTS_MAX = 100000 };

static int
follow(void *ctx, const struct pc_record *r)
{
	struct gc *g = ctx;
	int new = filter_follow(&g->filter, r);

	if (new < 0)
		return -1;
	g->told += (uint64_t) new;
	return 0;
}

/* Repeat until no further result of the document is found. */
static void
find_derived(struct gc *g)
{
	const struct pc_compact_options o = {.flags = PC_COMPACT_DRY_RUN,
	    .drop = follow,
	    .ctx = g};
	uint64_t before;

	do {
		struct pc_compact_report report = {0};

		before = g->told;
		if (gc_pass(g, &o, &report) < 0)
			gc_stopped(g);
	} while (g->told > before);
	g->told = 0;
}

static int
rank(void *ctx, const struct pc_record *r)
{
	struct gc *g = ctx;

	if (r->expires <= g->filter.now || !filter_matches(&g->filter, r))
		return 0;
	return pc_ranks_add(&g->ranks, r) < 0 ? -1 : 0;
}

static void
find_over_cap(struct gc *g)
{
	const struct pc_compact_options o = {.flags = PC_COMPACT_DRY_RUN,
	    .drop = rank,
	    .ctx = g};
	struct pc_compact_report report = {0};

	if (gc_pass(g, &o, &report) < 0)
		gc_stopped(g);
	if (pc_ranks_use(&g->ranks, g->cli->store, 0) < 0)
		cli_store_die(g->cli, "read the events");
	pc_ranks_choose(&g->ranks, g->policy, (uint64_t)g->max_bytes,
	    (uint64_t)g->max_bytes);
}

static void
tell(struct gc *g, const struct pc_record *r, enum pc_event_kind kind)
{
	struct pc_event e = {.key = r->key, .bytes = r->size};

	pc_record_stage(r, e.stage);
	if (g->cli->verbose) {
		char hex[PC_ID_HEX];

		pc_id_hex(&r->key, hex);
		cli_warn(g->cli, "%s %s%s%s %llu bytes",
		    g->dry_run ? "would delete" : "delete", e.stage,
		    e.stage[0] ? " " : "", hex, (unsigned long long)r->size);
	}
	if (!g->dry_run && g->told++ < EVENTS_MAX)
		cli_event(g->cli, kind, e);
}

static int
drop(void *ctx, const struct pc_record *r)
{
	struct gc *g = ctx;
	const int expired = r->expires <= g->filter.now;
	int evicted = 0, goes;

	if (g->max_bytes >= 0) {
		evicted = pc_ranks_goes(&g->ranks, r);
		goes = evicted || (expired && filter_matches(&g->filter, r));
	} else {
		goes = g->all ||
		    (filter_given(&g->filter) && filter_matches(&g->filter, r));
	}
	if (!goes && !(g->compact && expired))
		return 0;
	g->deleted++;
	g->deleted_bytes += r->size;
	tell(g, r, evicted ? PC_EVENT_EVICT : PC_EVENT_REMOVE);
	return 1;
}

/* Do the conditions name keys, so that only their shards need be read? */
static int
only_keys(struct gc *g)
{
	const struct ids *keys = &g->filter.keys;

	if (!g->filter.by_key || g->max_bytes >= 0 || g->compact)
		return 0;
	for (size_t i = 0; i < keys->count; i++)
		g->shards |= UINT64_C(1) << pc_shard(&keys->all[i]);
	return 1;
}

void
gc_delete(struct gc *g)
{
	struct pc_compact_options o = {.drop = drop,
	    .ctx = g,
	    .flags = PC_COMPACT_SYNC | (g->dry_run ? PC_COMPACT_DRY_RUN : 0) |
		(g->compact ? PC_COMPACT_FORGET : 0)};
	const struct record_filter *s = &g->filter;
	const int given = filter_given(s);
	uint64_t bytes;

	if (s->derived)
		find_derived(g);
	g->partial = only_keys(g);
	/* What a person deletes must be gone from the disk, too. */
	if (g->max_bytes < 0 &&
	    (g->all || s->by_file || s->by_key || s->stage_count || s->before))
		o.flags |= PC_COMPACT_ERASE;
	g->erases = (o.flags & PC_COMPACT_ERASE) != 0 && !g->dry_run;
	if (g->max_bytes >= 0) {
		find_over_cap(g);
		if (pc_store_usage(g->cli->store, &bytes, NULL) == 0 &&
		    bytes > (uint64_t)g->max_bytes)
			o.flags |= PC_COMPACT_FORGET;
	}
	if (!g->all && g->max_bytes < 0 && (s->expired || !given))
		o.flags |= PC_COMPACT_EXPIRED;
	if (gc_pass(g, &o, &g->report) < 0)
		gc_stopped(g);
	if (g->all)
		gc_foreign(g);
	g->deleted = g->report.dropped;
	if (!g->partial)
		g->deleted_bytes = g->report.dropped_bytes;
}
