/* job.c - requests of the front end: their limits, attempts and redirects. */
#include "job.h"
#include "host.h"
#include "retry.h"
#include "transfer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
	HELD_MAX = 64 * 1024, /* bytes of the body of an error */
	/* Bytes of a request whose answer has no bound, its body aside. */
	BESIDES_MAX = 64 * 1024 * 1024,
};

struct job {
	struct job *next;
	struct jobs *all;
	struct http_ask ask;
	unsigned char *rest; /* what the next four point into; owned */
	const char *method, *headers, *secrets;
	const unsigned char *body;
	char *url;          /* that is asked now */
	struct host *host;  /* of it */
	int secret_host;    /* the secrets are for it */
	unsigned redirects; /* followed */
	unsigned attempts;
	int64_t due;      /* pc_ticks(): not before */
	int64_t deadline; /* pc_ticks(): it ends before; 0: not started */
	int64_t paused;   /* since when; 0: it is not */
	uint64_t besides; /* bytes of headers, chunks, trailers and bodies
			   * that are not passed on, of all attempts */
	int from_public;  /* a public address has redirected it */
	struct transfer *transfer; /* NULL: it waits */
	int told;                  /* the front end has a head */

	/* of the answer that comes */
	int status;          /* 0: no status line yet */
	struct pc_buf lines; /* of headers */
	enum { HEADERS, HOLD, SKIP, PASS } body_goes;
	struct pc_buf held;
	uint64_t got;
	enum http_fault stopped; /* why this stopped it, HTTP_OK: it did not */
	const char *why;
};

struct jobs {
	struct job_options options;
	struct transfers *transfers;
	struct pc_buf *out;
	struct job *first, **last;
	struct host *hosts;
	unsigned active;
	int full; /* of out: something paused */
};

/* ---- answers ---- */

static uint32_t
peak(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint32_t)usage.ru_maxrss
						   : 0;
}

static void
answer(struct jobs *all, const struct job *j, struct http_answer *a,
    const void *p, size_t n)
{
	a->magic = HTTP_ANSWER_MAGIC;
	a->number = j->ask.number;
	a->attempts = j->attempts;
	a->length = (uint32_t)n;
	pc_buf_add(all->out, a, sizeof *a);
	pc_buf_add(all->out, p, n);
}

static void
answer_head(struct jobs *all, struct job *j)
{
	struct http_answer a = {.kind = HTTP_ANSWER_HEAD,
	    .split = (uint32_t)strlen(j->url) + 1,
	    .status = j->status};
	struct pc_buf b = {0};

	pc_buf_add(&b, j->url, a.split);
	pc_buf_add(&b, j->lines.data, j->lines.len);
	pc_buf_add(&b, "", 1);
	if (!b.failed)
		answer(all, j, &a, b.data, b.len);
	pc_buf_clear(&b);
	j->told = 1;
}

static void
answer_data(struct jobs *all, struct job *j, const unsigned char *p, size_t n)
{
	while (n > 0) {
		struct http_answer a = {.kind = HTTP_ANSWER_DATA};
		const size_t m = n < HTTP_PIECE_MAX ? n : HTTP_PIECE_MAX;

		answer(all, j, &a, p, m);
		p += m;
		n -= m;
	}
}

