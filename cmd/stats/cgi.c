/* cgi.c - answer one GET: as a web server's CGI program (RFC 3875) or, without
 * REQUEST_METHOD, as a program of inetd, which reads the request itself.
 *
 * No answer contains any part of the request, so none can carry a script. */
#include "stats.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	HEAD_MAX = 16 * 1024, /* bytes of the request's lines */
	PATIENCE = 10000000,  /* us until they have been read */
};

struct cgi_request {
	char method[16], path[256]; /* longer ones are cut, and then unknown */
	int bare;                   /* from inetd: we write the status line */
};

static void
take(char *out, size_t room, const char *p, size_t n)
{
	snprintf(out, room, "%.*s", (int)(n < room ? n : 0), p);
}

/* ---- by inetd ---- */

static int
read_head(struct pc_buf *b)
{
	int64_t until = pc_ticks() + PATIENCE, left;

	while (b->len < HEAD_MAX) {
		struct pollfd p = {.fd = 0, .events = POLLIN};
		ssize_t n;

		left = until - pc_ticks();
		if (left <= 0 || poll(&p, 1, (int)(left / 1000) + 1) == 0 ||
		    pc_buf_reserve(b, 1024) < 0)
			return -1;
		n = read(0, b->data + b->len, 1024);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		b->len += (size_t)n;
		if (memmem(b->data, b->len, "\r\n\r\n", 4) ||
		    memmem(b->data, b->len, "\n\n", 2))
			return 0;
	}
	return -1;
}

static int
from_inetd(struct cgi_request *r)
{
	struct pc_buf b = {0};
	const char *p, *end;
	size_t n;
	int ok = read_head(&b) == 0;

	r->bare = 1;
	if (ok) {
		p = (char *)b.data;
		end = memchr(p, '\n', b.len);
		n = strcspn(p, " \r\n");
		take(r->method, sizeof r->method, p, n);
		ok = p + n < end && p[n] == ' ';
		if (ok) {
			p += n + 1;
			n = strcspn(p, " ?\r\n");
			take(r->path, sizeof r->path, p, n);
		}
	}
	pc_buf_clear(&b);
	return ok ? 0 : -1;
}

/* ---- by a web server ---- */

static void
from_environment(struct cgi_request *r)
{
	const char *path = getenv("PATH_INFO"), *uri = getenv("REQUEST_URI");
	const char *script = getenv("SCRIPT_NAME");
	const char *method = getenv("REQUEST_METHOD");
	size_t n;

	take(r->method, sizeof r->method, method, strlen(method));
	/* Without PATH_INFO, the URI includes the program's own name. */
	if (!path && uri) {
		n = script ? strlen(script) : 0;
		path = n && strncmp(uri, script, n) == 0 && strchr("/?", uri[n])
		    ? uri + n
		    : uri;
	}
	if (!path)
		path = "";
	n = strcspn(path, "?");
	take(r->path, sizeof r->path, n ? path : "/", n ? n : 1);
}

/* ---- the answer ---- */

static void
answer(const struct cgi_request *r, const char *status, const char *type,
    const char *more, const struct pc_buf *body)
{
	if (r->bare)
		printf("HTTP/1.0 %s\r\nConnection: close\r\n", status);
	else
		printf("Status: %s\r\n", status);
	printf("Content-Type: %s\r\nContent-Length: %zu\r\n"
	       "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
	       "Content-Security-Policy: default-src 'none'; "
	       "style-src 'unsafe-inline'\r\n%s\r\n",
	    type, body->len, more);
	if (strcmp(r->method, "HEAD") != 0)
		fwrite(body->data, 1, body->len, stdout);
}

static int
refuse(const struct cgi_request *r, const char *status, const char *more)
{
	struct pc_buf b = {0};

	pc_buf_addf(&b, "%s\n", status);
	answer(r, status, "text/plain; charset=utf-8", more, &b);
	pc_buf_clear(&b);
	/* The server has its answer, so the exit status reports no failure. */
	return PC_EXIT_OK;
}

/* The reason goes to the server's log; the client need not learn the store's
 * path. */
static int
unavailable(struct stats *st, const struct cgi_request *r, const char *why)
{
	cli_warn(st->c, "%s", why);
	return refuse(r, "503 Service Unavailable", "");
}

int
cgi_answer(struct stats *st)
{
	static const struct cgi_page {
		const char *path, *type;
		void (*form)(const struct stats *, struct pc_buf *);
	} pages[] = {
	    {"/", "text/html; charset=utf-8", form_html},
	    {"/metrics", "text/plain; version=0.0.4; charset=utf-8",
		form_prometheus},
	    {"/stats.json", "application/json", form_json},
	    {"/memory.json", "application/json", form_memory_json},
	};
	const struct cgi_page *page = NULL;
	struct cgi_request r = {.bare = 0};
	struct pc_error err;
	struct pc_buf b = {0};

	if (getenv("REQUEST_METHOD"))
		from_environment(&r);
	else if (from_inetd(&r) < 0)
		return refuse(&r, "400 Bad Request", "");
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
		if (strcmp(pages[i].path, r.path) == 0)
			page = &pages[i];
	if (!page)
		return refuse(&r, "404 Not Found", "");
	if (strcmp(r.method, "GET") != 0 && strcmp(r.method, "HEAD") != 0)
		return refuse(&r, "405 Method Not Allowed",
		    "Allow: GET, HEAD\r\n");
	if (page->form == form_html)
		st->also = by_time(st->span);
	/* Before the first put there is no store. */
	if (cli_try_store(st->c, &err) < 0 || stats_try(st, &err) < 0)
		return unavailable(st, &r, err.text);
	page->form(st, &b);
	if (pc_buf_addf(&b, "\n") < 0)
		cli_die(st->c, "%s", strerror(ENOMEM));
	answer(&r, "200 OK", page->type, "", &b);
	pc_buf_clear(&b);
	return PC_EXIT_OK;
}
