/* state.h - the state file: a header, and a slot a shard; private to lib/. */
#ifndef PC_STATE_H
#define PC_STATE_H

#include "pc.h"

enum {
	STATE_FORMAT = 1,  /* of stores */
	STATE_HEADER = 64, /* bytes */
	STATE_SLOT = 64,
	STATE_CHECK = 56, /* where the check of either begins */
	/* Then comes what area.c keeps. */
	STATE_BYTES = STATE_HEADER + PC_SHARDS * STATE_SLOT,
	LOG_ID = 16, /* random bytes that name one log */
};

/* A shard's slot in the state file. */
struct slot {
	uint64_t boot;       /* of the machine, when it was written */
	uint64_t log_end;    /* the index knows the records before it */
	uint64_t seq;        /* changes with every change of the index */
	uint64_t generation; /* changes when the log is another file; 0: it is
			      * being replaced, or not known */
	uint32_t dirty;      /* the index was being changed */
	uint32_t synced;     /* enum synced */
	unsigned char log_id[LOG_ID];
};

enum synced {
	TO_BE_SYNCED = 1, /* a put was promised to be on the disk, */
	SYNCED = 2,       /* and the slot that says so is there */
};

enum { SLOT_READ = 0, SLOT_UNUSED = 1 /* the shard was never used */ };

/* -1: the slot is unreadable or damaged (EBADMSG), as an empty one of a shard
 * that has a log is, or the store is refused (EPERM). */
int state_read(struct pc_store *, unsigned shard, struct slot *);
int state_write(struct pc_store *, unsigned shard, const struct slot *);
/* The shard was never used, says its slot from now on. */
int state_clear(struct pc_store *, unsigned shard);
/* A slot's bytes, and those that the file begins with. */
void state_encode(const struct slot *, unsigned shard,
    unsigned char p[STATE_SLOT]);
void state_header(unsigned char p[STATE_HEADER]);
/* The format that a header names; 0: it is damaged, or no header. */
long state_format(const unsigned char p[STATE_HEADER]);

#endif
