/* job.c - requests of the front end: their limits, attempts and redirects. */
#include "job_in.h"

#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_jobs *
jobs_open(const struct job_options *o, struct pc_buf *out)
{
	static const struct transfer_sinks sinks = {answer_line, answer_data,
	    answer_end};
	const struct transfer_options to = {.at_once = o->at_once,
	    .connect_max = o->connect_max,
	    .speed_min = o->speed_min,
	    .speed_time = o->speed_time};
	struct http_jobs *all = calloc(1, sizeof *all);

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

/* End it in any state. */
static void
drop(struct http_jobs *all, struct http_job *j, enum http_fault fault,
    const char *text)
{
	if (j->transfer) {
		transfer_drop(all->transfers, j->transfer);
		j->host->active--;
		all->active--;
	}
	reply_failure(all, j, fault, text);
}

static void
cancel(struct http_jobs *all, uint64_t number)
{
	struct http_job *j = all->first;

	while (j && j->ask.number != number)
		j = j->next;
	if (!j)
		return;
	drop(all, j, HTTP_FAULT_OTHER, "given up");
}

int
jobs_take(struct http_jobs *all, const struct http_ask *a, unsigned char *rest)
{
	const char *why = "out of memory", *url;
	struct http_job *j;

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
	j->url = url_resolve(NULL, url, &why);
	j->host = j->url ? host_of(&all->hosts, j->url) : NULL;
	if (!j->host)
		reply_failure(all, j, HTTP_FAULT_URL, why);
	return 0;
}

static void
start(struct http_jobs *all, struct http_job *j)
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

	answer_forget(j);
	j->attempts++;
	if (!j->deadline)
		j->deadline = pc_deadline(j->ask.total_max);
	j->transfer = transfer_start(all->transfers, &a, j);
	if (!j->transfer) {
		reply_failure(all, j, HTTP_FAULT_OTHER, "it cannot be sent");
		return;
	}
	j->host->active++;
	all->active++;
}

/* ---- the run ---- */

void
jobs_drained(struct http_jobs *all)
{
	if (!all->full || all->out->len > OUT_FULL / 2)
		return;
	all->full = 0;
	for (struct http_job *j = all->first; j; j = j->next) {
		/* The server did not cause this delay. */
		if (j->paused)
			j->deadline = pc_deadline(j->deadline - j->paused);
		j->paused = 0;
	}
	transfers_resume(all->transfers);
}

/* End jobs that take too long in all, or bring too many bytes besides the
 * body. */
static void
end_excessive(struct http_jobs *all)
{
	const int64_t now = pc_ticks();
	char text[TRANSFER_TEXT];
	struct http_job *j, *next;

	for (j = all->first; j; j = next) {
		next = j->next;
		if (j->deadline && !j->paused && now >= j->deadline) {
			snprintf(text, sizeof text, "not complete after %.4g s",
			    (double)j->ask.total_max / 1e6);
			drop(all, j, HTTP_FAULT_TOTAL, text);
		} else if (j->transfer &&
		    answer_over_limit(j, transfer_framing(j->transfer))) {
			j->besides += transfer_framing(j->transfer);
			drop(all, j, HTTP_FAULT_SIZE, answer_why_over(j));
		}
	}
}

void
jobs_step(struct http_jobs *all)
{
	const int64_t now = pc_ticks();
	struct http_job *j, *next;

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
jobs_wait(struct http_jobs *all, struct pollfd *p, unsigned n)
{
	const int64_t now = pc_ticks();
	int64_t until = -1;

	for (const struct http_job *j = all->first; j; j = j->next) {
		if (j->deadline && !j->paused)
			wait_until(&until, j->deadline, now);
		/* A job that waits for others is started when they end. */
		if (!j->transfer && all->active < all->options.at_once &&
		    j->host->active < all->options.per_host)
			wait_until(&until, j->due, now);
	}
	transfers_wait(all->transfers, p, n, until);
}
