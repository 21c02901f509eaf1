/* exchange.c - one request for an answer, and the stream that comes back. */
#include "exchange.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum {
	REFUSAL_MAX = 64 * 1024,
	FIRST_MAX = 900, /* s to the first byte: a cold model is loaded, and
			  * others may be served first */
};

void
exchange_show(struct exchange *a, size_t had)
{
	if (!a->in->streaming || a->answer.text.len == had)
		return;
	if (cli_write(a->in->c, a->answer.text.data + had,
		a->answer.text.len - had) < 0)
		answer_fail(&a->answer, VERDICT_BAD,
		    "cannot write standard output: %s", strerror(errno));
}

static void
take_piece(void *ctx, const char *p, size_t n)
{
	struct exchange *a = ctx;
	const size_t had = a->answer.text.len;

	a->protocol->parse_piece(&a->answer, p, n);
	exchange_show(a, had);
}

static int
on_head(void *ctx, const struct http_head *h)
{
	struct exchange *a = ctx;
	static const char html[] = "text/html";
	size_t n;
	const char *type = http_header(h->headers, "content-type", &n);

	a->status = h->status;
	/* It comes from a login page of a network, a proxy or another kind of
	 * server. */
	if (h->status != 200 || !type || n < sizeof html - 1 ||
	    strncasecmp(type, html, sizeof html - 1) != 0)
		return 0;
	answer_fail(&a->answer, VERDICT_BAD,
	    "the server at %s sent a web page; check --url", a->server);
	return -1;
}

static int
on_data(void *ctx, const void *p, size_t n)
{
	struct exchange *a = ctx;

	if (a->status != 200)
		return a->refusal.len + n > REFUSAL_MAX
		    ? 0
		    : pc_buf_add(&a->refusal, p, n);
	if (line_stream_feed(&a->stream, p, n, take_piece, a) < 0)
		answer_fail(&a->answer, VERDICT_BAD, "%s",
		    errno == EMSGSIZE ? "it sent a line of more than 16 MiB"
				      : strerror(errno));
	return a->answer.verdict >= VERDICT_BAD ? -1 : 0;
}

static void
on_again(void *ctx)
{
	struct exchange *a = ctx;

	answer_clear(&a->answer);
	line_stream_clear(&a->stream);
	a->refusal.len = 0;
}

static void
judge_end(struct exchange *a)
{
	struct model_answer *w = &a->answer;
	const int has_mark = a->stream.form != STREAM_LINES;
	size_t had;

	line_stream_end(&a->stream, take_piece, a);
	had = w->text.len;
	answer_close(w);
	exchange_show(a, had);
	if (w->verdict < VERDICT_BAD && has_mark && !a->stream.done)
		answer_fail(w, VERDICT_LATER,
		    "the answer ended without its end mark");
	if (w->verdict == VERDICT_OPEN)
		answer_fail(w, VERDICT_LATER,
		    has_mark
			? "the server gave no reason for the answer's end (finish_reason is null)"
			: "the answer ended without its end mark");
}

static void
on_end(void *ctx, const struct http_end *e)
{
	struct exchange *a = ctx;
	struct model_answer *w = &a->answer;
	struct pc_error err;

	a->number = 0;
	a->under_way = 0;
	a->wall = e->wall;
	a->attempts += e->attempts;
	a->peak_kib = http_peak(a->in->backend.servers.http);
	if (e->fault == HTTP_FAULT_CONNECT || e->fault == HTTP_FAULT_NAME) {
		fault_http(&a->in->backend, a->server, e, &err);
		answer_fail(w, VERDICT_LATER, "%s", err.text);
	} else if (w->verdict >= VERDICT_BAD) {
		/* The stream's own error is nearer to the cause. */
		if (w->verdict == VERDICT_TOO_LONG)
			add_context_remedy(&a->in->backend, &w->error);
	} else if (e->fault != HTTP_OK) {
		enum verdict v = fault_http(&a->in->backend, a->server, e,
		    &err);

		answer_fail(w, v, "%s", err.text);
	} else if (a->status != 200) {
		enum verdict v = fault_refusal(&a->in->backend, a->server,
		    a->status, &a->refusal, &err);

		answer_fail(w, v, "%s", err.text);
	} else {
		judge_end(a);
	}
	/* Another server would give another text than the one already on the
	 * terminal. */
	a->lost = w->verdict == VERDICT_LATER &&
	    !(a->in->streaming && w->text.len);
	line_stream_clear(&a->stream);
}

int
exchange_send(struct exchange *a)
{
	static const struct http_sinks sinks = {on_head, on_data, on_again,
	    on_end};
	const struct model_protocol *w = a->protocol = protocol_of(
	    &a->in->backend.model);
	struct http_request r = {.method = "POST",
	    .body = a->body.data,
	    .body_len = a->body.len,
	    .flags = HTTP_RESTART,
	    .first_max = FIRST_MAX * INT64_C(1000000)};
	struct pc_buf url = {0};

	answer_clear(&a->answer);
	line_stream_clear(&a->stream);
	a->refusal.len = 0;
	a->stream.form = w->form;
	a->status = a->lost = 0;
	/* A restart would print the beginning again. */
	if (a->in->streaming)
		r.flags &= ~(unsigned)HTTP_RESTART;
	snprintf(a->server, sizeof a->server, "%s",
	    a->in->backend.model.server);
	server_request(&a->in->backend.servers, &r, a->server, w->chat_path,
	    &url);
	a->weights = a->in->backend.weights;
	a->number = url.failed ? 0
			       : http_send(infer_http(a->in), &r, &sinks, a);
	pc_buf_clear(&url);
	a->under_way = a->number != 0;
	return a->number ? 0 : -1;
}

void
exchange_clear(struct exchange *a)
{
	if (a->number)
		http_cancel(a->in->backend.servers.http, a->number);
	a->number = 0;
	a->under_way = 0;
	pc_buf_clear(&a->body);
	pc_buf_clear(&a->refusal);
	answer_clear(&a->answer);
	line_stream_clear(&a->stream);
}
