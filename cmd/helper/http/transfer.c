/* transfer.c - exchanges with servers, many at a time. */
#include "transfer_in.h"

#include <stdlib.h>

enum { POLL_MAX = 8 }; /* descriptors besides libcurl's */

struct transfers *
transfers_open(const struct transfer_options *o,
    const struct transfer_sinks *sinks)
{
	struct transfers *all = calloc(1, sizeof *all);

	if (all && curl_global_init(CURL_GLOBAL_DEFAULT) == 0)
		all->multi = curl_multi_init();
	if (!all || !all->multi) {
		free(all);
		return NULL;
	}
	/* The caller limits the number of transfers. libcurl's own limits would
	 * count all transfers through a proxy as transfers to one host. */
	curl_multi_setopt(all->multi, CURLMOPT_MAXCONNECTS, (long)o->at_once);
	curl_multi_setopt(all->multi, CURLMOPT_PIPELINING,
	    (long)CURLPIPE_MULTIPLEX);
	all->sinks = *sinks;
	all->options = *o;
	return all;
}

static void
transfer_free(struct transfers *all, struct transfer *t)
{
	struct transfer **at = &all->first;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	curl_multi_remove_handle(all->multi, t->easy);
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	free(t);
}

unsigned
transfers_idle(const struct transfers *all)
{
	unsigned busy = 0;

	for (const struct transfer *t = all->first; t; t = t->next)
		busy++;
	return all->connections > busy ? all->connections - busy : 0;
}

void
transfer_drop(struct transfers *all, struct transfer *t)
{
	transfer_free(all, t);
}

struct transfer *
transfer_start(struct transfers *all, const struct transfer_ask *a, void *ctx)
{
	struct transfer *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->all = all;
	t->easy = curl_easy_init();
	t->ctx = ctx;
	t->body = a->body;
	t->body_len = a->body_len;
	t->idle_max = a->idle_max;
	t->first_max = a->first_max;
	t->public_only = a->public_only;
	t->began = t->last = pc_ticks();
	t->next = all->first;
	all->first = t;
	if (!t->easy) {
		all->first = t->next;
		free(t);
		return NULL;
	}
	if (transfer_prepare(t, a) < 0 ||
	    curl_multi_add_handle(all->multi, t->easy) != 0) {
		transfer_free(all, t);
		return NULL;
	}
	return t;
}

/* ---- the end ---- */

static void
finish(struct transfers *all, struct transfer *t, struct transfer_end *end)
{
	curl_off_t first = 0;
	long connects = 1;
	void *ctx = t->ctx;

	curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects);
	end->first_byte = first > 0 ? first : -1;
	end->reused = connects == 0;
	end->public = t->public;
	end->framing = transfer_framing(t);
	transfer_free(all, t);
	all->sinks.end(ctx, end);
}

static void
take_result(struct transfers *all, struct transfer *t, CURLcode code)
{
	struct transfer_end end = {0};

	transfer_judge(t, code, &end);
	finish(all, t, &end);
}

static void
end_overdue(struct transfers *all)
{
	struct transfer_end end = {.fault = HTTP_FAULT_TIMEOUT, .transient = 1};
	const int64_t now = pc_ticks();
	struct transfer *t = all->first;

	while (t) {
		if (!transfer_overdue(t, now, end.text)) {
			t = t->next;
			continue;
		}
		finish(all, t, &end);
		/* Its end may have changed the list. */
		t = all->first;
	}
}

/* ---- the run ---- */

void
transfers_resume(struct transfers *all)
{
	for (struct transfer *t = all->first; t; t = t->next)
		if (t->paused) {
			t->paused = 0;
			t->last = pc_ticks();
			t->speed_at = 0;
			curl_easy_pause(t->easy, CURLPAUSE_CONT);
		}
}

static struct transfer *
of_easy(struct transfers *all, CURL *easy)
{
	struct transfer *t = all->first;

	while (t && t->easy != easy)
		t = t->next;
	return t;
}

void
transfers_step(struct transfers *all)
{
	CURLMsg *m;
	int n;

	curl_multi_perform(all->multi, &n);
	while ((m = curl_multi_info_read(all->multi, &n))) {
		struct transfer *t = of_easy(all, m->easy_handle);

		if (m->msg == CURLMSG_DONE && t)
			take_result(all, t, m->data.result);
	}
	end_overdue(all);
}

void
transfers_wait(struct transfers *all, struct pollfd *p, unsigned n, int64_t us)
{
	struct curl_waitfd w[POLL_MAX] = {0};
	const int64_t now = pc_ticks();
	int64_t until = us < 0 || us > 3600000000 ? 3600000000 : us;

	for (const struct transfer *t = all->first; t; t = t->next)
		if (transfer_next_look(t, now) < until)
			until = transfer_next_look(t, now);
	for (unsigned i = 0; i < n; i++) {
		w[i].fd = p[i].fd;
		w[i].events = (short)((p[i].events & POLLIN ? CURL_WAIT_POLLIN
							    : 0) |
		    (p[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0));
	}
	curl_multi_poll(all->multi, w, n,
	    until > 0 ? (int)((until + 999) / 1000) : 0, NULL);
}
