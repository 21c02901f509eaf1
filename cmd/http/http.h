/* http.h - send HTTP requests to servers, through pc-http(8).
 *
 * The helper is the only program that loads libcurl.  The first request starts
 * it, and it keeps its connections open until http_close.  It limits the
 * requests in parallel, in total and per host.  It also handles time-outs,
 * redirects, and retries after growing waits or after the time that the server
 * names (Retry-After).  One process can send many requests: http_send queues
 * them, and http_run waits for events and calls the sinks of the requests
 * concerned. */
#ifndef HTTP_H
#define HTTP_H

#include "pc.h"

struct pc_run;

struct http;

struct http_options {
	int64_t connect_max; /* us */
	int64_t idle_max;    /* us without a byte, also before the first one;
			      * for the headers, us from their first line */
	int64_t total_max;   /* us from the first attempt to the end; 0: no
			      * limit */
	unsigned attempts;   /* of a request in total, from 1 */
	unsigned at_once;    /* requests in parallel */
	unsigned per_host;   /* of these to one host */
	/* Least speed of a body, bytes per second, in each speed_time us after
	 * its first byte.  0: no limit, as for models, which may pause for
	 * long between two words. */
	unsigned speed_min;
	int64_t speed_time;
	/* A redirect may lead from a public address to a private one. */
	int allow_private;
};

enum http_request_flags {
	/* The request has a secret header: it is sent only to the request's
	 * own host, never to the target of a redirect. */
	HTTP_SECRET = 1,
	/* An answer that broke off may be requested again.  What was received
	 * is then discarded; http_sinks.again reports this. */
	HTTP_RESTART = 2,
};

struct http_request {
	const char *method; /* GET, POST, HEAD, DELETE */
	const char *url;    /* http or https; others are refused */
	/* "Name: value" lines, each ended by \n; NULL: none.  A CR, NUL or
	 * invalid name is refused (EINVAL). */
	const char *headers;
	const char *secrets; /* more lines, which are secret */
	const void *body;    /* NULL: none */
	size_t body_len;
	unsigned redirects; /* how many to follow; only for GET and HEAD */
	unsigned flags;     /* enum http_request_flags */
	/* Largest size of the decoded body; also of all headers, chunk
	 * extensions, trailers and bodies of redirects and failed attempts.
	 * 0: no limit for the body, 64 MiB for the rest. */
	uint64_t size_max;
	int64_t idle_max;  /* us; 0: as in the options */
	int64_t first_max; /* us to the first byte; 0: idle_max */
};

/* The server's answer before the body, from the attempt that counts. */
struct http_head {
	int status;          /* 200 ... */
	const char *url;     /* the final URL */
	const char *headers; /* as received, each "Name: value\n", at most 64
			      * KiB */
	unsigned attempts;   /* so far */
};

enum http_fault {
	HTTP_OK,
	HTTP_FAULT_URL,      /* invalid, or not http or https */
	HTTP_FAULT_NAME,     /* unknown host */
	HTTP_FAULT_CONNECT,  /* refused, unreachable, timed out connecting */
	HTTP_FAULT_TLS,      /* invalid certificate or handshake */
	HTTP_FAULT_TIMEOUT,  /* no byte for idle_max, or too slow */
	HTTP_FAULT_TOTAL,    /* not complete within total_max */
	HTTP_FAULT_CUT,      /* the answer broke off */
	HTTP_FAULT_SIZE,     /* more than size_max */
	HTTP_FAULT_REDIRECT, /* too many, or to a refused address */
	HTTP_FAULT_PROTOCOL, /* the answer is not HTTP */
	HTTP_FAULT_HELPER,   /* the helper died */
	HTTP_FAULT_START,    /* the helper cannot be started */
	HTTP_FAULT_OTHER,
	HTTP_FAULTS,
};

struct http_end {
	enum http_fault fault;
	const char *text; /* describes the fault, for a message; never has a
			   * secret */
	unsigned attempts;
	int64_t wall;        /* us from sending to here, including waits */
	int64_t first_byte;  /* us, in the last attempt; -1: none came */
	int64_t retry_after; /* us that the server asked to wait if that was
			      * too long; else 0 */
	int reused;          /* the connection was already open */
};

/* Functions that receive a request's events.  A sink may send and cancel
 * requests.  head and data return -1 to give the request up; it then ends with
 * HTTP_FAULT_OTHER. */
struct http_sinks {
	int (*head)(void *ctx, const struct http_head *);
	int (*data)(void *ctx, const void *, size_t);
	void (*again)(void *ctx); /* discard what was received: the request
				   * restarts */
	void (*end)(void *ctx, const struct http_end *); /* called once, as
							  * the last */
};

/* Starts nothing yet.  NULL: out of memory. */
struct http *http_open(const struct http_options *);
/* Queue a request; all its data are copied.  Returns its number, from 1; 0
 * with errno: EINVAL, ENOMEM. */
uint64_t http_send(struct http *, const struct http_request *,
    const struct http_sinks *, void *ctx);
/* Cancel a request: none of its sinks is called any more. */
void http_cancel(struct http *, uint64_t number);
/* Wait up to wait us (-1: without limit, 0: not at all) for an event, or until
 * fd can be read (-1: no fd), and call the sinks.  Returns 1 if fd can be
 * read.  A signal also ends the wait.  If *stop is not 0, do not wait; stop
 * may be NULL. */
int http_run(struct http *, int fd, int64_t wait, const volatile int *stop);
size_t http_pending(const struct http *); /* requests without an end */
/* The helper's peak memory in KiB, as last reported. */
uint32_t http_peak(const struct http *);
/* Report the helper and the use of its connections, for pc_run_add(). */
void http_account(const struct http *, struct pc_run *);
void http_close(struct http *); /* ends the helper without calling sinks */

/* The value of the last header with this name, without surrounding blanks;
 * NULL: none.  *n is its length. */
const char *http_header(const char *headers, const char *name, size_t *n);
/* Is it a single "Name: value" without a line end? */
int http_header_valid(const char *line);
/* Are these lines valid for http_request.headers? */
int http_headers_valid(const char *headers);

#endif
