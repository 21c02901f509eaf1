/* job.h - requests of the front end: their limits, attempts and redirects. */
#ifndef JOB_H
#define JOB_H

#include "http/http_protocol.h"

#include "pc.h"

#include <poll.h>

struct jobs;

struct job_options {
	int64_t connect_max; /* us */
	unsigned attempts, at_once, per_host;
	unsigned speed_min; /* bytes/s of a body, see transfer.h; 0: any */
	int64_t speed_time; /* us */
	int allow_private;  /* redirects may lead from public addresses to
			     * others */
};

/* Answers go to out, whose owner writes them and says by jobs_drained that
 * there is room again; above OUT_FULL no more of a body is put there.  NULL:
 * they cannot be done. */
enum { OUT_FULL = 1024 * 1024 };
struct jobs *jobs_open(const struct job_options *, struct pc_buf *out);
/* Take what is asked.  rest are the bytes that follow, owned now.  -1: it
 * makes no sense. */
int jobs_take(struct jobs *, const struct http_ask *, unsigned char *rest);
void jobs_drained(struct jobs *);
/* Do what can be done now. */
void jobs_step(struct jobs *);
/* Wait until there is something to do or for these descriptors. */
void jobs_wait(struct jobs *, struct pollfd *, unsigned n);

#endif
