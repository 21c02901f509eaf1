/* job.h - requests of the front end: their limits, attempts and redirects. */
#ifndef JOB_H
#define JOB_H

#include "http/http_protocol.h"

#include "pc.h"

#include <poll.h>

struct http_jobs;

struct job_options {
	int64_t connect_max; /* us */
	unsigned attempts, at_once, per_host;
	unsigned speed_min; /* bytes/s of a body, see transfer.h; 0: no limit */
	int64_t speed_time; /* us */
	int allow_private;  /* redirects may lead from public to private
			       addresses */
};

/* Answers are appended to out.  Its owner writes them, and calls jobs_drained
 * when there is room again; above OUT_FULL no more of a body is appended. NULL:
 * requests cannot be sent. */
enum { OUT_FULL = 1024 * 1024 };
struct http_jobs *jobs_open(const struct job_options *, struct pc_buf *out);
/* Start a job. rest are the bytes after the request's head, owned now.  -1: the
 * request is invalid. */
int jobs_take(struct http_jobs *, const struct http_ask *, unsigned char *rest);
void jobs_drained(struct http_jobs *);
/* Do what can be done without waiting. */
void jobs_step(struct http_jobs *);
/* Wait until there is something to do, or one of the descriptors is ready. */
void jobs_wait(struct http_jobs *, struct pollfd *, unsigned n);

#endif
