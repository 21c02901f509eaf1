/* embed_run.h - pc-infer --embed: a run that prints vectors of texts. */
#ifndef INFER_EMBED_RUN_H
#define INFER_EMBED_RUN_H

#include "infer/infer.h"

struct embed_options {
	int64_t dimensions; /* 0: the model's */
	int binary;
	const char *field; /* the member of a record; default "text" */
};

/* Print the vector of each text of the list.  The exit status. */
int embed_run(struct infer *, const struct embed_options *);

#endif
