/* team.h - pc-ocr's side of its helpers: a helper's process, the workers that
 * it forks, and their answers, which are checked. */
#ifndef TEAM_H
#define TEAM_H

#include "reader_protocol.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pc_run;

/* One helper's process, started when its first worker is wanted. */
struct team {
	char *const *argv;
	const char *password; /* for its environment, or NULL */
	pid_t pid;            /* 0: not started */
	int control;
	unsigned
	    started; /* times; a helper that keeps dying is not started again */
	unsigned answers;     /* its workers gave */
	unsigned hired;       /* workers */
	unsigned firsts;      /* answers that were a worker's first */
	int64_t first, later; /* us that those took, and the others */
	uint32_t peak_kib;    /* of its largest worker so far */
};

/* A worker's channel and the answer that is coming. */
struct worker {
	int fd; /* -1: none */
	struct page_answer head;
	unsigned char *payload;
	size_t have;      /* bytes of head and payload */
	unsigned pending; /* asks without an answer */
	unsigned answers;
	int64_t asked; /* pc_ticks(), of the first of those pending */
};

/* Start a worker.  document may be -1.  -1 with errno: it cannot be. */
int team_hire(struct team *, struct worker *, int document);
/* Did the helper itself end, with no answer ever?  Then it has said why. */
int team_refused(struct team *);
/* End the helper; all workers were dismissed. */
void team_end(struct team *);
/* What its workers were and did, for pc_run_add(). */
void team_account(const struct team *, struct pc_run *);

/* Send what is asked, and the pixels of an REQUEST_OCR.  -1: it is dead. */
int worker_send(struct worker *, const struct page_request *,
    const void *pixels);
/* Read what is there.  1: a whole answer, whose payload is the caller's once
 * he takes it (set it to NULL); 0: more is to come; -1: it died, or its
 * answer is invalid (EBADMSG). */
int worker_read(struct team *, struct worker *);
/* Make ready for the next answer. */
void worker_clear(struct worker *);
void worker_dismiss(struct worker *);

/* Is the head what a helper may answer?  Sets length right for an error. */
int page_answer_valid(struct page_answer *);

#endif
