/* client.c - the front end of pc-http: what is asked, in order, and waits. */
#include "client.h"

#include "ledger.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	BARREN_MAX = 3,         /* helpers that die at once */
	READS_MAX = 16,         /* of one http_run: its caller has work too */
	WINDOW_MIN = 64,        /* requests that the helper has at a time */
	ASKS_MAX = 16,          /* that are written at once */
	FRAME_KEPT = 64 * 1024, /* bytes, for a second helper */
	SILENCE = 5000000,      /* us that a helper may be late */
};

/* ---- the lists ---- */

static void
append(struct requests *l, struct request *r)
{
	r->next = NULL;
	*l->last = r;
	l->last = &r->next;
	l->count++;
}

static void
detach(struct requests *l, struct request *r)
{
	struct request **at = &l->first;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	if (!*at)
		l->last = at;
	l->count--;
}

static void
request_free(struct request *r)
{
	pc_buf_clear(&r->frame);
	free(r);
}

/* Of an answer that came in several attempts the last one counts. */
static void
note_connection(struct http *h, const struct http_end *e)
{
	if (e->first_byte < 0)
		return;
	h->made += !e->reused;
	h->reused += e->reused != 0;
	*(e->reused ? &h->later : &h->first) += e->first_byte;
}

void
http_account(const struct http *h, struct pc_memory *m)
{
	m->part = PC_MEMORY_HTTP;
	m->peak_kib = h->peak_kib;
	m->started = h->made;
	m->reused = h->reused;
	m->idle = h->idle;
	m->first = h->first;
	m->later = h->later;
}

void
http_finish(struct http *h, struct requests *l, struct request *r,
    const struct http_end *given)
{
	struct http_end end = *given;

	detach(l, r);
	note_connection(h, &end);
	if (!r->cancelled) {
		h->pending--;
		end.wall = pc_ticks() - r->began;
		if (r->sinks.end)
			r->sinks.end(r->ctx, &end);
	}
	request_free(r);
}

/* Their helper died, or there is none. */
static void
fail_all(struct http *h, struct requests *l, const char *text)
{
	const struct http_end end = {.fault = HTTP_FAULT_HELPER,
	    .text = text,
	    .first_byte = -1};
	size_t n = l->count;

	/* What the sinks send meanwhile comes after these. */
	while (n-- > 0 && l->first)
		http_finish(h, l, l->first, &end);
}

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
	append(&h->waiting, r);
	h->pending++;
	/* It starts while more is asked; http_run says if it cannot. */
	if (!h->pid && h->waiting.count == 1)
		(void)http_process_start(h);
	return r->number;
}

static struct request *
find(const struct requests *l, uint64_t number)
{
	struct request *r = l->first;

	while (r && r->number != number)
		r = r->next;
	return r;
}

