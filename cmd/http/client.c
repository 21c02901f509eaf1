/* client.c - the front end of pc-http: queue requests, send them, and wait. */
#include "client.h"

#include "ledger.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
	BARREN_MAX = 3,    /* helpers in a row that die without a result */
	SILENCE = 5000000, /* us that a helper may be late */
};

/* ---- what the programs call ---- */

struct http *
http_open(const struct http_options *o)
{
	struct http *h = calloc(1, sizeof *h);

	if (!h)
		return NULL;
	h->options = *o;
	h->fd = -1;
	h->waiting.last = &h->waiting.first;
	h->sent.last = &h->sent.first;
	return h;
}

static uint32_t
text_size(const char *s)
{
	return s ? (uint32_t)strlen(s) + 1 : 0;
}

static int
request_valid(const struct http_request *q)
{
	return q->method && strlen(q->method) <= 16 && *q->method &&
	    strspn(q->method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
	    strlen(q->method) &&
	    q->url && strlen(q->url) < HTTP_URL_MAX &&
	    q->body_len <= HTTP_BODY_MAX &&
	    (!q->headers ||
		(strlen(q->headers) < HTTP_HEADERS_MAX &&
		    http_headers_valid(q->headers))) &&
	    (!q->secrets ||
		(strlen(q->secrets) < HTTP_HEADERS_MAX &&
		    http_headers_valid(q->secrets)));
}

uint64_t
http_send(struct http *h, const struct http_request *q,
    const struct http_sinks *sinks, void *ctx)
{
	struct http_ask a = {.magic = HTTP_ASK_MAGIC,
	    .kind = HTTP_ASK_REQUEST,
	    .number = h->numbers + 1,
	    .size_max = q->size_max,
	    .flags = q->flags,
	    .redirects = q->redirects,
	    .body = q->body ? q->body_len : 0,
	    .idle_max = q->idle_max ? q->idle_max : h->options.idle_max};
	struct request *r;

	a.first_max = q->first_max ? q->first_max : a.idle_max;
	a.total_max = h->options.total_max ? h->options.total_max : PC_NEVER;
	if (!request_valid(q)) {
		errno = EINVAL;
		return 0;
	}
	a.method = text_size(q->method);
	a.url = text_size(q->url);
	a.headers = text_size(q->headers);
	a.secrets = text_size(q->secrets);
	r = calloc(1, sizeof *r);
	if (!r)
		return 0;
	pc_buf_reserve(&r->frame,
	    sizeof a + a.method + a.url + a.headers + a.secrets + a.body);
	pc_buf_add(&r->frame, &a, sizeof a);
	pc_buf_add(&r->frame, q->method, a.method);
	pc_buf_add(&r->frame, q->url, a.url);
	pc_buf_add(&r->frame, q->headers ? q->headers : "", a.headers);
	pc_buf_add(&r->frame, q->secrets ? q->secrets : "", a.secrets);
	pc_buf_add(&r->frame, a.body ? q->body : "", a.body);
	if (r->frame.failed) {
		request_free(r);
		errno = ENOMEM;
		return 0;
	}
	r->number = ++h->numbers;
	r->sinks = *sinks;
	r->ctx = ctx;
	r->flags = q->flags;
	r->size_max = q->size_max;
	r->began = pc_ticks();
	requests_append(&h->waiting, r);
	h->pending++;
	/* The helper starts while more is queued; http_run reports a
	 * failure. */
	if (!h->pid && h->waiting.count == 1)
		(void)http_process_start(h);
	return r->number;
}

size_t
http_pending(const struct http *h)
{
	return h->pending;
}

uint32_t
http_peak(const struct http *h)
{
	return h->peak_kib;
}

void
http_account(const struct http *h, struct pc_run *m)
{
	m->part = PC_RUN_HTTP;
	m->peak_kib = h->peak_kib;
	m->started = h->made;
	m->reused = h->reused;
	m->idle = h->idle;
	m->first = h->first;
	m->later = h->later;
}

void
http_close(struct http *h)
{
	if (!h)
		return;
	http_process_end(h);
	requests_clear(&h->waiting);
	requests_clear(&h->sent);
	pc_buf_clear(&h->cancels);
	free(h->in);
	free(h);
}

/* ---- the run ---- */

/* Tell the sinks to discard what they received.  A sink may change the list. */
static void
tell_again(struct http *h)
{
	struct request *r = h->waiting.first;

	while (r) {
		if (!r->have_head) {
			r = r->next;
			continue;
		}
		r->have_head = 0;
		r->got = 0;
		if (r->sinks.again)
			r->sinks.again(r->ctx);
		r = h->waiting.first;
	}
}

/* The helper died: start another one for requests that received nothing yet or
 * can be restarted.  Each is restarted only once, as it may be the cause. */
static void
revive(struct http *h)
{
	struct requests again = {.last = &again.first};
	struct request *r, *next;

	for (r = h->sent.first; r; r = next) {
		next = r->next;
		if (r->cancelled || r->revived || r->frame.len == 0 ||
		    (r->have_head && !(r->flags & HTTP_RESTART)))
			continue;
		r->revived = 1;
		requests_remove(&h->sent, r);
		requests_append(&again, r);
	}
	if (!again.first)
		return;
	*again.last = h->waiting.first;
	if (!h->waiting.first)
		h->waiting.last = again.last;
	h->waiting.first = again.first;
	h->waiting.count += again.count;
	tell_again(h);
}

static void
bury(struct http *h)
{
	struct request *r = h->waiting.first;

	/* A request that was partly sent is lost with the others. */
	if (h->written > 0) {
		h->written = 0;
		requests_remove(&h->waiting, r);
		requests_append(&h->sent, r);
	}
	http_process_end(h);
	revive(h);
	requests_fail(h, &h->sent, HTTP_FAULT_HELPER, "its helper died");
	if (++h->barren >= BARREN_MAX) {
		h->barren = 0;
		requests_fail(h, &h->waiting, HTTP_FAULT_HELPER,
		    "the helper pc-http keeps dying");
	}
}

/* Start a helper if one is needed.  1: it failed, and the sinks were told. */
static int
start(struct http *h)
{
	struct pc_error err;
	char *path;
	int e;

	if (h->pid || !h->waiting.first || http_process_start(h) == 0)
		return 0;
	e = errno;
	path = pc_helper_path("pc-http");
	pc_error_set(&err, "cannot start the helper '%s': %s%s",
	    path ? path : "pc-http", strerror(e), pc_helper_remedy(e));
	free(path);
	requests_fail(h, &h->waiting, HTTP_FAULT_START, err.text);
	return 1;
}

/* How long the helper may stay silent, in us.  It ends each request in time,
 * so it must report before that.  -1: no limit, or it has nothing to do. */
static int64_t
silence_left(const struct http *h)
{
	int64_t most = h->options.total_max;

	if (!h->pid || !h->sent.first || !most || most > INT64_MAX / 2)
		return -1;
	most += most / 8 + SILENCE;
	return h->silent < most ? most - h->silent : 0;
}

/* Like pc_poll(3), but also count the time in which the helper is silent. */
static int
wait_for(struct http *h, struct pollfd p[2], int64_t wait,
    const volatile int *stop)
{
	const int64_t left = silence_left(h), began = pc_ticks();
	int n;

	if (left >= 0 && (wait < 0 || wait > left))
		wait = left;
	n = pc_poll(p, 2, wait, stop);
	if (left >= 0)
		h->silent += pc_ticks() - began;
	return n;
}

int
http_run(struct http *h, int fd, int64_t wait, const volatile int *stop)
{
	struct pollfd p[2] = {{.fd = -1, .events = POLLIN},
	    {.fd = fd, .events = POLLIN}};

	if (start(h))
		wait = 0;
	if (h->pid && http_write_asks(h) < 0) {
		bury(h);
		wait = 0;
	}
	if (h->pid) {
		p[0].fd = h->fd;
		p[0].events = http_has_to_write(h) ? POLLIN | POLLOUT : POLLIN;
	}
	if (wait_for(h, p, wait, stop) <= 0) {
		if (silence_left(h) == 0)
			bury(h);
		return 0;
	}
	if (p[0].revents & (POLLIN | POLLHUP | POLLERR) &&
	    http_read_answers(h) < 0)
		bury(h);
	else if (h->pid && p[0].revents & POLLOUT && http_write_asks(h) < 0)
		bury(h);
	return p[1].revents != 0;
}
