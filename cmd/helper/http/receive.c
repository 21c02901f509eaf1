/* receive.c - the answer to a job while it comes: headers, then a body that is
 * passed on, held for a retry, or skipped for a redirect. */
#include "job_in.h"

#include "retry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HELD_MAX = 64 * 1024, /* bytes of an error's body that are held */
	/* Bytes besides the body, if the answer has no limit. */
	BESIDES_MAX = 64 * 1024 * 1024,
};

void
answer_forget(struct http_job *j)
{
	j->status = 0;
	j->lines.len = j->held.len = 0;
	j->body_goes = HEADERS;
	j->got = 0;
	j->stopped = HTTP_OK;
}

enum transfer_go
answer_stop(struct http_job *j, enum http_fault fault, const char *why)
{
	j->stopped = fault;
	j->why = why;
	return TRANSFER_STOP;
}

static int
follows(const struct http_job *j)
{
	size_t n;

	return (strcmp(j->method, "GET") == 0 ||
		   strcmp(j->method, "HEAD") == 0) &&
	    j->ask.redirects > 0 &&
	    (j->status == 301 || j->status == 302 || j->status == 303 ||
		j->status == 307 || j->status == 308) &&
	    http_header((char *)j->lines.data, "location", &n);
}

/* The limit of all bytes; 0: none, as for HEAD, which has no body. */
static uint64_t
size_max(const struct http_job *j)
{
	return strcmp(j->method, "HEAD") == 0 ? 0 : j->ask.size_max;
}

/* Does Content-Length exceed the limit? */
static int
too_large(const struct http_job *j)
{
	const char *headers = (char *)j->lines.data, *s;
	size_t n;

	if (!size_max(j) || http_header(headers, "content-encoding", &n))
		return 0;
	s = http_header(headers, "content-length", &n);
	return s && strtoull(s, NULL, 10) > size_max(j) - j->besides;
}

/* Do all received bytes, with that many bytes of framing, exceed the limit? */
int
answer_over_limit(const struct http_job *j, uint64_t framing)
{
	const uint64_t besides = j->besides + framing;

	return size_max(j) ? besides + j->got > size_max(j)
			   : besides > BESIDES_MAX;
}

const char *
answer_why_over(const struct http_job *j)
{
	return j->got > j->besides
	    ? "the answer is too large"
	    : "its headers, trailers, chunk extensions or skipped bodies are "
	      "too large";
}

/* The headers are complete: decide what to do with the body. */
static enum transfer_go
headers_end(struct http_jobs *all, struct http_job *j)
{
	if (pc_buf_add(&j->lines, "", 1) < 0)
		return answer_stop(j, HTTP_FAULT_OTHER, "out of memory");
	j->lines.len--;
	if (j->status < 200) {
		answer_forget(j);
		return TRANSFER_GO;
	}
	if (follows(j)) {
		j->body_goes = SKIP;
	} else if (j->attempts < all->options.attempts &&
	    retry_status(j->status, (char *)j->lines.data)) {
		j->body_goes = HOLD;
	} else if (too_large(j)) {
		return answer_stop(j, HTTP_FAULT_SIZE,
		    "the answer is too large");
	} else {
		reply_head(all, j);
		j->body_goes = PASS;
	}
	return TRANSFER_GO;
}

/* A line that is not a header, as old servers send, is ignored. */
static enum transfer_go
add_line(struct http_job *j, const char *p, size_t n)
{
	size_t at = j->lines.len;

	if (at + n + 2 > HTTP_HEADERS_MAX)
		return answer_stop(j, HTTP_FAULT_PROTOCOL,
		    "its headers have no end");
	pc_buf_add(&j->lines, p, n);
	if (pc_buf_add(&j->lines, "\n", 2) < 0)
		return answer_stop(j, HTTP_FAULT_OTHER, "out of memory");
	j->lines.len--;
	if (memchr(p, '\0', n) ||
	    !http_headers_valid((char *)j->lines.data + at)) {
		j->lines.len = at;
		j->lines.data[at] = '\0';
	}
	return TRANSFER_GO;
}

enum transfer_go
answer_line(void *v, const char *p, size_t n)
{
	struct http_job *j = v;

	/* Trailers come after the body, and are framing. */
	if (j->body_goes != HEADERS)
		return TRANSFER_GO;
	j->besides += n;
	if (answer_over_limit(j, 0))
		return answer_stop(j, HTTP_FAULT_SIZE, answer_why_over(j));
	while (n > 0 && (p[n - 1] == '\n' || p[n - 1] == '\r'))
		n--;
	if (n == 0)
		return j->status ? headers_end(j->all, j) : TRANSFER_GO;
	if (j->status == 0) {
		char line[32];

		snprintf(line, sizeof line, "%.*s", (int)(n < 31 ? n : 31), p);
		if (sscanf(line, "HTTP/%*s %d", &j->status) != 1 ||
		    j->status < 100 || j->status > 999)
			return answer_stop(j, HTTP_FAULT_PROTOCOL,
			    "its first line is not HTTP's");
		return TRANSFER_GO;
	}
	return add_line(j, p, n);
}

/* Keep the beginning, and skip the rest. */
static enum transfer_go
hold(struct http_job *j, const void *p, size_t n)
{
	if (n > HELD_MAX - j->held.len)
		n = HELD_MAX - j->held.len;
	pc_buf_add(&j->held, p, n);
	return j->held.len < HELD_MAX && !j->held.failed ? TRANSFER_GO
							 : TRANSFER_STOP;
}

enum transfer_go
answer_data(void *v, const void *p, size_t n)
{
	struct http_job *j = v;
	struct http_jobs *all = j->all;

	switch (j->body_goes) {
	case HEADERS:
		return answer_stop(j, HTTP_FAULT_PROTOCOL,
		    "a body without headers");
	case SKIP:
	case HOLD:
		j->besides += n;
		if (answer_over_limit(j, 0))
			return answer_stop(j, HTTP_FAULT_SIZE,
			    answer_why_over(j));
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
	if (answer_over_limit(j, 0))
		return answer_stop(j, HTTP_FAULT_SIZE, answer_why_over(j));
	reply_data(all, j, p, n);
	return TRANSFER_GO;
}
