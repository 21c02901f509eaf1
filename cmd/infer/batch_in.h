/* batch_in.h - what the files of a batch share. */
#ifndef INFER_BATCH_IN_H
#define INFER_BATCH_IN_H

#include "batch.h"

struct batch {
	struct infer *in;
	struct source *source;
	struct job *first, **last;
	size_t count, bytes, asked, elsewhere, followers;
	uint64_t total, done, failed, cut, later, missed;
	int cut_off; /* no more are started */
	int told_stop;
};

/* ---- batch.c ---- */

/* Is the run to end? */
static inline int
batch_stopped(const struct batch *b)
{
	return b->in->stop && *b->in->stop;
}

/* Make its key; one that cannot be made is a failure. */
void batch_key(struct batch *, struct job *);
/* Look its answer up and take it.  1: it is not there. */
int batch_find(struct batch *, struct job *);
/* Take the answer that a look found. */
void batch_take_hit(struct batch *, struct job *);
/* It is done, well or not. */
void batch_finish(struct batch *, struct job *);

/* ---- batch_ask.c ---- */

/* Find out which model is meant.  Not 0: the exit status, after a message. */
int batch_find_model(struct batch *);

/* Ask it, unless another process does (JOB_ELSEWHERE), or its answer is there
 * by now. */
void batch_start(struct batch *, struct job *);
/* The answer is there, or there will be none. */
void batch_take(struct batch *, struct job *);

#endif
