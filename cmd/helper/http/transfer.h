/* transfer.h - exchanges with servers: a request and its answer each.  libcurl
 * is behind it. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "http/http.h"

#include <poll.h>

enum { TRANSFER_TEXT = 256 };

struct transfers; /* all transfers and connections */
struct transfer;  /* one transfer */

struct transfer_ask {
	const char *method, *url;
	const char *headers[2]; /* "Name: value\n" lines, or NULL */
	const void *body;       /* must stay valid; all else need not */
	size_t body_len;
	int64_t idle_max, first_max; /* us */
	int public_only; /* connect only to public addresses, see address.h */
};

struct transfer_end {
	enum http_fault fault;
	char text[TRANSFER_TEXT];
	int transient;      /* a retry may succeed */
	int64_t first_byte; /* us; -1: none came */
	int reused;
	int public;       /* the server's address is public */
	uint64_t framing; /* as transfer_framing() */
};

enum transfer_go { TRANSFER_GO, TRANSFER_PAUSE, TRANSFER_STOP };

struct transfer_sinks {
	/* A header line as received; also the status line, and the empty line
	 * at the end. */
	enum transfer_go (*line)(void *ctx, const char *, size_t);
	/* TRANSFER_PAUSE: the data was not taken, and is delivered again. */
	enum transfer_go (*data)(void *ctx, const void *, size_t);
	void (*end)(void *ctx, const struct transfer_end *);
};

struct transfer_options {
	unsigned at_once;
	int64_t connect_max; /* us */
	/* The fewest bytes/s that a body may bring in each period of speed_time
	 * us after its first byte; 0: no limit. */
	unsigned speed_min;
	int64_t speed_time;
};

/* NULL: libcurl cannot be used. */
struct transfers *transfers_open(const struct transfer_options *,
    const struct transfer_sinks *);
struct transfer *transfer_start(struct transfers *, const struct transfer_ask *,
    void *ctx);
/* Bytes received after the headers that are not part of the body: chunk sizes
 * and extensions, trailers. */
uint64_t transfer_framing(const struct transfer *);
/* Stop it; no sink is called any more. */
void transfer_drop(struct transfers *, struct transfer *);
/* The number of idle connections; it may be too small while one HTTP/2
 * connection carries several transfers. */
unsigned transfers_idle(const struct transfers *);
/* Resume the paused transfers. */
void transfers_resume(struct transfers *);
/* Advance all transfers as far as possible, and call the sinks. */
void transfers_step(struct transfers *);
/* Wait at most us (-1: for ever) for the transfers or these descriptors. */
void transfers_wait(struct transfers *, struct pollfd *, unsigned n,
    int64_t us);

#endif
