/* job_in.h - what the files of a job share. */
#ifndef JOB_IN_H
#define JOB_IN_H

#include "host.h"
#include "job.h"
#include "transfer.h"

struct job {
	struct job *next;
	struct jobs *all;
	struct http_ask ask;
	unsigned char *rest; /* what the next four point into; owned */
	const char *method, *headers, *secrets;
	const unsigned char *body;
	char *url;          /* that is asked now */
	struct host *host;  /* of it */
	int secret_host;    /* the secrets are for it */
	unsigned redirects; /* followed */
	unsigned attempts;
	int64_t due;      /* pc_ticks(): not before */
	int64_t deadline; /* pc_ticks(): it ends before; 0: not started */
	int64_t paused;   /* since when; 0: it is not */
	uint64_t besides; /* bytes of headers, chunks, trailers and bodies
			   * that are not passed on, of all attempts */
	int from_public;  /* a public address has redirected it */
	struct transfer *transfer; /* NULL: it waits */
	int told;                  /* the front end has a head */

	/* of the answer that comes */
	int status;          /* 0: no status line yet */
	struct pc_buf lines; /* of headers */
	enum { HEADERS, HOLD, SKIP, PASS } body_goes;
	struct pc_buf held;
	uint64_t got;
	enum http_fault stopped; /* why this stopped it, HTTP_OK: it did not */
	const char *why;
};

struct jobs {
	struct job_options options;
	struct transfers *transfers;
	struct pc_buf *out;
	struct job *first, **last;
	struct host *hosts;
	unsigned active;
	int full; /* of out: something paused */
};

/* ---- reply.c ---- */

/* Tell the front end: the head of the answer, a part of its body, that what was
 * told is void because the request is sent again. */
void reply_head(struct jobs *, struct job *);
void reply_data(struct jobs *, struct job *, const unsigned char *, size_t);
void reply_again(struct jobs *, struct job *);
/* Tell it how the job ended, and free the job. */
void reply_end(struct jobs *, struct job *, const struct transfer_end *,
    int64_t retry_after);
void reply_failure(struct jobs *, struct job *, enum http_fault,
    const char *text);

/* ---- receive.c ---- */

/* Be ready for another answer. */
void answer_forget(struct job *);
/* Stop the transfer because of that. */
enum transfer_go answer_stop(struct job *, enum http_fault, const char *why);
/* Is what came, with so many bytes of framing, more than the limits allow? */
int answer_over_limit(const struct job *, uint64_t framing);
const char *answer_why_over(const struct job *);
/* For struct transfer_sinks. */
enum transfer_go answer_line(void *job, const char *, size_t);
enum transfer_go answer_data(void *job, const void *, size_t);

/* ---- follow.c ---- */

/* For struct transfer_sinks: retry, redirect or end. */
void answer_end(void *job, const struct transfer_end *);

#endif
