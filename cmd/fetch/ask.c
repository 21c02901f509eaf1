/* ask.c - ask a server for a URL, and decide what to do with its answer. */
#include "fetch.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { ABOUT_MAX = 2048 }; /* bytes of a header that is kept */

static void
finish(struct fetch_result *r, enum result_how how)
{
	r->how = how;
	r->state = RESULT_DONE;
	r->took = pc_ticks() - r->entry.began;
	stage_release(&r->entry);
}

/* An expired result may be served if the server fails. */
static int
stale_will_do(const struct fetch_result *r)
{
	const int64_t most = r->fetch->o->stale;

	return r->found && r->later && most &&
	    !(r->entry.hit.record.flags & PC_RECORD_NEGATIVE) &&
	    (most == PC_NEVER || pc_now() - r->entry.hit.record.expires < most);
}

/* ---- what the server says ---- */

/* Do the headers of that name contain the word? */
static int
has_directive(const char *headers, const char *name, const char *word)
{
	const size_t n_name = strlen(name), n_word = strlen(word);

	for (; *headers; headers += strcspn(headers, "\n") + 1) {
		const char *p = headers + n_name;

		if (strncasecmp(headers, name, n_name) != 0 || *p++ != ':')
			continue;
		while (*p != '\n') {
			size_t n;

			p += strspn(p, " \t,");
			n = strcspn(p, " \t,=\n");
			if (n == n_word && strncasecmp(p, word, n) == 0)
				return 1;
			p += n;
			p += strcspn(p, ",\n");
		}
	}
	return 0;
}

static void
add_about(struct fetch_result *r, const char *name, const char *headers)
{
	size_t n;
	const char *value = http_header(headers, name, &n);

	if (value && n > 0 && n <= ABOUT_MAX)
		pc_buf_addf(&r->about, "%s: %.*s\n", name, (int)n, value);
}

static int
on_head(void *ctx, const struct http_head *h)
{
	struct fetch_result *r = ctx;

	r->attempts = h->attempts;
	r->unchanged = h->status == 304 && r->whether;
	r->no_store = has_directive(h->headers, "cache-control", "no-store");
	if (r->unchanged)
		return 0;
	r->status = h->status;
	r->wanted = h->status >= 200 && h->status < 300 && h->status != 206;
	r->about.len = 0;
	pc_buf_addf(&r->about, "Status: %d\nURL: %s\n", h->status, h->url);
	add_about(r, "Content-Type", h->headers);
	add_about(r, "ETag", h->headers);
	add_about(r, "Last-Modified", h->headers);
	pc_buf_add(&r->about, "", 1);
	pc_spool_free(r->body);
	r->body = NULL;
	if (!r->wanted)
		return 0;
	r->body = pc_spool_new(r->fetch->cli->store);
	return r->body ? 0 : -1;
}

/* If the store's disk is full, elsewhere there may be room. */
static int
move_body(struct fetch_result *r)
{
	struct pc_spool *new = pc_spool_new(NULL);
	int in = pc_spool_open(r->body), bad = !new || in < 0;

	cli_store_failed(r->fetch->cli, "keep the answer");
	if (!bad)
		bad = pc_spool_fill(new, in, UINT64_MAX) != 0 ||
		    pc_spool_size(new) != pc_spool_size(r->body);
	if (in >= 0)
		close(in);
	pc_spool_free(bad ? new : r->body);
	if (!bad)
		r->body = new;
	return bad ? -1 : 0;
}

static int
on_data(void *ctx, const void *p, size_t n)
{
	struct fetch_result *r = ctx;

	if (!r->wanted || pc_spool_write(r->body, p, n) == 0)
		return 0;
	if (r->fetch->cli->store && move_body(r) == 0 &&
	    pc_spool_write(r->body, p, n) == 0)
		return 0;
	result_fail(r, 0, "cannot keep the answer: %s", strerror(errno));
	return -1;
}

static void
on_again(void *ctx)
{
	struct fetch_result *r = ctx;

	r->wanted = 0;
	r->status = 0;
}

/* ---- the end ---- */

static void
fetched(struct fetch_result *r, const struct http_end *e)
{
	struct cli *c = r->fetch->cli;
	/* The record found before is of no use any more. */
	pc_hit_clear(&r->entry.hit);
	r->found = 0;
	r->how = HOW_FETCHED;
	if (r->whether)
		keep_event(r, PC_EVENT_MISS, e->wall);
	keep_event(r, PC_EVENT_COMPUTE, e->wall);
	keep_put(r, e->wall);
	finish(r, HOW_FETCHED);
	cli_say(c, "fetched", &r->entry.key, r->took);
}