void
http_cancel(struct http *h, uint64_t number)
{
	const struct http_ask a = {.magic = HTTP_ASK_MAGIC,
	    .kind = HTTP_ASK_CANCEL,
	    .number = number};
	struct request *r = find(&h->waiting, number);
	const int begun = r && r == h->waiting.first && h->written > 0;

	if (r && !begun) {
		h->pending--;
		detach(&h->waiting, r);
		request_free(r);
		return;
	}
	if (!r)
		r = find(&h->sent, number);
	if (!r || r->cancelled)
		return;
	h->pending--;
	r->cancelled = 1;
	/* Without memory for it the answer comes and is thrown away. */
	if (pc_buf_reserve(&h->cancels, sizeof a) == 0)
		pc_buf_add(&h->cancels, &a, sizeof a);
	else
		h->cancels.failed = 0;
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

static void
drop_all(struct requests *l)
{
	while (l->first) {
		struct request *r = l->first;

		detach(l, r);
		request_free(r);
	}
}

void
http_close(struct http *h)
{
	if (!h)
		return;
	http_process_end(h);
	drop_all(&h->waiting);
	drop_all(&h->sent);
	pc_buf_clear(&h->cancels);
	free(h->in);
	free(h);
}

/* ---- to the helper ---- */

static size_t
window(const struct http *h)
{
	const size_t n = (size_t)h->options.at_once * 4;

	return n < WINDOW_MIN ? WINDOW_MIN : n;
}

static int
has_to_write(const struct http *h)
{
	return h->written > 0 || h->cancels.len > 0 ||
	    (h->waiting.first && h->sent.count < window(h));
}

/* -1: it is dead; 0: it takes no more now. */
static ssize_t
write_some(struct http *h, struct iovec *v, size_t n)
{
	const struct msghdr m = {.msg_iov = v, .msg_iovlen = n};
	ssize_t r;

	do
		r = sendmsg(h->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	if (r < 0 && (errno == EAGAIN || errno == ENOBUFS))
		return 0;
	return r;
}

/* Of the first that waits so much was written; then of the next. */
static void
note_written(struct http *h, size_t n)
{
	while (n > 0) {
		struct request *r = h->waiting.first;
		const size_t left = r->frame.len - h->written;

		if (n < left) {
			h->written += n;
			return;
		}
		n -= left;
		h->written = 0;
		detach(&h->waiting, r);
		append(&h->sent, r);
		if (r->frame.len > FRAME_KEPT)
			pc_buf_clear(&r->frame);
	}
}

static int
write_asks(struct http *h)
{
	while (has_to_write(h)) {
		struct iovec v[ASKS_MAX];
		size_t room = window(h), begun = h->written, count = 0;
		ssize_t n;

		if (h->cancels.len > 0 && h->written == 0) {
			v[0] = (struct iovec){h->cancels.data, h->cancels.len};
			n = write_some(h, v, 1);
			if (n <= 0)
				return (int)n;
			h->cancels.len -= (size_t)n;
			memmove(h->cancels.data, h->cancels.data + n,
			    h->cancels.len);
			continue;
		}
		room -= room > h->sent.count ? h->sent.count : room;
		for (struct request *r = h->waiting.first;
		     r && count < ASKS_MAX && (count < room || begun);
		     r = r->next) {
			v[count++] = (struct iovec){r->frame.data + begun,
			    r->frame.len - begun};
			begun = 0;
		}
		n = write_some(h, v, count);
		if (n <= 0)
			return (int)n;
		note_written(h, (size_t)n);
	}
	return 0;
}

/* ---- from the helper ---- */

int
http_take(struct http *h)
{
	struct http_answer a;
	size_t at = 0;
	int r = 0;

	while (r == 0 && h->have - at >= sizeof a) {
		memcpy(&a, h->in + at, sizeof a);
		if (!http_answer_valid(&a)) {
			r = -1;
		} else if (h->have - at - sizeof a < a.length) {
			break;
		} else {
			r = http_answer_take(h, &a, h->in + at + sizeof a);
			at += sizeof a + a.length;
		}
	}
	h->have -= at;
	memmove(h->in, h->in + at, h->have);
	return r;
}

/* -1: the helper is dead, or lies. */
static int
read_answers(struct http *h)
{
	const size_t room = sizeof(struct http_answer) + HTTP_LENGTH_MAX;

	for (int i = 0; i < READS_MAX; i++) {
		const ssize_t n = recv(h->fd, h->in + h->have, room - h->have,
		    MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n <= 0)
			return -1;
		h->silent = 0;
		h->have += (size_t)n;
		if (http_take(h) < 0)
			return -1;
	}
	return 0;
}

/* ---- the run ---- */

/* What came of them is void.  A sink may change the list. */
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

/* Whoever has heard nothing of the helper that died, or can begin anew, has
 * another; once, as it may have died of what it was asked. */
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
		detach(&h->sent, r);
		append(&again, r);
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

	/* One of which it has a part is lost with the others. */
	if (h->written > 0) {
		h->written = 0;
		detach(&h->waiting, r);
		append(&h->sent, r);
	}
	http_process_end(h);
	revive(h);
	fail_all(h, &h->sent, "its helper died");
	if (++h->barren >= BARREN_MAX) {
		h->barren = 0;
		fail_all(h, &h->waiting, "the helper pc-http keeps dying");
	}
}

/* Have a helper if one is wanted.  1: sinks were told that there is none. */
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
	fail_all(h, &h->waiting, err.text);
	return 1;
}

/* us that the helper may still be silent: it ends each request in time, so it
 * has something to say before that.  -1: it has nothing to do, or for ever. */
static int64_t
silence_left(const struct http *h)
{
	int64_t most = h->options.total_max;

	if (!h->pid || !h->sent.first || !most || most > INT64_MAX / 2)
		return -1;
	most += most / 8 + SILENCE;
	return h->silent < most ? most - h->silent : 0;
}

/* As pc_poll(3), and count the time in which the helper says nothing. */
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
	if (h->pid && write_asks(h) < 0) {
		bury(h);
		wait = 0;
	}
	if (h->pid) {
		p[0].fd = h->fd;
		p[0].events = has_to_write(h) ? POLLIN | POLLOUT : POLLIN;
	}
	if (wait_for(h, p, wait, stop) <= 0) {
		if (silence_left(h) == 0)
			bury(h);
		return 0;
	}
	if (p[0].revents & (POLLIN | POLLHUP | POLLERR) && read_answers(h) < 0)
		bury(h);
	else if (h->pid && p[0].revents & POLLOUT && write_asks(h) < 0)
		bury(h);
	return p[1].revents != 0;
}
