/* result.c - the result of a URL, shared by all items with that URL: look it
 * up, fetch it, wait for it. */
#include "fetch.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* ---- its key ---- */

static int
make_key(struct fetch_result *r)
{
	const struct pc_spec *base = &r->fetch->cli->spec;
	struct pc_spec s = {0};
	const char *twice = NULL;
	int bad = pc_spec_stage(&s, base->stage);

	for (size_t i = 0; i < base->count && !bad; i++)
		bad = pc_spec_add(&s, base->fields[i].kind,
		    base->fields[i].bytes, base->fields[i].len);
	if (!bad)
		bad = pc_spec_addf(&s, PC_FIELD_PARAM, "url=%s", r->url) < 0 ||
		    pc_spec_key(&s, &r->material, &r->entry.key, &twice) < 0;
	if (bad && twice)
		cli_usage(r->fetch->cli, "parameter '%.*s' is given twice",
		    (int)strcspn(twice, "="), twice);
	pc_spec_clear(&s);
	return bad ? -1 : 0;
}

static int
compare(const void *a, const void *b)
{
	const struct fetch_result *x = a, *y = b;

	return strcmp(x->url, y->url);
}

struct fetch_result *
result_of(struct fetch *f, char *url)
{
	struct fetch_result *r = calloc(1, sizeof *r), **at;

	if (!r)
		return NULL;
	r->fetch = f;
	r->url = url;
	r->users = 1;
	at = tsearch(r, &f->results, compare);
	if (!at || *at != r) {
		free(url);
		free(r);
		if (!at)
			return NULL;
		(*at)->users++;
		return *at;
	}
	if (make_key(r) < 0) {
		result_leave(r);
		return NULL;
	}
	keep_begin(r);
	return r;
}

void
result_leave(struct fetch_result *r)
{
	if (!r || --r->users > 0)
		return;
	tdelete(r, &r->fetch->results, compare);
	stage_clear(&r->entry);
	free(r->url);
	pc_buf_clear(&r->material);
	pc_buf_clear(&r->about);
	pc_spool_free(r->body);
	free(r);
}

/* ---- finding it ---- */

static void
take_hit(struct fetch_result *r)
{
	r->found = 1;
	r->how = HOW_HIT;
	r->state = RESULT_DONE;
	r->took = pc_ticks() - r->entry.began;
	/* With --negative, a missing document is stored, too. */
	if (r->status >= 400) {
		r->how = HOW_FAILED;
		result_fail_status(r, 0);
	}
}

/* Look for an expired record, which the server may confirm as unchanged. */
static void
miss(struct fetch_result *r)
{
	struct cli *c = r->fetch->cli;
	const int64_t took = pc_ticks() - r->entry.began;

	if (r->found) {
		/* Without --offline, the server gives the status. */
		if (c->offline || !result_can_ask_whether(r))
			keep_event(r, PC_EVENT_MISS, took);
		cli_say(c, "expired", &r->entry.key, took);
	}
	if (c->offline) {
		r->state = RESULT_DONE;
		r->how = HOW_MISSED;
		snprintf(r->error, sizeof r->error,
		    r->found ? "the cached copy has expired (--offline)"
			     : "not in the cache (--offline)");
	}
}

/* Become the process that asks the server; another one may be doing that, or
 * has done it. */
static void
claim(struct fetch_result *r)
{
	const int waited = r->state == RESULT_ELSEWHERE;
	const enum stage_state state = stage_claim(&r->entry);

	r->state = state == STAGE_BUSY ? RESULT_ELSEWHERE : RESULT_NEW;
	r->fetch->elsewhere += (state == STAGE_BUSY) - (unsigned)waited;
	if (state == STAGE_BUSY)
		return;
	if (state == STAGE_HIT) {
		take_hit(r);
		return;
	}
	r->found = r->entry.hit.record.created != 0;
	result_ask(r);
}

void
result_step(struct fetch_result *r)
{
	enum stage_state state;

	if (r->state == RESULT_ELSEWHERE)
		claim(r);
	if (r->state != RESULT_NEW)
		return;
	state = stage_find(&r->entry);
	if (state == STAGE_HIT) {
		take_hit(r);
		return;
	}
	r->found = state == STAGE_STALE;
	miss(r);
	if (r->state == RESULT_NEW)
		claim(r);
}
