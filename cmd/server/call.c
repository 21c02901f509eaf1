/* call.c - one request to a model server, and its whole answer. */
#include "servers.h"

#include <errno.h>
#include <string.h>

enum { ANSWER_BYTES_MAX = 16 * 1024 * 1024 };

void
server_request(const struct servers *s, struct http_request *r,
    const char *server, const char *path, struct pc_buf *url)
{
	static const char v1[] = "/v1";
	const int openai = strncmp(path, v1, sizeof v1 - 1) == 0;
	const char *secrets = servers_secrets(s, server);
	const size_t query = strcspn(server, "?");
	size_t n = query;

	/* Accept both http://host:8080 and http://host:8080/v1. */
	if (server_api(server) == API_OPENAI && openai)
		path += sizeof v1 - 1;
	else if (n > 3 && strncmp(server + n - 3, v1, 3) == 0)
		n -= sizeof v1 - 1;
	if (n > 0 && server[n - 1] == '/')
		n--;
	url->len = 0;
	pc_buf_add(url, server, n);
	pc_buf_add(url, path, strlen(path));
	pc_buf_add(url, server + query, strlen(server + query) + 1);
	r->url = (char *)url->data;
	r->secrets = secrets;
	if (secrets)
		r->flags |= HTTP_SECRET;
	if (r->body)
		r->headers = "Content-Type: application/json\n";
}

/* A call on its way. */
struct call {
	const char *server;
	struct pc_buf *answer;
	int status, over, failed;
	struct server_fault *fault;
};

static int
on_head(void *ctx, const struct http_head *h)
{
	((struct call *)ctx)->status = h->status;
	return 0;
}

static int
on_data(void *ctx, const void *p, size_t n)
{
	return pc_buf_add(((struct call *)ctx)->answer, p, n);
}

static void
on_again(void *ctx)
{
	((struct call *)ctx)->answer->len = 0;
}

static void
on_end(void *ctx, const struct http_end *e)
{
	struct call *c = ctx;

	c->over = 1;
	c->failed = e->fault != HTTP_OK;
	if (c->failed)
		server_fault_http(c->fault, c->server, e);
}

static uint64_t
send_call(struct servers *s, struct call *c, const char *path,
    const struct pc_buf *body)
{
	static const struct http_sinks sinks = {on_head, on_data, on_again,
	    on_end};
	struct http_request r = {.method = body ? "POST" : "GET",
	    .body = body ? body->data : NULL,
	    .body_len = body ? body->len : 0,
	    .flags = HTTP_RESTART,
	    .size_max = ANSWER_BYTES_MAX,
	    .idle_max = s->idle_max};
	struct pc_buf url = {0};
	uint64_t number = 0;

	server_request(s, &r, c->server, path, &url);
	if (!url.failed)
		number = http_send(s->http, &r, &sinks, c);
	else
		errno = ENOMEM;
	pc_buf_clear(&url);
	return number;
}

/* Wait until the call is over, stopped or too late. */
static void
wait_for_end(struct servers *s, const struct call *c, int64_t deadline)
{
	while (!c->over && !(s->stop && *s->stop)) {
		const int64_t left = deadline - pc_ticks();

		if (s->call_max && left <= 0)
			return;
		http_run(s->http, -1, s->call_max ? left : -1, s->stop);
	}
}

static void
set_fault(struct server_fault *f, enum server_fault_kind kind, int later)
{
	f->kind = kind;
	f->later = later;
}

int
server_call(struct servers *s, const char *server, const char *path,
    const struct pc_buf *body, struct pc_buf *answer,
    struct server_fault *fault)
{
	struct call c = {.server = server, .answer = answer, .fault = fault};
	uint64_t number;

	answer->len = 0;
	number = send_call(s, &c, path, body);
	if (!number) {
		set_fault(fault, FAULT_BROKEN, 0);
		pc_error_set(&fault->error, "cannot ask '%s': %s", server,
		    strerror(errno));
		return -1;
	}
	wait_for_end(s, &c, pc_ticks() + s->call_max);
	if (c.over)
		return c.failed ? -1 : c.status;
	http_cancel(s->http, number);
	if (s->stop && *s->stop) {
		set_fault(fault, FAULT_STOPPED, 0);
		pc_error_set(&fault->error, "interrupted");
	} else {
		set_fault(fault, FAULT_LATE, 1);
		pc_error_set(&fault->error,
		    "the server at %s: no answer in %.0f s", server,
		    (double)s->call_max / 1e6);
	}
	return -1;
}
