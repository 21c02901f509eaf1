/* transfer.h - exchanges with servers: a request and its answer each.  libcurl
 * is behind it. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "http/http.h"

#include <poll.h>

enum { TRANSFER_TEXT = 256 };

struct transfers; /* all of them, and the connections */
struct transfer;  /* one that goes on */

struct transfer_ask {
	const char *method, *url;
	const char *headers[2]; /* "Name: value\n" lines, or NULL */
	const void *body;       /* must stay, as the rest need not */
	size_t body_len;
	int64_t idle_max, first_max; /* us */
	int public_only; /* connect to no other address, see address.h */
};

struct transfer_end {
	enum http_fault fault;
	char text[TRANSFER_TEXT];
	int transient;      /* it may go better next time */
	int64_t first_byte; /* us; -1: none came */
	int reused;
	int public;       /* the address that was connected to is */
	uint64_t framing; /* as transfer_framing() */
};

enum transfer_go { TRANSFER_GO, TRANSFER_PAUSE, TRANSFER_STOP };

struct transfer_sinks {
	/* A line of the headers as it came, the status line too and the empty
	 * one at their end. */
	enum transfer_go (*line)(void *ctx, const char *, size_t);
	/* TRANSFER_PAUSE: it was not taken, and comes again. */
	enum transfer_go (*data)(void *ctx, const void *, size_t);
	void (*end)(void *ctx, const struct transfer_end *);
};

struct transfer_options {
	unsigned at_once;
	int64_t connect_max; /* us */
	/* The least that a body brings in each speed_time us after its first
	 * byte, bytes a second; 0: no bound. */
	unsigned speed_min;
	int64_t speed_time;
};

/* NULL: it cannot be used. */
struct transfers *transfers_open(const struct transfer_options *,
    const struct transfer_sinks *);
struct transfer *transfer_start(struct transfers *, const struct transfer_ask *,
    void *ctx);
/* Bytes that came after the headers and are not of the body: sizes and
 * extensions of chunks, trailers. */
uint64_t transfer_framing(const struct transfer *);
/* No sink is called any more. */
void transfer_drop(struct transfers *, struct transfer *);
/* Connections that are open and carry nothing; while one of HTTP/2 carries
 * several, maybe fewer than there are. */
unsigned transfers_idle(const struct transfers *);
/* Those that paused go on. */
void transfers_resume(struct transfers *);
/* Move all of them as far as they can go, and call the sinks. */
void transfers_step(struct transfers *);
/* Wait at most us (-1: for ever) for them or these descriptors. */
void transfers_wait(struct transfers *, struct pollfd *, unsigned n,
    int64_t us);

#endif
