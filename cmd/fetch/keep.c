/* keep.c - look up and store the results of URLs. */
#include "fetch.h"

#include <stdlib.h>
#include <string.h>

void
keep_event(struct fetch_result *r, enum pc_event_kind kind, int64_t took)
{
	struct pc_event e = {.duration = took};

	if (kind == PC_EVENT_COMPUTE)
		e.peak_kib = http_peak(r->fetch->http);
	if (kind != PC_EVENT_MISS && kind != PC_EVENT_ERROR)
		e.bytes = result_size(r);
	if (kind == PC_EVENT_HIT)
		e.saved = r->entry.hit.record.cost;
	stage_event(&r->entry, kind, e);
}

int
keep_about(struct fetch_result *r, const struct pc_hit *hit)
{
	const struct pc_record *rec = &hit->record;
	size_t n;
	const char *status;

	r->about.len = 0;
	if (pc_buf_add(&r->about, rec->extra, rec->extra_len) < 0 ||
	    pc_buf_add(&r->about, "", 1) < 0 ||
	    strlen((char *)r->about.data) != rec->extra_len ||
	    !http_headers_valid((char *)r->about.data)) {
		r->about.len = 0;
		return 1;
	}
	status = result_about(r, "Status", &n);
	r->status = status && n == 3 ? atoi(status) : 0;
	return r->status == 0;
}

static int
makes_sense(void *ctx, const struct pc_hit *hit, struct pc_event *e)
{
	(void)e;
	return keep_about(ctx, hit) == 0;
}

void
keep_begin(struct fetch_result *r)
{
	struct stage_entry *e = &r->entry;
	struct cli *c = r->fetch->cli;

	e->cli = c;
	e->material = r->material.data;
	e->material_len = r->material.len;
	e->name = r->url;
	e->usable = makes_sense;
	e->ctx = r;
	e->began = pc_ticks();
	/* A server is asked whether an expired result has changed, but not with
	 * --refresh. */
	e->stale = c->refresh && !r->fetch->o->stale ? 0 : PC_NEVER;
}

void
keep_renew(struct fetch_result *r)
{
	if (!r->no_store || r->fetch->o->force_store)
		(void)stage_touch(&r->entry, r->fetch->cli->ttl,
		    "caching.ttl_api");
}

/* May it be stored?  It is a body, or with --negative the fact that there is
 * none. */
static int
storable(const struct fetch_result *r)
{
	const struct fetch_options *o = r->fetch->o;
	const uint64_t size = result_size(r);

	if (r->about.failed || (r->no_store && !o->force_store))
		return 0;
	if (r->how == HOW_FETCHED && size > 0)
		return (r->status == 200 || r->status == 203) &&
		    size <= o->value_max;
	return r->how == HOW_FETCHED
	    ? r->status == 200 || r->status == 203 || r->status == 204
	    : r->status == 404 || r->status == 410;
}

void
keep_put(struct fetch_result *r, int64_t cost)
{
	const struct stage_result result = {.spool = r->body,
	    .bytes = "",
	    .ttl = r->fetch->cli->ttl,
	    .setting = "caching.ttl_api",
	    .cost = cost,
	    .peak_kib = http_peak(r->fetch->http),
	    .flags = result_size(r) == 0 ? PC_RECORD_NEGATIVE : 0,
	    .extra = r->about.data,
	    .extra_len = r->about.len - 1};

	if (storable(r))
		(void)stage_store(&r->entry, &result);
}
