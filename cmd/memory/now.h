/* now.h - the memory in use now, and its formats. */
#ifndef MEMORY_NOW_H
#define MEMORY_NOW_H

#include "memory.h"

struct now {
	int known; /* the machine's figures could be read */
	struct machine host;
	struct gpus gpus;
	struct servers *servers;
	struct models models;
	struct pc_buf out;
};

/* Each appends to out. */
void now_text(struct now *);
void now_json(struct now *);
void now_prometheus(struct now *);

#endif
