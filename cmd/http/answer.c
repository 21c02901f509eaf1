/* answer.c - check and deliver the helper's answers, which are not trusted. */
#include "client.h"

#include <string.h>

int
http_answer_valid(const struct http_answer *a)
{
	if (a->magic != HTTP_ANSWER_MAGIC || a->number == 0)
		return 0;
	switch (a->kind) {
	case HTTP_ANSWER_HEAD:
		return a->status >= 200 && a->status <= 999 &&
		    a->attempts >= 1 && a->attempts <= HTTP_ATTEMPTS_MAX &&
		    a->split >= 2 && a->split <= HTTP_URL_MAX &&
		    a->length > a->split &&
		    a->length - a->split <= HTTP_HEADERS_MAX;
	case HTTP_ANSWER_DATA:
		return a->length >= 1 && a->length <= HTTP_PIECE_MAX;
	case HTTP_ANSWER_AGAIN:
		return a->length == 0;
	case HTTP_ANSWER_END:
		return a->length >= 1 && a->length <= HTTP_TEXT_MAX &&
		    a->fault < HTTP_FAULTS && a->reused <= 1 &&
		    a->attempts <= HTTP_ATTEMPTS_MAX && a->first_byte >= -1 &&
		    a->retry_after >= 0;
	}
	return 0;
}

/* Is it a text of n bytes that ends with its only NUL? */
static int
text_valid(const unsigned char *p, size_t n)
{
	return memchr(p, '\0', n) == p + n - 1;
}

/* Is it one line without control characters for a terminal? */
static int
line_valid(const unsigned char *p, size_t n)
{
	if (!text_valid(p, n) || !pc_utf8_valid(p, n - 1))
		return 0;
	for (size_t i = 0; i + 1 < n; i++)
		if (p[i] < ' ' || p[i] == 0x7f)
			return 0;
	return 1;
}

static int
take_head(struct request *r, const struct http_answer *a,
    const unsigned char *p)
{
	const char *headers = (const char *)p + a->split;
	const struct http_head head = {.status = a->status,
	    .url = (const char *)p,
	    .headers = headers,
	    .attempts = a->attempts};

	if (r->have_head || !line_valid(p, a->split) ||
	    !text_valid(p + a->split, a->length - a->split) ||
	    !http_headers_valid(headers))
		return -1;
	r->have_head = 1;
	if (!(r->flags & HTTP_RESTART))
		pc_buf_clear(&r->frame);
	return !r->cancelled && r->sinks.head &&
	    r->sinks.head(r->ctx, &head) < 0;
}

static int
take_data(struct request *r, const struct http_answer *a,
    const unsigned char *p)
{
	r->got += a->length;
	if (!r->have_head || (r->size_max && r->got > r->size_max))
		return -1;
	return !r->cancelled && r->sinks.data &&
	    r->sinks.data(r->ctx, p, a->length) < 0;
}

static int
take_again(struct request *r)
{
	if (!r->have_head || !(r->flags & HTTP_RESTART))
		return -1;
	r->have_head = 0;
	r->got = 0;
	if (!r->cancelled && r->sinks.again)
		r->sinks.again(r->ctx);
	return 0;
}

static int
take_end(struct http *h, struct request *r, const struct http_answer *a,
    const unsigned char *p)
{
	const struct http_end end = {.fault = (enum http_fault)a->fault,
	    .text = (const char *)p,
	    .attempts = a->attempts,
	    .first_byte = a->first_byte,
	    .retry_after = a->retry_after,
	    .reused = (int)a->reused};

	if (!line_valid(p, a->length) || (a->fault == HTTP_OK && !r->have_head))
		return -1;
	h->barren = 0;
	request_finish(h, &h->sent, r, &end);
	return 0;
}

/* A sink returned -1: give the request up. */
static void
give_up(struct http *h, struct request *r)
{
	struct http_end end = {.fault = HTTP_FAULT_OTHER,
	    .text = "given up",
	    .first_byte = -1};
	const struct http_sinks sinks = r->sinks;
	void *ctx = r->ctx;

	if (r->cancelled)
		return;
	end.wall = pc_ticks() - r->began;
	http_cancel(h, r->number);
	if (sinks.end)
		sinks.end(ctx, &end);
}

int
http_answer_take(struct http *h, const struct http_answer *a,
    const unsigned char *p)
{
	struct request *r = h->sent.first;
	int given = 0;

	while (r && r->number != a->number)
		r = r->next;
	if (!r)
		return -1;
	if (a->peak_kib > h->peak_kib)
		h->peak_kib = a->peak_kib;
	if (a->kind == HTTP_ANSWER_END)
		h->idle = a->idle;
	switch (a->kind) {
	case HTTP_ANSWER_HEAD:
		given = take_head(r, a, p);
		break;
	case HTTP_ANSWER_DATA:
		given = take_data(r, a, p);
		break;
	case HTTP_ANSWER_AGAIN:
		given = take_again(r);
		break;
	default:
		return take_end(h, r, a, p);
	}
	if (given > 0)
		give_up(h, r);
	return given < 0 ? -1 : 0;
}
