/* transfer_in.h - what the files of a transfer share; they alone use libcurl.
 */
#ifndef TRANSFER_IN_H
#define TRANSFER_IN_H

#include "transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>

struct transfer {
	struct transfer *next;
	struct transfers *all;
	CURL *easy;
	struct curl_slist *headers;
	void *ctx;
	const char *body;
	size_t body_len, body_at;
	int64_t began, idle_max, first_max;
	int answered;     /* a byte of the answer was received */
	int64_t last;     /* pc_ticks() of the last byte in either direction */
	int64_t moved;    /* bytes, as last seen */
	int64_t block_at; /* pc_ticks() when a block of headers began; 0: none
			     did */
	uint64_t raw;     /* bytes received after the headers */
	int64_t speed_at; /* pc_ticks() when the body had speed_from bytes; 0:
			     never */
	uint64_t speed_from;
	int paused, stopped;
	int public_only, public;
	char refused[INET6_ADDRSTRLEN]; /* an address that is not public */
	char error[CURL_ERROR_SIZE];
};

struct transfers {
	CURLM *multi;
	struct transfer *first;
	struct transfer_sinks sinks;
	struct transfer_options options;
	unsigned connections; /* open connections */
};

/* ---- request.c ---- */

/* Tell libcurl what to send and which functions to call.  -1: out of memory, or
 * libcurl refuses it. */
int transfer_prepare(struct transfer *, const struct transfer_ask *);

/* ---- pace.c ---- */

/* Is it too slow at now, pc_ticks()?  1: text says how. */
int transfer_overdue(struct transfer *, int64_t now, char text[TRANSFER_TEXT]);
/* us until it must be checked again; INT64_MAX: never. */
int64_t transfer_next_look(const struct transfer *, int64_t now);

/* ---- fault.c ---- */

/* Set fault, transient and text from the code that libcurl returned. */
void transfer_judge(const struct transfer *, CURLcode, struct transfer_end *);

#endif
