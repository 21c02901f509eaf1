/* job_in.h - what the files of a job share. */
#ifndef JOB_IN_H
#define JOB_IN_H

#include "host.h"
#include "job.h"
#include "transfer.h"

struct http_job {
	struct http_job *next;
	struct http_jobs *all;
	struct http_ask ask;
	unsigned char *rest; /* the next four point into it; owned */
	const char *method, *headers, *secrets;
	const unsigned char *body;
	char *url;              /* of the current request */
	struct http_host *host; /* of that URL */
	int secret_host;        /* the secrets may be sent to it */
	unsigned redirects;     /* followed */
	unsigned attempts;
	int64_t due;      /* pc_ticks(); it does not start before */
	int64_t deadline; /* pc_ticks(); it is ended then; 0: not started */
	int64_t paused;   /* pc_ticks() when it was paused; 0: it is not */
	uint64_t besides; /* bytes of headers, chunks, trailers and bodies that
			     are not passed on, in all attempts */
	int from_public;  /* a public address redirected to this URL */
	struct transfer *transfer; /* NULL: it waits for its turn */
	int told;                  /* the front end has received the head */

	/* of the current answer */
	int status;          /* 0: no status line yet */
	struct pc_buf lines; /* header lines */
	enum { HEADERS, HOLD, SKIP, PASS } body_goes;
	struct pc_buf held;
	uint64_t got;
	enum http_fault
	    stopped; /* why this file's code stopped it; HTTP_OK: it did not */
	const char *why;
};

struct http_jobs {
	struct job_options options;
	struct transfers *transfers;
	struct pc_buf *out;
	struct http_job *first, **last;
	struct http_host *hosts;
	unsigned active;
	int full; /* out is full, and a transfer is paused */
};

/* ---- reply.c ---- */

/* Send to the front end: the head of the answer; a part of its body; that all
 * of this is void because the request is sent again. */
void reply_head(struct http_jobs *, struct http_job *);
void reply_data(struct http_jobs *, struct http_job *, const unsigned char *,
    size_t);
void reply_again(struct http_jobs *, struct http_job *);
/* Send how the job ended, and free the job. */
void reply_end(struct http_jobs *, struct http_job *,
    const struct transfer_end *, int64_t retry_after);
void reply_failure(struct http_jobs *, struct http_job *, enum http_fault,
    const char *text);

/* ---- receive.c ---- */

/* Prepare for another answer. */
void answer_forget(struct http_job *);
/* Stop the transfer for this reason. */
enum transfer_go answer_stop(struct http_job *, enum http_fault,
    const char *why);
/* Do the bytes received, with that many bytes of framing, exceed the limits? */
int answer_over_limit(const struct http_job *, uint64_t framing);
const char *answer_why_over(const struct http_job *);
/* For struct transfer_sinks. */
enum transfer_go answer_line(void *job, const char *, size_t);
enum transfer_go answer_data(void *job, const void *, size_t);

/* ---- follow.c ---- */

/* For struct transfer_sinks: retry, redirect or end. */
void answer_end(void *job, const struct transfer_end *);

#endif
