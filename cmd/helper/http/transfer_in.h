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
	int answered;     /* a byte of the answer came */
	int64_t last;     /* when a byte came or went */
	int64_t moved;    /* bytes, as last seen */
	int64_t block_at; /* when a block of headers began; 0: none has */
	uint64_t raw;     /* bytes that came after the headers */
	int64_t speed_at; /* when the body had speed_from bytes; 0: never */
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
	unsigned connections; /* that are open */
};

/* ---- request.c ---- */

/* Tell libcurl what to send and whom to call.  -1: out of memory, or libcurl
 * refuses it. */
int transfer_prepare(struct transfer *, const struct transfer_ask *);

/* ---- pace.c ---- */

/* Is it too slow at now, pc_ticks()?  1: text says how. */
int transfer_overdue(struct transfer *, int64_t now, char text[TRANSFER_TEXT]);
/* us until it has to be looked at; INT64_MAX: not at all. */
int64_t transfer_next_look(const struct transfer *, int64_t now);

/* ---- fault.c ---- */

/* Fill fault, transient and text for the code that libcurl ended it with. */
void transfer_judge(const struct transfer *, CURLcode, struct transfer_end *);

#endif
