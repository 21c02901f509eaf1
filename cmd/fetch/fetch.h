/* fetch.h - what the files of pc-fetch share. */
#ifndef FETCH_H
#define FETCH_H

#include "cli/cli.h"
#include "cli/stage.h"
#include "http/http.h"

struct fetch_options {
	struct pc_buf
	    headers; /* header lines of every request; part of the key */
	struct pc_buf
	    secrets; /* secret header lines; only their names are in the key */
	const char *output; /* pattern of file names; NULL: none */
	uint64_t size_max;  /* bytes of a body */
	uint64_t value_max; /* bytes of a body that is stored */
	int64_t
	    stale; /* us after expiry that a result may be served; 0: never */
	unsigned redirects;
	int force_store;
};

/* ---- URLs (url.c) ---- */

/* The URL in the form that keys use: scheme and host in lower case, no
 * fragment, no default port.  Owned by the caller; NULL with the reason. */
char *url_normal(const char *, struct pc_error *why);
/* Find its host, and the last part of its path; both point into it. */
void url_parts(const char *url, const char **host, size_t *n_host,
    const char **base, size_t *n_base);

/* ---- headers of requests (headers.c) ---- */

/* Add the line of -H, which is part of the key. */
void headers_add(struct cli *, struct fetch_options *, const char *line);
/* Add the lines of a file that only its owner can read. */
void headers_read(struct cli *, struct fetch_options *, const char *path);

/* ---- what came of a URL (result.c) ---- */

enum result_state {
	RESULT_NEW,
	RESULT_ELSEWHERE, /* another process asks the server */
	RESULT_ASKED,
	RESULT_DONE,
};

enum result_how {
	HOW_FAILED,
	HOW_MISSED, /* --offline */
	HOW_HIT,
	HOW_RENEWED, /* the server says that it is unchanged */
	HOW_FETCHED,
	HOW_STALE, /* it is expired, and the server failed */
};

/* Items with the same URL share one. */
struct fetch_result {
	struct fetch *fetch;
	unsigned users;
	char *url;
	struct stage_entry entry; /* of the body in the store */
	struct pc_buf material;   /* of its key */
	enum result_state state;
	enum result_how how;
	int64_t took; /* us */
	int found;    /* entry.hit has a record, perhaps expired */
	struct pc_spool *body;
	/* "Name: value\n" lines that describe the body: Status, URL,
	 * Content-Type, ETag, Last-Modified; stored as the record's extra
	 * bytes. */
	struct pc_buf about;
	int status;           /* HTTP status; 0: there was no answer */
	int wanted, no_store; /* the body is wanted; it must not be stored */
	int whether;   /* the request asks whether the cached result changed */
	int unchanged; /* the cached result is unchanged */
	int later;     /* it failed; a later attempt may succeed */
	unsigned attempts;
	char error[512];
};

/* A URL of the command line or a list. */
struct item {
	struct item *next;
	char *given;
	uint64_t index;              /* from 1 */
	struct fetch_result *result; /* NULL: error says why */
	char error[512];
};

struct fetch {
	struct cli *cli;
	const struct fetch_options *o;
	struct http *http;
	void *results; /* by URL, of tsearch(3) */
	struct item *first, **last;
	unsigned items, elsewhere;
	uint64_t total; /* number of items; 0: unknown */
	uint64_t done, failed, later, missed;
};

/* Get the result of that URL, which items may share.  Owned by the caller;
 * NULL: ENOMEM. */
struct fetch_result *result_of(struct fetch *, char *url);
/* Do what needs no waiting: look it up, ask the server. */
void result_step(struct fetch_result *);
void result_leave(struct fetch_result *);

/* ---- its body (body.c) ---- */

uint64_t result_size(const struct fetch_result *);
void result_id(const struct fetch_result *, struct pc_id *);
/* The body when it is in memory, else NULL. */
const unsigned char *result_bytes(const struct fetch_result *);
/* Write the body.  -1: errno. */
int result_send(const struct fetch_result *, int out);
/* One line of about, or NULL. */
const char *result_about(const struct fetch_result *, const char *name,
    size_t *);

/* ---- asking (ask.c) ---- */

/* Ask the server; if it supports that, only whether the cached result
 * changed. */
void result_ask(struct fetch_result *);
int result_can_ask_whether(const struct fetch_result *);

/* ---- why it failed (failure.c) ---- */

/* Mark it as failed; later: a later attempt may succeed. */
void result_fail(struct fetch_result *, int later, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Mark it as failed because of an HTTP status. */
void result_fail_status(struct fetch_result *, int64_t retry_after);

/* ---- the store (keep.c) ---- */

/* Set up the entry, whose key is made. */
void keep_begin(struct fetch_result *);
/* Set about from the record found.  1: the record is invalid. */
int keep_about(struct fetch_result *, const struct pc_hit *);
/* Restart its time to live. */
void keep_renew(struct fetch_result *);
/* Store the body; if size is 0, store that there is none. */
void keep_put(struct fetch_result *, int64_t cost);
/* Record an event for a request that took that many us. */
void keep_event(struct fetch_result *, enum pc_event_kind, int64_t took);

/* ---- files (files.c) ---- */

void files_check(struct cli *, const char *pattern);
/* Write the body to the file of this item, whose name is appended to name,
 * with a NUL.  -1: item->error says why. */
int files_write(struct fetch *, struct item *, struct pc_buf *name);

/* ---- output (print.c) ---- */

/* Print a finished item. */
void print_item(struct fetch *, struct item *);

/* ---- all of them (batch.c) ---- */

/* Returns the exit status. */
int fetch_all(struct cli *, const struct fetch_options *,
    const struct http_options *, struct cli_names *);

#endif
