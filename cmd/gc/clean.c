/* clean.c - the records that go, and the room that they took. */
#include "gc.h"

#include <errno.h>
#include <string.h>

/* Of a run, a tenth of what the log of events holds: more of them, and they
 * would have the others forgotten. */
enum { EVENTS_MAX = 100000 };

static _Noreturn void
stopped(struct gc *g)
{
	if (errno != ECANCELED)
		cli_store_die(g->cli, "read the store");
	if (!g->cli->quiet)
		cli_warn(g->cli,
		    "stopped; the remaining records were not changed");
	cli_exit(g->cli, PC_EXIT_LATER);
}

/* ---- what goes ---- */

static int
follow(void *ctx, const struct pc_record *r)
{
	struct gc *g = ctx;
	int new = selection_follow(&g->select, r);

	if (new < 0)
		return -1;
	g->told += (uint64_t) new;
	return 0;
}

/* Go through all until nothing more is found to be made from the document. */
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
			stopped(g);
	} while (g->told > before);
	g->told = 0;
}

static int
rank(void *ctx, const struct pc_record *r)
{
	struct gc *g = ctx;

	if (r->expires <= g->select.now || !selection_fits(&g->select, r))
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
		stopped(g);
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
	const int expired = r->expires <= g->select.now;
	int evicted = 0, goes;

	if (g->max_bytes >= 0) {
		evicted = pc_ranks_goes(&g->ranks, r);
		goes = evicted || (expired && selection_fits(&g->select, r));
	} else {
		goes = g->all ||
		    (selection_given(&g->select) &&
			selection_fits(&g->select, r));
	}
	if (!goes && !(g->compact && expired))
		return 0;
	g->deleted++;
	g->deleted_bytes += r->size;
	tell(g, r, evicted ? PC_EVENT_EVICT : PC_EVENT_REMOVE);
	return 1;
}

/* Is only part of the store to be read: the shards of the keys given? */
static int
only_keys(struct gc *g)
{
	const struct ids *keys = &g->select.keys;

	if (!g->select.by_key || g->max_bytes >= 0 || g->compact)
		return 0;
	for (size_t i = 0; i < keys->count; i++)
		g->shards |= UINT64_C(1) << pc_shard(&keys->all[i]);
	return 1;
}

void
gc_clean(struct gc *g)
{
	struct pc_compact_options o = {.drop = drop,
	    .ctx = g,
	    .flags = PC_COMPACT_SYNC | (g->dry_run ? PC_COMPACT_DRY_RUN : 0) |
		(g->compact ? PC_COMPACT_FORGET : 0)};
	const struct selection *s = &g->select;
	const int given = selection_given(s);
	uint64_t bytes;

	if (s->derived)
		find_derived(g);
	g->partial = only_keys(g);
	/* What a person deletes is gone from the disk, too. */
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
		stopped(g);
	if (g->all)
		gc_foreign(g);
	g->deleted = g->report.dropped;
	if (!g->partial)
		g->deleted_bytes = g->report.dropped_bytes;
}

/* ---- what is damaged ---- */

static void
damage(void *ctx, const struct pc_damage *d)
{
	struct gc *g = ctx;
	char shard[16];

	if (!g->json) {
		char hex[PC_ID_HEX] = "";

		if (d->key)
			pc_id_hex(d->key, hex);
		printf("shard %02x offset %llu %s%s%s\n", d->shard,
		    (unsigned long long)d->offset, hex, d->key ? " " : "",
		    d->what);
		return;
	}
	snprintf(shard, sizeof shard, "%02x", d->shard);
	pc_json_begin_object(&g->damage, NULL);
	pc_json_add_text(&g->damage, "shard", shard);
	pc_json_add_uint(&g->damage, "offset", d->offset);
	if (d->key)
		pc_json_add_id(&g->damage, "key", d->key);
	else
		pc_json_add_null(&g->damage, "key");
	pc_json_add_text(&g->damage, "what", d->what);
	pc_json_end_object(&g->damage);
	if (g->damage.failed)
		cli_die(g->cli, "%s", strerror(ENOMEM));
}

/* What a person put there is nobody else's business but his. */
static void
tell_foreign(void *ctx, const char *path)
{
	enum { NAMED = 20 };
	struct gc *g = ctx;

	if (g->others++ < NAMED)
		cli_warn(g->cli,
		    "'%s' does not belong to the store; it was not changed",
		    path);
}

void
gc_foreign(struct gc *g)
{
	if (g->cli->quiet || pc_store_refusal(g->cli->store))
		return;
	if (pc_store_foreign(g->cli->store, tell_foreign, g) < 0)
		cli_warn(g->cli, "cannot list the store: %s",
		    pc_store_error(g->cli->store, errno));
}

static void
rebuild(struct gc *g, unsigned shard)
{
	if (pc_store_rebuild(g->cli->store, shard) == 0)
		return;
	if (pc_store_refusal(g->cli->store))
		gc_refused(g);
	g->failed++;
	cli_warn(g->cli, "shard %02x: %s", shard,
	    pc_store_error(g->cli->store, errno));
}

/* Indexes and slots first: records are found by them. */
static void
check_shards(struct gc *g)
{
	for (unsigned i = 0; i < PC_SHARDS; i++) {
		int faults;

		if (*gc_stop) {
			errno = ECANCELED;
			stopped(g);
		}
		faults = pc_store_check(g->cli->store, i, damage, g);
		if (faults < 0 && pc_store_refusal(g->cli->store))
			return; /* the pass tells of it */
		if (faults < 0) {
			g->failed++;
			cli_warn(g->cli, "shard %02x: %s", i,
			    pc_store_error(g->cli->store, errno));
			continue;
		}
		g->faults += (unsigned)faults;
		if (faults && g->repair && !g->dry_run)
			rebuild(g, i);
	}
}

void
gc_check(struct gc *g)
{
	const struct pc_compact_options o = {.damage = damage,
	    .ctx = g,
	    .flags = PC_COMPACT_VERIFY | PC_COMPACT_SYNC |
		(g->check || g->dry_run ? PC_COMPACT_DRY_RUN : 0)};

	check_shards(g);
	if (gc_pass(g, &o, &g->report) < 0)
		stopped(g);
	gc_foreign(g);
}

void
gc_rebuild(struct gc *g)
{
	for (unsigned i = 0; i < PC_SHARDS && !g->dry_run; i++) {
		if (*gc_stop) {
			errno = ECANCELED;
			stopped(g);
		}
		rebuild(g, i);
		cli_progress(g->cli, i + 1, PC_SHARDS);
	}
}
