/* requests.c - waiting and sent requests, and how each ends. */
#include "client.h"

#include <stdlib.h>

void
requests_append(struct requests *l, struct request *r)
{
	r->next = NULL;
	*l->last = r;
	l->last = &r->next;
	l->count++;
}

void
requests_remove(struct requests *l, struct request *r)
{
	struct request **at = &l->first;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	if (!*at)
		l->last = at;
	l->count--;
}

void
request_free(struct request *r)
{
	pc_buf_clear(&r->frame);
	free(r);
}

/* If an answer took several attempts, only the last counts. */
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
request_finish(struct http *h, struct requests *l, struct request *r,
    const struct http_end *given)
{
	struct http_end end = *given;

	requests_remove(l, r);
	note_connection(h, &end);
	if (!r->cancelled) {
		h->pending--;
		end.wall = pc_ticks() - r->began;
		if (r->sinks.end)
			r->sinks.end(r->ctx, &end);
	}
	request_free(r);
}

/* The requests' helper died, or none could start. */
void
requests_fail(struct http *h, struct requests *l, enum http_fault fault,
    const char *text)
{
	const struct http_end end = {.fault = fault,
	    .text = text,
	    .first_byte = -1};
	size_t n = l->count;

	/* Requests that the sinks send meanwhile are added after these. */
	while (n-- > 0 && l->first)
		request_finish(h, l, l->first, &end);
}

static struct request *
find_request(const struct requests *l, uint64_t number)
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
	struct request *r = find_request(&h->waiting, number);
	const int begun = r && r == h->waiting.first && h->written > 0;

	if (r && !begun) {
		h->pending--;
		requests_remove(&h->waiting, r);
		request_free(r);
		return;
	}
	if (!r)
		r = find_request(&h->sent, number);
	if (!r || r->cancelled)
		return;
	h->pending--;
	r->cancelled = 1;
	/* If memory runs out, the answer arrives and is discarded. */
	if (pc_buf_reserve(&h->cancels, sizeof a) == 0)
		pc_buf_add(&h->cancels, &a, sizeof a);
	else
		h->cancels.failed = 0;
}

void
requests_clear(struct requests *l)
{
	while (l->first) {
		struct request *r = l->first;

		requests_remove(l, r);
		request_free(r);
	}
}
