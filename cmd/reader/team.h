/* team.h - pc-ocr's side of its helpers: a helper's process, the workers that
 * it forks, and their answers, which are checked. */
#ifndef TEAM_H
#define TEAM_H

#include "reader_protocol.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pc_run;

/* A helper's process, started when its first worker is needed. */
struct team {
	char *const *argv;
	/* If it is set, there is no helper: each worker is a fork of this
	 * process, which runs it with its channel and its document (-1: none),
	 * and ends. */
	void (*serve)(const void *ctx, int channel, int document);
	const void *ctx;
	const char *password; /* passed in its environment, or NULL */
	pid_t pid;            /* 0: not started */
	int control;
	unsigned
	    started; /* times; a helper that keeps dying is not started again */
	unsigned answers;     /* from its workers */
	unsigned hired;       /* workers */
	unsigned firsts;      /* answers that were the first of a worker */
	int64_t first, later; /* us that those took, and that the others took */
	uint32_t peak_kib;    /* of its largest worker so far */
};

/* A worker's channel, and the answer that is being received. */
struct worker {
	int fd; /* -1: none */
	struct page_answer head;
	unsigned char *payload;
	size_t have;      /* bytes received of head and payload */
	unsigned pending; /* requests without an answer */
	unsigned answers;
	int64_t asked; /* pc_ticks() of the oldest pending request */
};

/* Start a worker.  document may be -1.  -1 with errno. */
int team_hire(struct team *, struct worker *, int document);
/* Did the helper itself end without any answer?  Then it has printed why. */
int team_refused(struct team *);
/* End the helper, after all workers were dismissed. */
void team_end(struct team *);
/* Report its workers and their work, for pc_run_add(). */
void team_account(const struct team *, struct pc_run *);

/* Send a request, with the bytes that follow some kinds.  -1: the
 * worker is dead. */
int worker_send(struct worker *, const struct page_request *,
    const void *pixels);
/* Read what has arrived.  1: the answer is complete, and the caller may take
 * its payload (then set it to NULL); 0: more will follow; -1: the worker died,
 * or its answer is invalid (EBADMSG). */
int worker_read(struct team *, struct worker *);
/* Prepare for the next answer. */
void worker_clear(struct worker *);
void worker_dismiss(struct worker *);

/* Is this a valid head of an answer?  Corrects length for an error. */
int page_answer_valid(struct page_answer *);

#endif
