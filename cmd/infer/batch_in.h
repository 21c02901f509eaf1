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

/* Is the run to end? */
static inline int
batch_stopped(const struct batch *b)
{
	return b->in->stop && *b->in->stop;
}

/* ---- batch_find.c ---- */

/* Look up its answer and take it.  1: a miss. */
int batch_find(struct batch *, struct job *);
/* Take the answer that a look found. */
void batch_take_hit(struct batch *, struct job *);
/* Count it as done, successful or not. */
void batch_finish(struct batch *, struct job *);
/* Count what it holds now. */
void batch_weigh(struct batch *, struct job *);

/* ---- batch_ask.c ---- */

/* Set the model.  The exit status, not 0 after a message. */
int batch_find_model(struct batch *);
/* Ask the question, unless another process does so (JOB_ELSEWHERE) or has
 * stored the answer meanwhile. */
void batch_start(struct batch *, struct job *);
/* Send the question; retry is NULL, or what was wrong with the answer in
 * job->text. */
void batch_ask(struct batch *, struct job *, const char *retry);

/* ---- batch_take.c ---- */

/* Take the answer of a request that has ended. */
void batch_take(struct batch *, struct job *);

#endif
