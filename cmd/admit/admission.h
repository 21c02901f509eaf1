/* admission.h - does a stage fit into memory, and with how many workers? */
#ifndef MEMORY_ADMISSION_H
#define MEMORY_ADMISSION_H

#include "cli/cli.h"
#include "machine.h"

struct admission {
	int known; /* what the stage needs, and what there is */
	struct machine host;
	uint64_t available; /* bytes to be used: memory.critical is kept */
	uint64_t fixed;     /* bytes, however many workers there are */
	uint64_t worker;    /* bytes of one, at most of late */
	unsigned workers;   /* that fit, at most as many as were asked for */
	double each; /* us that one page took in one worker; 0: not known */
};

/* Ask for most workers.  What is not known is admitted. */
void admission_ask(struct cli *, const char *stage, unsigned most,
    struct admission *);
/* The same when peak bytes of one worker are known from elsewhere. */
void admission_of(struct cli *, uint64_t worker, unsigned most,
    struct admission *);
/* Why not even one fits, and what to do. */
void admission_refusal(const struct cli *, const char *stage,
    const struct admission *, struct pc_error *);

#endif