static void
failed(struct fetch_result *r, const struct http_end *e)
{
	struct cli *c = r->fetch->cli;

	pc_spool_free(r->body);
	r->body = NULL;
	keep_event(r, PC_EVENT_ERROR, e->wall);
	if (stale_will_do(r)) {
		if (!c->quiet)
			cli_warn(c, "'%s': %s; serving an expired cached copy",
			    r->url, r->error);
		keep_about(r, &r->entry.hit);
		finish(r, HOW_STALE);
		stage_serve_stale(&r->entry);
		return;
	}
	if (r->whether)
		keep_event(r, PC_EVENT_MISS, e->wall);
	pc_hit_clear(&r->entry.hit);
	r->found = 0;
	if (e->fault == HTTP_OK)
		keep_put(r, e->wall);
	finish(r, HOW_FAILED);
}

static void
fail_fault(struct fetch_result *r, const struct http_end *e)
{
	/* This process has printed the reason. */
	if (r->error[0])
		return;
	result_fail(r,
	    e->fault == HTTP_FAULT_CONNECT || e->fault == HTTP_FAULT_TIMEOUT ||
		e->fault == HTTP_FAULT_TOTAL || e->fault == HTTP_FAULT_CUT,
	    "%s%s", e->text,
	    e->fault == HTTP_FAULT_TOTAL ? "; --max-time allows more" : "");
	if (e->fault == HTTP_FAULT_SIZE)
		result_fail(r, 0, "%s: more than --max-size, %llu bytes",
		    e->text, (unsigned long long)r->fetch->o->size_max);
	if (e->fault == HTTP_FAULT_NAME)
		r->later =
		    r->found; /* the cached result was found under this name */
}

static void
renewed(struct fetch_result *r, const struct http_end *e)
{
	keep_renew(r);
	finish(r, HOW_RENEWED);
	keep_event(r, PC_EVENT_HIT, e->wall);
	cli_say(r->fetch->cli, "renewed", &r->entry.key, r->took);
}

static void
on_end(void *ctx, const struct http_end *e)
{
	struct fetch_result *r = ctx;

	r->attempts = e->attempts ? e->attempts : r->attempts;
	if (e->fault != HTTP_OK) {
		fail_fault(r, e);
		failed(r, e);
	} else if (r->unchanged) {
		renewed(r, e);
	} else if (r->status >= 200 && r->status < 300 && r->status != 206) {
		fetched(r, e);
	} else {
		result_fail_status(r, e->retry_after);
		failed(r, e);
	}
}

/* ---- the question ---- */

static int
ask_whether(const struct fetch_result *r, struct pc_buf *b)
{
	size_t n_tag = 0, n_time = 0;
	const char *tag = result_about(r, "ETag", &n_tag);
	const char *time = result_about(r, "Last-Modified", &n_time);

	if (!r->found || r->fetch->cli->refresh || (!tag && !time) ||
	    r->entry.hit.record.flags & PC_RECORD_NEGATIVE)
		return 0;
	if (tag)
		pc_buf_addf(b, "If-None-Match: %.*s\n", (int)n_tag, tag);
	if (time)
		pc_buf_addf(b, "If-Modified-Since: %.*s\n", (int)n_time, time);
	return 1;
}

int
result_can_ask_whether(const struct fetch_result *r)
{
	struct pc_buf none = {0};
	int can = ask_whether(r, &none);

	pc_buf_clear(&none);
	return can;
}

void
result_ask(struct fetch_result *r)
{
	static const struct http_sinks sinks = {on_head, on_data, on_again,
	    on_end};
	const struct fetch_options *o = r->fetch->o;
	struct http_request q = {.method = "GET",
	    .url = r->url,
	    .redirects = o->redirects,
	    .flags = HTTP_RESTART,
	    .size_max = o->size_max};
	struct pc_buf headers = {0};

	pc_buf_add(&headers, o->headers.data, o->headers.len);
	r->whether = ask_whether(r, &headers);
	pc_buf_add(&headers, "", 1);
	q.headers = (char *)headers.data;
	q.secrets = o->secrets.len ? (char *)o->secrets.data : NULL;
	r->state = RESULT_ASKED;
	if (headers.failed || !http_send(r->fetch->http, &q, &sinks, r)) {
		result_fail(r, 0, "cannot ask: %s", strerror(errno));
		finish(r, HOW_FAILED);
	}
	pc_buf_clear(&headers);
}
