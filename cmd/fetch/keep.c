/* keep.c - what is remembered of URLs. */
#include "fetch.h"

#include <stdlib.h>
#include <string.h>

void
keep_event(struct result *r, enum pc_event_kind kind, int64_t took)
{
	struct pc_event e = {.key = r->key, .duration = took};

	if (kind == PC_EVENT_COMPUTE)
		e.peak_kib = http_peak(r->fetch->http);
	if (kind != PC_EVENT_MISS && kind != PC_EVENT_ERROR)
		e.bytes = result_size(r);
	if (kind == PC_EVENT_HIT || kind == PC_EVENT_WAIT ||
	    kind == PC_EVENT_STALE)
		e.saved = r->hit.record.cost;
	cli_event(r->fetch->cli, kind, e);
}

int
keep_about(struct result *r)
{
	const struct pc_record *rec = &r->hit.record;
	size_t n;
	const char *status;

	r->about.len = 0;
	if (pc_buf_add(&r->about, rec->extra, rec->extra_len) < 0 ||
	    pc_buf_add(&r->about, "", 1) < 0 ||
	    strlen((char *)r->about.data) != rec->extra_len ||
	    !http_headers_valid((char *)r->about.data))
		return 1;
	status = result_about(r, "Status", &n);
	r->status = status && n == 3 ? atoi(status) : 0;
	return r->status == 0;
}

/* --refresh: what this run has made is new enough. */
static int
too_old(const struct fetch *f, const struct pc_hit *hit)
{
	const int64_t created = hit->record.created;

	return f->cli->refresh && (created < f->started || created > pc_now());
}

static int
find(struct result *r, unsigned flags)
{
	struct cli *c = r->fetch->cli;
	int found;

	pc_hit_clear(&r->hit);
	r->found = 0;
	if (!c->store)
		return 1;
	found = pc_store_get(c->store, &r->key, PC_GET_EXPIRED | flags,
	    &r->hit);
	if (found < 0)
		cli_store_failed(c, "read the store");
	if (found != 0 || keep_about(r) != 0) {
		pc_hit_clear(&r->hit);
		r->about.len = 0;
		return 1;
	}
	r->hit.expired |= too_old(r->fetch, &r->hit);
	r->found = 1;
	return 0;
}

int
keep_find(struct result *r)
{
	const struct fetch *f = r->fetch;

	/* Nobody will want the value of what is to be fetched anyway. */
	if (f->cli->refresh && !f->o->stale &&
	    (find(r, PC_GET_HEADER) != 0 || r->hit.expired))
		return !r->found;
	return find(r, 0);
}

int
keep_is_new(struct result *r)
{
	struct cli *c = r->fetch->cli;
	struct pc_hit hit = {0};
	int new = pc_store_get(c->store, &r->key, PC_GET_HEADER, &hit) == 0 &&
	    !too_old(r->fetch, &hit);

	pc_hit_clear(&hit);
	return new;
}

void
keep_renew(struct result *r)
{
	struct cli *c = r->fetch->cli;
	const int64_t expires = cli_expires(c, c->ttl, "caching.ttl_api");

	if (r->no_store && !r->fetch->o->force_store)
		return;
	if (!c->store || pc_store_flags(c->store) & PC_STORE_READ_ONLY)
		return;
	if (pc_store_touch(c->store, &r->key, expires) < 0)
		cli_store_failed(c, "touch the record");
}

static int
storable(const struct result *r, int64_t *ttl)
{
	const struct fetch_options *o = r->fetch->o;
	const uint64_t size = result_size(r);

	if (r->no_store && !o->force_store)
		return 0;
	*ttl = r->fetch->cli->ttl;
	if (r->how == HOW_FETCHED && size > 0)
		return (r->status == 200 || r->status == 203) &&
		    size <= o->value_max;
	*ttl = o->negative;
	return o->negative >= 0 &&
	    (r->how == HOW_FETCHED
		    ? r->status == 200 || r->status == 203 || r->status == 204
		    : r->status == 404 || r->status == 410);
}

void
keep_put(struct result *r, int64_t cost)
{
	struct cli *c = r->fetch->cli;
	struct pc_record rec = {.key = r->key,
	    .created = pc_now(),
	    .cost = cost,
	    .peak_kib = http_peak(r->fetch->http),
	    .material = r->material.data,
	    .material_len = r->material.len,
	    .extra = r->about.data,
	    .extra_len = r->about.len - 1};
	const int64_t began = pc_ticks();
	int64_t ttl;
	int stored;

	if (!c->store || pc_store_flags(c->store) & PC_STORE_READ_ONLY ||
	    r->about.failed || !storable(r, &ttl))
		return;
	if (result_size(r) == 0)
		rec.flags = PC_RECORD_NEGATIVE;
	rec.expires = cli_expires(c, ttl, "caching.ttl_api");
	stored = (r->body ? pc_store_put(c->store, &rec, r->body)
			  : pc_store_put_bytes(c->store, &rec, "", 0)) == 0;
	if (!stored)
		cli_store_failed(c, "store the answer");
	cli_event(c, stored ? PC_EVENT_PUT : PC_EVENT_ERROR,
	    (struct pc_event){.key = r->key,
		.bytes = result_size(r),
		.ttl = pc_record_ttl(&rec),
		.duration = pc_ticks() - began});
}
