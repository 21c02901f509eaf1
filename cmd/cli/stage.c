/* stage.c - a result of a cached stage, from the first look to the store. */
#include "stage.h"

#include <errno.h>
#include <string.h>

/* ---- what happened ---- */

void
stage_event(const struct stage_entry *e, enum pc_event_kind kind,
    struct pc_event event)
{
	if (e->memo)
		return;
	event.key = e->key;
	if (e->stage)
		snprintf(event.stage, sizeof event.stage, "%s", e->stage);
	cli_event(e->cli, kind, event);
}

static void
say(const struct stage_entry *e, const char *what, int64_t took)
{
	if (!e->stage && !e->memo)
		cli_say(e->cli, what, &e->key, took);
}

static void
count_hit(const struct stage_entry *e, enum pc_event_kind kind,
    struct pc_event event)
{
	event.bytes = e->hit.record.size;
	event.saved = e->hit.record.cost;
	event.duration = pc_ticks() - e->began;
	if (!e->cli->spec.stage[0])
		pc_record_stage(&e->hit.record, event.stage);
	stage_event(e, kind, event);
	say(e, pc_event_name(kind), event.duration);
}

static void
count_miss(const struct stage_entry *e)
{
	const int64_t took = pc_ticks() - e->began;

	stage_event(e, PC_EVENT_MISS, (struct pc_event){.duration = took});
	say(e, "miss", took);
}

/* ---- looking ---- */

/* Fill the hit: 1, or 0 and it is empty. */
static int
get(struct stage_entry *e, unsigned flags)
{
	int found = PC_MISS;

	if (e->cli->store)
		found = pc_store_get(e->cli->store, &e->key, flags, &e->hit);
	if (found < 0)
		cli_store_failed(e->cli, "read the store");
	if (found != PC_HIT)
		pc_hit_clear(&e->hit);
	return found == PC_HIT;
}

/* With --refresh a record that was there before this run counts as expired. */
static void
expire_old(struct stage_entry *e)
{
	const int64_t created = e->hit.record.created;

	if (e->cli->refresh && !e->memo &&
	    (created < e->cli->started || created > pc_now()))
		e->hit.expired = 1;
}

static int
is_stale(const struct stage_entry *e)
{
	return e->stale == PC_NEVER ||
	    pc_now() - e->hit.record.expires < e->stale;
}

/* Can the hit serve this run? */
static enum stage_state
judge(struct stage_entry *e, struct pc_event *event)
{
	if (e->usable && !e->usable(e->ctx, &e->hit, event))
		return STAGE_MISS;
	expire_old(e);
	if (!e->hit.expired)
		return STAGE_HIT;
	return e->stale && is_stale(e) ? STAGE_STALE : STAGE_MISS;
}

/* With --refresh most records are too old, and their values need not be
 * read. */
static int
is_new(struct stage_entry *e)
{
	if (!get(e, PC_GET_HEADER))
		return 0;
	expire_old(e);
	return !e->hit.expired;
}

/* Look into the store without counting a hit or miss. */
static enum stage_state
look(struct stage_entry *e, struct pc_event *event)
{
	enum stage_state state = STAGE_MISS;

	if ((!e->cli->refresh || e->stale || e->memo || is_new(e)) &&
	    get(e, e->get | (e->stale ? PC_GET_EXPIRED : 0)))
		state = judge(e, event);
	if (state == STAGE_MISS)
		pc_hit_clear(&e->hit);
	return state;
}

/* Look under the entry's other key. */
static enum stage_state
look_elsewhere(struct stage_entry *e, struct pc_event *event)
{
	const struct pc_id own = e->key;
	enum stage_state state = STAGE_MISS;

	if (e->other_key(e->ctx, &e->key))
		state = look(e, event);
	if (state == STAGE_MISS)
		e->key = own;
	return state;
}

enum stage_state
stage_find(struct stage_entry *e)
{
	struct pc_event event = {0};
	enum stage_state state;

	if (!e->began)
		e->began = pc_ticks();
	state = look(e, &event);
	if (state == STAGE_MISS && e->other_key)
		state = look_elsewhere(e, &event);
	if (state == STAGE_HIT)
		count_hit(e, PC_EVENT_HIT, event);
	else if (state == STAGE_MISS)
		count_miss(e);
	return state;
}

void
stage_serve_stale(struct stage_entry *e)
{
	count_hit(e, PC_EVENT_STALE, (struct pc_event){0});
}

/* ---- being the one that computes it ---- */

int
stage_stores(struct cli *c)
{
	if (!c->store)
		return 0;
	if (!(pc_store_flags(c->store) & PC_STORE_READ_ONLY))
		return 1;
	/* The user did not ask for a read-only store, so warn. */
	if (!c->read_only) {
		errno = EROFS;
		cli_store_failed(c, "store the result");
	}
	return 0;
}

