/* check.c - pc-gc --check: find and repair damage. */
#include "gc.h"

#include <errno.h>
#include <string.h>

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

/* Files that a user put there are only reported. */
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

/* Indexes and slots come first, because records are found through them. */
static void
check_shards(struct gc *g)
{
	for (unsigned i = 0; i < PC_SHARDS; i++) {
		int faults;

		if (*gc_stop) {
			errno = ECANCELED;
			gc_stopped(g);
		}
		faults = pc_store_check(g->cli->store, i, damage, g);
		if (faults < 0 && pc_store_refusal(g->cli->store))
			return; /* the pass reports it */
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
		gc_stopped(g);
	gc_foreign(g);
}

void
gc_rebuild(struct gc *g)
{
	for (unsigned i = 0; i < PC_SHARDS && !g->dry_run; i++) {
		if (*gc_stop) {
			errno = ECANCELED;
			gc_stopped(g);
		}
		rebuild(g, i);
		cli_progress(g->cli, i + 1, PC_SHARDS);
	}
}
