/* fetch.h - what the files of pc-fetch share. */
#ifndef FETCH_H
#define FETCH_H

#include "cli/cli.h"
#include "cli/stage.h"
#include "http/http.h"

struct fetch_options {
	struct pc_buf headers; /* lines for every request; part of the key */
	struct pc_buf secrets; /* more of them; only their names are */
	const char *output;    /* pattern of files; NULL: none */
	uint64_t size_max;     /* of a body */
	uint64_t value_max;    /* of one that is stored */
	int64_t stale;         /* us after it expired; 0: never */
	unsigned redirects;
	int force_store;
};

/* ---- URLs (url.c) ---- */

/* The URL in the one form that is in keys: scheme and host in lower case, no
 * fragment, no port that is the scheme's own.  Owned; NULL with why. */
char *url_normal(const char *, struct pc_error *why);
/* Its host, and the last part of its path, as pieces of it. */
void url_parts(const char *url, const char **host, size_t *n_host,
    const char **base, size_t *n_base);

/* ---- headers of requests (headers.c) ---- */

/* Take -H's line, which is part of the key. */
void headers_add(struct cli *, struct fetch_options *, const char *line);
/* Take the lines of a file that is its owner's alone. */
void headers_read(struct cli *, struct fetch_options *, const char *path);

/* ---- what came of a URL (result.c) ---- */

enum result_state {
	RESULT_NEW,
	RESULT_ELSEWHERE, /* another process asks */
	RESULT_ASKED,
	RESULT_DONE,
};

enum result_how {
	HOW_FAILED,
	HOW_MISSED, /* --offline */
	HOW_HIT,
	HOW_RENEWED, /* it is as it was, says the server */
	HOW_FETCHED,
	HOW_STALE, /* it has expired; the server failed */
};

/* All who give the same URL at the same time share one. */
struct result {
	struct fetch *fetch;
	unsigned users;
	char *url;
	struct stage_entry entry; /* of the body in the store */
	struct pc_buf material;   /* of its key */
	enum result_state state;
	enum result_how how;
	int64_t took; /* us */
	int found;    /* entry.hit is there, perhaps expired */
	struct pc_spool *body;
	/* "Name: value\n" lines of what is said of the body: Status, URL,
	 * Content-Type, ETag, Last-Modified; as in the record's extra. */
	struct pc_buf about;
	int status;           /* of HTTP; 0: it never came to that */
	int wanted, no_store; /* the body is; and must not be kept */
	int whether;          /* it is asked whether what was found changed */
	int unchanged;        /* it has not */
	int later;            /* it failed, and may not the next time */
	unsigned attempts;
	char error[512];
};

/* A URL as it was given. */
struct item {
	struct item *next;
	char *given;
	uint64_t index;        /* from 1 */
	struct result *result; /* NULL: error says why */
	char error[512];
};

struct fetch {
	struct cli *cli;
	const struct fetch_options *o;
	struct http *http;
	void *results; /* by URL, of tsearch(3) */
	struct item *first, **last;
	unsigned items, elsewhere;
	uint64_t total; /* items there will be; 0: not known */
	uint64_t done, failed, later, missed;
};

/* The result of that URL, owned now, which it may share.  NULL: out of
 * memory. */
struct result *result_of(struct fetch *, char *url);
/* Do what can be done without waiting: look it up, ask the server. */
void result_step(struct result *);
void result_leave(struct result *);

/* ---- its body (body.c) ---- */

uint64_t result_size(const struct result *);
void result_id(const struct result *, struct pc_id *);
/* The body when it is in memory, else NULL. */
const unsigned char *result_bytes(const struct result *);
/* Write the body.  -1: errno. */
int result_send(const struct result *, int out);
/* One line of about, or NULL. */
const char *result_about(const struct result *, const char *name, size_t *);

/* ---- asking (ask.c) ---- */

/* Ask the server, or if it can tell, whether what was found has changed. */
void result_ask(struct result *);
int result_can_ask_whether(const struct result *);

/* ---- why it failed (failure.c) ---- */

/* It failed; later: perhaps not the next time. */
void result_fail(struct result *, int later, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* By a status, in words. */
void result_fail_status(struct result *, int64_t retry_after);

/* ---- the store (keep.c) ---- */

/* Set up the entry, whose key is made. */
void keep_begin(struct result *);
/* Let about be what the record found says.  1: it makes no sense. */
int keep_about(struct result *, const struct pc_hit *);
/* Restart its time to live. */
void keep_renew(struct result *);
/* Store the body, or with size 0 that there is none. */
void keep_put(struct result *, int64_t cost);
/* Count what happened to a request that took that many us. */
void keep_event(struct result *, enum pc_event_kind, int64_t took);

/* ---- files (files.c) ---- */

void files_check(struct cli *, const char *pattern);
/* Write the body to the file of this item, whose name is appended to name,
 * with a NUL.  -1: item->error says why. */
int files_write(struct fetch *, struct item *, struct pc_buf *name);

/* ---- output (print.c) ---- */

/* Print the item, which is done. */
void print_item(struct fetch *, struct item *);

/* ---- all of them (batch.c) ---- */

/* Returns the exit status. */
int fetch_all(struct cli *, const struct fetch_options *,
    const struct http_options *, struct cli_names *);

#endif
