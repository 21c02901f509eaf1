/* result.c - what came of a URL: looked up, awaited, shared by all that gave
 * it. */
#include "fetch.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- its key ---- */

static int
make_key(struct result *r)
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
		    pc_spec_key(&s, &r->material, &r->key, &twice) < 0;
	if (bad && twice)
		cli_usage(r->fetch->cli, "parameter '%.*s' is given twice",
		    (int)strcspn(twice, "="), twice);
	pc_spec_clear(&s);
	return bad ? -1 : 0;
}

static int
compare(const void *a, const void *b)
{
	const struct result *x = a, *y = b;

	return strcmp(x->url, y->url);
}

struct result *
result_of(struct fetch *f, char *url)
{
	struct result *r = calloc(1, sizeof *r), **at;

	if (!r)
		return NULL;
	r->fetch = f;
	r->url = url;
	r->users = 1;
	r->began = pc_ticks();
	at = tsearch(r, &f->results, compare);
	if (!at || *at != r) {
		free(url);
		free(r);
		if (!at)
			return NULL;
		(*at)->users++;
		return *at;
	}
	if (make_key(r) == 0)
		return r;
	result_leave(r);
	return NULL;
}

static void
land(struct result *r)
{
	if (r->flight)
		pc_flight_land(r->fetch->cli->store, &r->key);
	r->flight = 0;
}

void
result_leave(struct result *r)
{
	if (!r || --r->users > 0)
		return;
	tdelete(r, &r->fetch->results, compare);
	land(r);
	free(r->url);
	pc_buf_clear(&r->material);
	pc_buf_clear(&r->about);
	pc_hit_clear(&r->hit);
	pc_spool_free(r->body);
	free(r);
}

/* ---- its body ---- */

static int
is_kept(const struct result *r)
{
	return r->found && r->how != HOW_FETCHED;
}

uint64_t
result_size(const struct result *r)
{
	if (is_kept(r))
		return r->hit.record.size;
	return r->body ? pc_spool_size(r->body) : 0;
}

void
result_id(const struct result *r, struct pc_id *id)
{
	if (is_kept(r))
		*id = r->hit.record.output;
	else if (r->body)
		pc_spool_id(r->body, id);
	else
		pc_sha256("", 0, id);
}

const unsigned char *
result_bytes(const struct result *r)
{
	return is_kept(r) ? r->hit.value : NULL;
}

int
result_send(const struct result *r, int out)
{
	if (is_kept(r)) {
		/* Another who gave this URL may have read it. */
		if (r->hit.fd > 0 && lseek(r->hit.fd, 0, SEEK_SET) < 0)
			return -1;
		return pc_hit_send(&r->hit, out);
	}
	return r->body ? pc_spool_send(r->body, out) : 0;
}

const char *
result_about(const struct result *r, const char *name, size_t *n)
{
	return r->about.len > 0 ? http_header((char *)r->about.data, name, n)
				: NULL;
}

/* ---- finding it ---- */

static void
done(struct result *r, enum result_how how, enum pc_event_kind kind)
{
	r->how = how;
	r->state = RESULT_DONE;
	r->took = pc_ticks() - r->began;
	/* That there is none is remembered, too. */
	if (r->status >= 400) {
		r->how = HOW_FAILED;
		result_fail_status(r, 0);
	}
	keep_event(r, kind, r->took);
	cli_say(r->fetch->cli, pc_event_name(kind), &r->key, r->took);
}

static int
fresh(struct result *r)
{
	return keep_find(r) == 0 && !r->hit.expired;
}

/* Is it this process that asks? */
static int
take_flight(struct result *r)
{
	struct cli *c = r->fetch->cli;
	int taken;

	if (!c->store || pc_store_flags(c->store) & PC_STORE_READ_ONLY)
		return 1;
	taken = pc_flight_take(c->store, &r->key, 0);
	if (taken < 0)
		cli_store_failed(c, "lock the key");
	r->flight = taken == 0;
	return taken != 1;
}

static void
miss(struct result *r)
{
	struct fetch *f = r->fetch;
	const int64_t took = pc_ticks() - r->began;

	/* Else the server says what it was. */
	if (f->o->offline || !result_can_ask_whether(r))
		keep_event(r, PC_EVENT_MISS, took);
	cli_say(f->cli, r->found ? "expired" : "miss", &r->key, took);
	if (f->o->offline) {
		r->state = RESULT_DONE;
		r->how = HOW_MISSED;
		snprintf(r->error, sizeof r->error,
		    r->found ? "what is remembered is past its time"
			     : "it is not remembered");
		return;
	}
	if (!take_flight(r)) {
		r->state = RESULT_ELSEWHERE;
		r->give_up = pc_deadline(
		    pc_config_span(f->cli->config, "caching.wait"));
		f->elsewhere++;
		return;
	}
	/* Somebody may have stored it between our look and our lock. */
	if (r->flight && keep_is_new(r) && fresh(r)) {
		land(r);
		done(r, HOW_HIT, PC_EVENT_HIT);
		return;
	}
	result_ask(r);
}

/* Another process asks: has it an answer, or has it given up? */
static void
look_again(struct result *r)
{
	struct fetch *f = r->fetch;
	const int late = pc_ticks() > r->give_up;

	if (!take_flight(r) && !late)
		return;
	f->elsewhere--;
	if (fresh(r)) {
		land(r);
		done(r, HOW_HIT, PC_EVENT_WAIT);
		return;
	}
	if (late && !r->flight && !f->cli->quiet)
		cli_warn(f->cli,
		    "another process still fetches '%s'; no "
		    "longer waiting for it",
		    r->url);
	result_ask(r);
}

void
result_step(struct result *r)
{
	if (r->state == RESULT_ELSEWHERE)
		look_again(r);
	if (r->state != RESULT_NEW)
		return;
	if (fresh(r))
		done(r, HOW_HIT, PC_EVENT_HIT);
	else
		miss(r);
	if (r->state == RESULT_DONE)
		land(r);
}