/* What a library says of a stranger's words, as one line of UTF-8. */
static void
clean(char *s)
{
	for (char *p = s; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	if (!pc_utf8_valid(s, strlen(s)))
		for (char *p = s; *p; p++)
			if ((unsigned char)*p >= 0x80)
				*p = '?';
}

/* ---- the end of a job ---- */

static void
job_free(struct jobs *all, struct job *j)
{
	struct job **at = &all->first;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	if (!*at)
		all->last = at;
	host_leave(&all->hosts, j->host);
	free(j->url);
	free(j->rest);
	pc_buf_clear(&j->lines);
	pc_buf_clear(&j->held);
	free(j);
}

static void
job_end(struct jobs *all, struct job *j, const struct transfer_end *end,
    int64_t retry_after)
{
	struct http_answer a = {.kind = HTTP_ANSWER_END,
	    .fault = end->fault,
	    .reused = (uint32_t)end->reused,
	    .first_byte = end->first_byte,
	    .retry_after = retry_after,
	    .peak_kib = peak(),
	    .idle = transfers_idle(all->transfers)};
	char text[TRANSFER_TEXT];

	snprintf(text, sizeof text, "%s",
	    end->fault == HTTP_OK ? "" : end->text);
	clean(text);
	answer(all, j, &a, text, strlen(text) + 1);
	job_free(all, j);
}

static void
job_fail(struct jobs *all, struct job *j, enum http_fault fault,
    const char *text)
{
	struct transfer_end end = {.fault = fault, .first_byte = -1};

	snprintf(end.text, sizeof end.text, "%s", text);
	job_end(all, j, &end, 0);
}

/* ---- an answer that comes ---- */

static void
forget_answer(struct job *j)
{
	j->status = 0;
	j->lines.len = j->held.len = 0;
	j->body_goes = HEADERS;
	j->got = 0;
	j->stopped = HTTP_OK;
}

static enum transfer_go
stop(struct job *j, enum http_fault fault, const char *why)
{
	j->stopped = fault;
	j->why = why;
	return TRANSFER_STOP;
}

static int
follows(const struct job *j)
{
	size_t n;

	return (strcmp(j->method, "GET") == 0 ||
		   strcmp(j->method, "HEAD") == 0) &&
	    j->ask.redirects > 0 &&
	    (j->status == 301 || j->status == 302 || j->status == 303 ||
		j->status == 307 || j->status == 308) &&
	    http_header((char *)j->lines.data, "location", &n);
}

/* The most that may come in all; 0: no bound, as of HEAD, which has no body. */
static uint64_t
size_max(const struct job *j)
{
	return strcmp(j->method, "HEAD") == 0 ? 0 : j->ask.size_max;
}

/* Does it say at once that it is too large? */
static int
too_large(const struct job *j)
{
	const char *headers = (char *)j->lines.data, *s;
	size_t n;

	if (!size_max(j) || http_header(headers, "content-encoding", &n))
		return 0;
	s = http_header(headers, "content-length", &n);
	return s && strtoull(s, NULL, 10) > size_max(j) - j->besides;
}

/* Is all that came, and so many bytes, more than is wanted? */
static int
over_limit(const struct job *j, uint64_t framing)
{
	const uint64_t besides = j->besides + framing;

	return size_max(j) ? besides + j->got > size_max(j)
			   : besides > BESIDES_MAX;
}

static const char *
why_over(const struct job *j)
{
	return j->got > j->besides
	    ? "the answer is too large"
	    : "its headers, trailers, chunk extensions or skipped bodies are "
	      "too large";
}

/* The headers are complete: what will become of the body? */
static enum transfer_go
headers_end(struct jobs *all, struct job *j)
{
	if (pc_buf_add(&j->lines, "", 1) < 0)
		return stop(j, HTTP_FAULT_OTHER, "out of memory");
	j->lines.len--;
	if (j->status < 200) {
		forget_answer(j);
		return TRANSFER_GO;
	}
	if (follows(j)) {
		j->body_goes = SKIP;
	} else if (j->attempts < all->options.attempts &&
	    retry_status(j->status, (char *)j->lines.data)) {
		j->body_goes = HOLD;
	} else if (too_large(j)) {
		return stop(j, HTTP_FAULT_SIZE, "the answer is too large");
	} else {
		answer_head(all, j);
		j->body_goes = PASS;
	}
	return TRANSFER_GO;
}

/* A line that is none, as of a server from long ago, is passed over. */
static enum transfer_go
add_line(struct job *j, const char *p, size_t n)
{
	size_t at = j->lines.len;

	if (at + n + 2 > HTTP_HEADERS_MAX)
		return stop(j, HTTP_FAULT_PROTOCOL, "its headers have no end");
	pc_buf_add(&j->lines, p, n);
	if (pc_buf_add(&j->lines, "\n", 2) < 0)
		return stop(j, HTTP_FAULT_OTHER, "out of memory");
	j->lines.len--;
	if (memchr(p, '\0', n) ||
	    !http_headers_valid((char *)j->lines.data + at)) {
		j->lines.len = at;
		j->lines.data[at] = '\0';
	}
	return TRANSFER_GO;
}

static enum transfer_go
on_line(void *v, const char *p, size_t n)
{
	struct job *j = v;

	/* Trailers come after the body, and are framing. */
	if (j->body_goes != HEADERS)
		return TRANSFER_GO;
	j->besides += n;
	if (over_limit(j, 0))
		return stop(j, HTTP_FAULT_SIZE, why_over(j));
	while (n > 0 && (p[n - 1] == '\n' || p[n - 1] == '\r'))
		n--;
	if (n == 0)
		return j->status ? headers_end(j->all, j) : TRANSFER_GO;
	if (j->status == 0) {
		char line[32];

		snprintf(line, sizeof line, "%.*s", (int)(n < 31 ? n : 31), p);
		if (sscanf(line, "HTTP/%*s %d", &j->status) != 1 ||
		    j->status < 100 || j->status > 999)
			return stop(j, HTTP_FAULT_PROTOCOL,
			    "its first line is not HTTP's");
		return TRANSFER_GO;
	}
	return add_line(j, p, n);
}

/* Keep the beginning, and do without the rest. */
static enum transfer_go
hold(struct job *j, const void *p, size_t n)
{
	if (n > HELD_MAX - j->held.len)
		n = HELD_MAX - j->held.len;
	pc_buf_add(&j->held, p, n);
	return j->held.len < HELD_MAX && !j->held.failed ? TRANSFER_GO
							 : TRANSFER_STOP;
}

static enum transfer_go
on_data(void *v, const void *p, size_t n)
{
	struct job *j = v;
	struct jobs *all = j->all;

	switch (j->body_goes) {
	case HEADERS:
		return stop(j, HTTP_FAULT_PROTOCOL, "a body without headers");
	case SKIP:
	case HOLD:
		j->besides += n;
		if (over_limit(j, 0))
			return stop(j, HTTP_FAULT_SIZE, why_over(j));
		return j->body_goes == SKIP ? TRANSFER_GO : hold(j, p, n);
	case PASS:
		break;
	}
	if (all->out->len > OUT_FULL) {
		all->full = 1;
		if (!j->paused)
			j->paused = pc_ticks();
		return TRANSFER_PAUSE;
	}
	j->got += n;
	if (over_limit(j, 0))
		return stop(j, HTTP_FAULT_SIZE, why_over(j));
	answer_data(all, j, p, n);
	return TRANSFER_GO;
}

/* ---- what comes after it ---- */

static void
again(struct jobs *all, struct job *j, int64_t wait)
{
	struct http_answer a = {.kind = HTTP_ANSWER_AGAIN};

	if (j->told)
		answer(all, j, &a, NULL, 0);
	j->told = 0;
	j->due = pc_ticks() + wait;
	forget_answer(j);
}

static int
has_secrets(const struct job *j)
{
	return j->secret_host && (j->secrets || j->ask.flags & HTTP_SECRET);
}

static void
redirect(struct jobs *all, struct job *j)
{
	const char *why = "out of memory", *location;
	char text[TRANSFER_TEXT], *to, *url;
	struct host *host;
	size_t n = 0;

	if (j->redirects++ >= j->ask.redirects) {
		snprintf(text, sizeof text, "more than %u redirects",
		    j->ask.redirects);
		job_fail(all, j, HTTP_FAULT_REDIRECT, text);
		return;
	}
	location = http_header((char *)j->lines.data, "location", &n);
	to = location ? strndup(location, n) : NULL;
	url = to ? transfer_url(j->url, to, &why) : NULL;
	free(to);
	host = url && strlen(url) < HTTP_URL_MAX ? host_of(&all->hosts, url)
						 : NULL;
	if (!host) {
		snprintf(text, sizeof text,
		    "redirected to what is refused: "
		    "%s",
		    url ? "too long" : why);
		free(url);
		job_fail(all, j, HTTP_FAULT_REDIRECT, text);
		return;
	}
	if (has_secrets(j) && strncmp(j->url, "https:", 6) == 0 &&
	    strncmp(url, "http:", 5) == 0) {
		free(url);
		host_leave(&all->hosts, host);
		job_fail(all, j, HTTP_FAULT_REDIRECT,
		    "redirected from https to http, with a secret");
		return;
	}
	if (host != j->host)
		j->secret_host = 0;
	host_leave(&all->hosts, j->host);
	j->host = host;
	free(j->url);
	j->url = url;
	j->attempts--; /* it goes on */
	again(all, j, 0);
}

/* An error that may pass: ask again, or give it as it is. */
static void
take_held(struct jobs *all, struct job *j, struct transfer_end *end)
{
	int64_t wait;
	int late = retry_wait(j->attempts, (char *)j->lines.data, &wait);

	if (!late && !retry_hopeless(j->status, j->held.data, j->held.len)) {
		again(all, j, wait);
		return;
	}
	answer_head(all, j);
	answer_data(all, j, j->held.data, j->held.len);
	end->fault = HTTP_OK;
	job_end(all, j, end, late ? wait : 0);
}

static void
on_end(void *v, const struct transfer_end *given)
{
	struct job *j = v;
	struct jobs *all = j->all;
	struct transfer_end end = *given;
	int64_t wait;

	j->transfer = NULL;
	j->host->active--;
	all->active--;
	j->paused = 0;
	j->besides += end.framing;
	if (j->stopped == HTTP_OK && over_limit(j, 0))
		stop(j, HTTP_FAULT_SIZE, why_over(j));
	if (j->stopped == HTTP_OK && j->body_goes == HOLD) {
		take_held(all, j, &end);
		return;
	}
	if (j->stopped == HTTP_OK && j->body_goes == SKIP) {
		j->from_public |= end.public;
		redirect(all, j);
		return;
	}
	if (j->stopped != HTTP_OK) {
		end.fault = j->stopped;
		end.transient = 0;
		snprintf(end.text, sizeof end.text, "%s", j->why);
	} else if (end.fault == HTTP_OK && !j->told) {
		end.fault = HTTP_FAULT_PROTOCOL;
		snprintf(end.text, sizeof end.text, "an answer without a head");
	}
	if (end.transient && j->attempts < all->options.attempts &&
	    (!j->told || j->ask.flags & HTTP_RESTART)) {
		retry_wait(j->attempts, NULL, &wait);
		again(all, j, wait);
		return;
	}
	job_end(all, j, &end, 0);
}

/* ---- what the front end asks ---- */

struct jobs *
jobs_open(const struct job_options *o, struct pc_buf *out)
{
	static const struct transfer_sinks sinks = {on_line, on_data, on_end};
	const struct transfer_options to = {.at_once = o->at_once,
	    .connect_max = o->connect_max,
	    .speed_min = o->speed_min,
	    .speed_time = o->speed_time};
	struct jobs *all = calloc(1, sizeof *all);

	if (!all)
		return NULL;
	all->options = *o;
	all->out = out;
	all->last = &all->first;
	all->transfers = transfers_open(&to, &sinks);
	if (all->transfers)
		return all;
	free(all);
	return NULL;
}

/* End it, whatever it does. */
static void
drop(struct jobs *all, struct job *j, enum http_fault fault, const char *text)
{
	if (j->transfer) {
		transfer_drop(all->transfers, j->transfer);
		j->host->active--;
		all->active--;
	}
	job_fail(all, j, fault, text);
}

static void
cancel(struct jobs *all, uint64_t number)
{
	struct job *j = all->first;

	while (j && j->ask.number != number)
		j = j->next;
	if (!j)
		return;
	drop(all, j, HTTP_FAULT_OTHER, "given up");
}

int
jobs_take(struct jobs *all, const struct http_ask *a, unsigned char *rest)
{
	const char *why = "out of memory", *url;
	struct job *j;

	if (a->kind == HTTP_ASK_CANCEL) {
		free(rest);
		cancel(all, a->number);
		return 0;
	}
	j = calloc(1, sizeof *j);
	if (!j || !a->method || rest[a->method - 1] || !a->url ||
	    rest[a->method + a->url - 1]) {
		free(j);
		free(rest);
		return -1;
	}
	j->all = all;
	j->ask = *a;
	j->rest = rest;
	j->method = (char *)rest;
	url = (char *)(rest += a->method);
	rest += a->url;
	j->headers = a->headers ? (char *)rest : NULL;
	rest += a->headers;
	j->secrets = a->secrets ? (char *)rest : NULL;
	j->body = rest + a->secrets;
	j->secret_host = 1;
	*all->last = j;
	all->last = &j->next;
	j->url = transfer_url(NULL, url, &why);
	j->host = j->url ? host_of(&all->hosts, j->url) : NULL;
	if (!j->host)
		job_fail(all, j, HTTP_FAULT_URL, why);
	return 0;
}

static void
start(struct jobs *all, struct job *j)
{
	const int secret = j->secret_host;
	const struct transfer_ask a = {.method = j->method,
	    .url = j->url,
	    .headers = {!secret && j->ask.flags & HTTP_SECRET ? NULL
							      : j->headers,
		secret ? j->secrets : NULL},
	    .body = j->body,
	    .body_len = j->ask.body,
	    .idle_max = j->ask.idle_max,
	    .first_max = j->ask.first_max,
	    .public_only = j->from_public && !all->options.allow_private};

	forget_answer(j);
	j->attempts++;
	if (!j->deadline)
		j->deadline = pc_deadline(j->ask.total_max);
	j->transfer = transfer_start(all->transfers, &a, j);
	if (!j->transfer) {
		job_fail(all, j, HTTP_FAULT_OTHER, "it cannot be sent");
		return;
	}
	j->host->active++;
	all->active++;
}

/* ---- the run ---- */

void
jobs_drained(struct jobs *all)
{
	if (!all->full || all->out->len > OUT_FULL / 2)
		return;
	all->full = 0;
	for (struct job *j = all->first; j; j = j->next) {
		/* It is not the server that took this time. */
		if (j->paused)
			j->deadline = pc_deadline(j->deadline - j->paused);
		j->paused = 0;
	}
	transfers_resume(all->transfers);
}

/* End those that take too long in all, or bring too much besides a body. */
static void
end_excessive(struct jobs *all)
{
	const int64_t now = pc_ticks();
	char text[TRANSFER_TEXT];
	struct job *j, *next;

	for (j = all->first; j; j = next) {
		next = j->next;
		if (j->deadline && !j->paused && now >= j->deadline) {
			snprintf(text, sizeof text, "not complete after %.4g s",
			    (double)j->ask.total_max / 1e6);
			drop(all, j, HTTP_FAULT_TOTAL, text);
		} else if (j->transfer &&
		    over_limit(j, transfer_framing(j->transfer))) {
			j->besides += transfer_framing(j->transfer);
			drop(all, j, HTTP_FAULT_SIZE, why_over(j));
		}
	}
}

void
jobs_step(struct jobs *all)
{
	const int64_t now = pc_ticks();
	struct job *j, *next;

	for (j = all->first; j && all->active < all->options.at_once;
	     j = next) {
		next = j->next;
		if (!j->transfer && j->due <= now &&
		    j->host->active < all->options.per_host)
			start(all, j);
	}
	transfers_step(all->transfers);
	end_excessive(all);
}

static void
wait_until(int64_t *until, int64_t at, int64_t now)
{
	const int64_t left = at > now ? at - now : 0;

	if (*until < 0 || left < *until)
		*until = left;
}

void
jobs_wait(struct jobs *all, struct pollfd *p, unsigned n)
{
	const int64_t now = pc_ticks();
	int64_t until = -1;

	for (const struct job *j = all->first; j; j = j->next) {
		if (j->deadline && !j->paused)
			wait_until(&until, j->deadline, now);
		/* One that waits for others is woken by their end. */
		if (!j->transfer && all->active < all->options.at_once &&
		    j->host->active < all->options.per_host)
			wait_until(&until, j->due, now);
	}
	transfers_wait(all->transfers, p, n, until);
}
