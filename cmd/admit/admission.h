/* admission.h - does a stage fit into memory, and with how many workers? */
#ifndef MEMORY_ADMISSION_H
#define MEMORY_ADMISSION_H

#include "cli/cli.h"
#include "machine.h"

struct admission {
	int known; /* the stage's needs and the machine's memory are known */
	struct machine host;
	uint64_t available; /* bytes that may be used below memory.critical */
	uint64_t fixed;     /* bytes, independent of the number of workers */
	uint64_t worker;    /* bytes of one worker, the most of the newest
			     * runs */
	unsigned workers;   /* that fit, at most as many as requested */
	double each;        /* us per page in one worker; 0: unknown */
};

/* Ask for up to most workers.  What is unknown is admitted. */
void admission_ask(struct cli *, const char *stage, unsigned most,
    struct admission *);
/* The same if the peak of one worker (bytes) is known from elsewhere. */
void admission_of(struct cli *, uint64_t worker, unsigned most,
    struct admission *);
/* Write why not even one worker fits, and what to do. */
void admission_refusal(const struct cli *, const char *stage,
    const struct admission *, struct pc_error *);

#endif