/* 0: the key is locked, or cannot be; 1: another process still has the lock
 * after wait us. */
static int
lock(struct stage_entry *e, int64_t wait)
{
	const int taken = pc_flight_take(e->cli->store, &e->key, wait);

	if (taken < 0)
		cli_store_failed(e->cli, "lock the key");
	e->locked = taken == PC_FLIGHT_OURS;
	return taken == PC_FLIGHT_BUSY;
}

/* It may have been stored between the last look and the lock. */
static enum stage_state
look_again(struct stage_entry *e)
{
	const int waited = e->waiting_since != 0;
	struct pc_event event = {0};

	e->claimed = look(e, &event) != STAGE_HIT;
	if (e->claimed)
		return STAGE_CLAIMED;
	stage_release(e);
	count_hit(e, waited ? PC_EVENT_WAIT : PC_EVENT_HIT, event);
	return STAGE_HIT;
}

static void
warn_timeout(const struct stage_entry *e)
{
	const struct cli *c = e->cli;

	if (!c->quiet)
		cli_warn(c,
		    "%s%s%stimed out waiting for another process that "
		    "computes this; computing it here, too",
		    e->name ? "'" : "", e->name ? e->name : "",
		    e->name ? "': " : "");
}

enum stage_state
stage_await(struct stage_entry *e, int64_t wait)
{
	struct cli *c = e->cli;

	if (c->offline)
		return STAGE_MISS;
	if (e->claimed || !stage_stores(c))
		return STAGE_CLAIMED;
	if (wait < 0)
		wait = pc_config_span(c->config, "caching.wait");
	if (lock(e, 0)) {
		if (wait > 0)
			e->waiting_since = pc_ticks();
		if (wait == 0 || lock(e, wait))
			warn_timeout(e);
	}
	return look_again(e);
}

enum stage_state
stage_claim(struct stage_entry *e)
{
	struct cli *c = e->cli;
	int64_t wait;

	if (c->offline)
		return STAGE_MISS;
	if (e->claimed || !stage_stores(c))
		return STAGE_CLAIMED;
	if (lock(e, 0)) {
		if (!e->waiting_since)
			e->waiting_since = pc_ticks();
		wait = pc_config_span(c->config, "caching.wait");
		if (wait == PC_NEVER || pc_ticks() - e->waiting_since < wait)
			return STAGE_BUSY;
		warn_timeout(e);
	}
	return look_again(e);
}

void
stage_release(struct stage_entry *e)
{
	if (e->locked)
		pc_flight_land(e->cli->store, &e->key);
	e->locked = e->claimed = 0;
}

void
stage_clear(struct stage_entry *e)
{
	stage_release(e);
	pc_hit_clear(&e->hit);
}

/* ---- storing ---- */

static int
put(struct stage_entry *e, struct pc_record *r, const struct stage_result *v)
{
	struct pc_store *s = e->cli->store;

	return v->spool ? pc_store_put(s, r, v->spool)
			: pc_store_put_bytes(s, r, v->bytes, v->len);
}

int
stage_store(struct stage_entry *e, const struct stage_result *v)
{
	struct cli *c = e->cli;
	const int negative = (v->flags & PC_RECORD_NEGATIVE) != 0;
	struct pc_record r = {.key = e->key,
	    .created = pc_now(),
	    .cost = v->cost,
	    .peak_kib = v->peak_kib,
	    .status = v->status,
	    .flags = v->flags,
	    .material = e->material,
	    .material_len = e->material_len,
	    .extra = v->extra,
	    .extra_len = v->extra_len};
	const int64_t began = pc_ticks();
	int stored;

	if (!stage_stores(c) || (negative && c->negative < 0))
		return 1;
	r.expires = cli_expires(c, negative ? c->negative : v->ttl,
	    v->setting ? v->setting : "caching.default_ttl");
	stored = put(e, &r, v) == 0;
	if (!stored)
		cli_store_failed(c, "store the result");
	stage_event(e, stored ? PC_EVENT_PUT : PC_EVENT_ERROR,
	    (struct pc_event){.bytes = v->spool ? pc_spool_size(v->spool)
						: v->len,
		.ttl = pc_record_ttl(&r),
		.duration = pc_ticks() - began});
	return !stored;
}

int64_t
stage_touch(struct stage_entry *e, int64_t ttl, const char *setting)
{
	const int64_t expires = cli_expires(e->cli, ttl,
	    setting ? setting : "caching.default_ttl");

	if (stage_stores(e->cli) &&
	    pc_store_touch(e->cli->store, &e->key, expires) < 0)
		cli_store_failed(e->cli, "touch the record");
	return expires;
}
