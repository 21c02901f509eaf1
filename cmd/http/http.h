/* http.h - asking servers over HTTP, through pc-http(8).
 *
 * The helper is the only program that loads libcurl.  The first request starts
 * it; it keeps its connections open until http_close.  It does what a polite
 * client does: so many requests at a time in all and to one host, time-outs,
 * retries with growing waits or the server's word (Retry-After), redirects.
 * One process asks many things at once: http_send queues, http_run waits for
 * something to happen and calls the sinks of the requests that it happened
 * to. */
#ifndef HTTP_H
#define HTTP_H

#include "pc.h"

struct pc_run;

struct http;

struct http_options {
	int64_t connect_max; /* us */
	int64_t idle_max;    /* us without a byte, the first one too; and for
			      * the headers, from their first line */
	int64_t total_max;   /* us from the first attempt to the end; 0: no
			      * bound */
	unsigned attempts;   /* tries of a request in all, from 1 */
	unsigned at_once;    /* requests at a time */
	unsigned per_host;   /* of them to one host */
	/* The least that a body brings in each speed_time us after its first
	 * byte, bytes a second; 0: no bound, as for models, which may think
	 * for long between two words. */
	unsigned speed_min;
	int64_t speed_time;
	/* A redirect may lead from a public address to one that is not. */
	int allow_private;
};

enum http_request_flags {
	/* A header of the request is a secret: it is sent to the request's own
	 * host alone, never where a redirect leads. */
	HTTP_SECRET = 1,
	/* An answer that broke off may be asked for again: what came of it is
	 * then void, which http_sinks.again says. */
	HTTP_RESTART = 2,
};

struct http_request {
	const char *method; /* GET, POST, HEAD, DELETE */
	const char *url;    /* http or https; all else is refused */
	/* "Name: value" lines, each ended by \n; NULL for none.  A CR, NUL or
	 * bad name is refused (EINVAL). */
	const char *headers;
	const char *secrets; /* more of them, secret ones */
	const void *body;    /* NULL: none */
	size_t body_len;
	unsigned redirects; /* to follow; of GET and HEAD only */
	unsigned flags;     /* enum http_request_flags */
	/* Bytes of the answer's body, decoded, and of all headers, chunk
	 * extensions, trailers and bodies of redirects and failed attempts.
	 * 0: no bound for the body, 64 MiB for the rest. */
	uint64_t size_max;
	int64_t idle_max;  /* us; 0: that of the options */
	int64_t first_max; /* us to the first byte; 0: idle_max */
};

/* What the server said before the body, of the attempt that counts. */
struct http_head {
	int status;          /* 200 ... */
	const char *url;     /* where it came from in the end */
	const char *headers; /* as they came, each "Name: value\n", at most
			      * 64 KiB */
	unsigned attempts;   /* so far */
};

enum http_fault {
	HTTP_OK,
	HTTP_FAULT_URL,      /* no URL, or not of http or https */
	HTTP_FAULT_NAME,     /* the host is not known */
	HTTP_FAULT_CONNECT,  /* refused, unreachable, timed out connecting */
	HTTP_FAULT_TLS,      /* a certificate, or its proof */
	HTTP_FAULT_TIMEOUT,  /* no byte for idle_max, or too slow */
	HTTP_FAULT_TOTAL,    /* not complete after total_max */
	HTTP_FAULT_CUT,      /* the answer broke off */
	HTTP_FAULT_SIZE,     /* more than size_max */
	HTTP_FAULT_REDIRECT, /* too many, or to what is refused */
	HTTP_FAULT_PROTOCOL, /* what came is not HTTP */
	HTTP_FAULT_HELPER,   /* the helper died or cannot be started */
	HTTP_FAULT_OTHER,
	HTTP_FAULTS,
};

struct http_end {
	enum http_fault fault;
	const char *text; /* of the fault, for a message; never a secret */
	unsigned attempts;
	int64_t wall;        /* us, from being sent to here, waits included */
	int64_t first_byte;  /* us, of the last attempt; -1: none came */
	int64_t retry_after; /* us that the server asked for when that was too
			      * long to wait here; 0: it did not */
	int reused;          /* the connection was open already */
};

/* What a request's events are given to.  A sink may send and cancel requests.
 * head and data return -1 to give the request up, whose end then has
 * HTTP_FAULT_OTHER. */
struct http_sinks {
	int (*head)(void *ctx, const struct http_head *);
	int (*data)(void *ctx, const void *, size_t);
	void (*again)(void *ctx); /* what came is void: the request restarts */
	void (*end)(void *ctx, const struct http_end *); /* once, the last */
};

/* Nothing is started yet.  NULL: out of memory. */
struct http *http_open(const struct http_options *);
/* Queue a request; all that it names is copied.  Its number, from 1; 0 with
 * errno: EINVAL, ENOMEM. */
uint64_t http_send(struct http *, const struct http_request *,
    const struct http_sinks *, void *ctx);
/* Give it up: none of its sinks is called any more. */
void http_cancel(struct http *, uint64_t number);
/* Wait at most wait us, -1 for ever, 0 not at all, for something to happen,
 * or until fd, -1 for none, can be read; and tell the sinks.  1: fd can be
 * read.  A signal ends the wait too, and none begins when *stop, which may be
 * NULL, is not 0. */
int http_run(struct http *, int fd, int64_t wait, const volatile int *stop);
size_t http_pending(const struct http *); /* requests without an end */
/* Memory that the helper had at most, KiB, as it last said. */
uint32_t http_peak(const struct http *);
/* What it was and how its connections were used, for pc_run_add(). */
void http_account(const struct http *, struct pc_run *);
void http_close(struct http *); /* ends the helper; no sink is called */

/* The value of a header, the last of that name, without blanks around it;
 * NULL: there is none.  *n is its length. */
const char *http_header(const char *headers, const char *name, size_t *n);
/* Is it one "Name: value", without a line end? */
int http_header_valid(const char *line);
/* Are they lines as http_request.headers wants them? */
int http_headers_valid(const char *headers);

#endif
