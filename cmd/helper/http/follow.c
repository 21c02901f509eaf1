/* follow.c - what follows an answer: another attempt, another URL, the end. */
#include "job_in.h"

#include "retry.h"
#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
again(struct http_jobs *all, struct http_job *j, int64_t wait)
{
	reply_again(all, j);
	j->due = pc_ticks() + wait;
	answer_forget(j);
}

static int
has_secrets(const struct http_job *j)
{
	return j->secret_host && (j->secrets || j->ask.flags & HTTP_SECRET);
}

static void
redirect(struct http_jobs *all, struct http_job *j)
{
	const char *why = "out of memory", *location;
	char text[TRANSFER_TEXT], *to, *url;
	struct http_host *host;
	size_t n = 0;

	if (j->redirects++ >= j->ask.redirects) {
		snprintf(text, sizeof text, "more than %u redirects",
		    j->ask.redirects);
		reply_failure(all, j, HTTP_FAULT_REDIRECT, text);
		return;
	}
	location = http_header((char *)j->lines.data, "location", &n);
	to = location ? strndup(location, n) : NULL;
	url = to ? url_resolve(j->url, to, &why) : NULL;
	free(to);
	host = url && strlen(url) < HTTP_URL_MAX ? host_of(&all->hosts, url)
						 : NULL;
	if (!host) {
		snprintf(text, sizeof text, "redirected to a refused URL: %s",
		    url ? "too long" : why);
		free(url);
		reply_failure(all, j, HTTP_FAULT_REDIRECT, text);
		return;
	}
	if (has_secrets(j) && strncmp(j->url, "https:", 6) == 0 &&
	    strncmp(url, "http:", 5) == 0) {
		free(url);
		host_leave(&all->hosts, host);
		reply_failure(all, j, HTTP_FAULT_REDIRECT,
		    "redirected from https to http, with a secret");
		return;
	}
	if (host != j->host)
		j->secret_host = 0;
	host_leave(&all->hosts, j->host);
	j->host = host;
	free(j->url);
	j->url = url;
	j->attempts--; /* it is the same attempt */
	again(all, j, 0);
}

/* Retry a temporary error, or deliver it as the answer. */
static void
take_held(struct http_jobs *all, struct http_job *j, struct transfer_end *end)
{
	int64_t wait;
	int late = retry_wait(j->attempts, (char *)j->lines.data, &wait);

	if (!late && !retry_hopeless(j->status, j->held.data, j->held.len)) {
		again(all, j, wait);
		return;
	}
	reply_head(all, j);
	reply_data(all, j, j->held.data, j->held.len);
	end->fault = HTTP_OK;
	reply_end(all, j, end, late ? wait : 0);
}

void
answer_end(void *v, const struct transfer_end *given)
{
	struct http_job *j = v;
	struct http_jobs *all = j->all;
	struct transfer_end end = *given;
	int64_t wait;

	j->transfer = NULL;
	j->host->active--;
	all->active--;
	j->paused = 0;
	j->besides += end.framing;
	if (j->stopped == HTTP_OK && answer_over_limit(j, 0))
		answer_stop(j, HTTP_FAULT_SIZE, answer_why_over(j));
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
	reply_end(all, j, &end, 0);
}
