/* state.h - the state file: a header and a slot for each shard; private to
 * lib/. */
#ifndef PC_STATE_H
#define PC_STATE_H

#include "pc.h"

enum {
	STATE_FORMAT = 1,  /* of the store */
	STATE_HEADER = 64, /* bytes */
	STATE_SLOT = 64,
	STATE_CHECK = 56, /* offset of the check in a header or slot */
	/* The area of area.c follows at this offset. */
	STATE_BYTES = STATE_HEADER + PC_SHARDS * STATE_SLOT,
	LOG_ID = 16, /* bytes; a random number that identifies a log */
};

/* A shard's slot in the state file. */
struct slot {
	uint64_t boot;       /* number of the boot that it was written in */
	uint64_t log_end;    /* the index has the records before this offset */
	uint64_t seq;        /* changes with every change of the index */
	uint64_t generation; /* changes when the log is replaced; 0: it is being
			      * replaced, or not known */
	uint32_t dirty;      /* a change of the index was begun */
	uint32_t synced;     /* enum synced */
	unsigned char log_id[LOG_ID];
};

enum synced {
	TO_BE_SYNCED = 1, /* a put was promised to survive a power loss, */
	SYNCED = 2,       /* and the slot that notes it is on the disk */
};

enum { SLOT_READ = 0, SLOT_UNUSED = 1 /* the shard was never used */ };

/* -1: the slot is unreadable or damaged (EBADMSG), or the store is refused
 * (EPERM).  An empty slot of a shard that has a log is damaged too. */
int state_read(struct pc_store *, unsigned shard, struct slot *);
int state_write(struct pc_store *, unsigned shard, const struct slot *);
/* Make the slot that of a shard that was never used. */
int state_clear(struct pc_store *, unsigned shard);
/* Encode a slot, and the header at the beginning of the file. */
void state_encode(const struct slot *, unsigned shard,
    unsigned char p[STATE_SLOT]);
void state_header(unsigned char p[STATE_HEADER]);
/* The format number in a header; 0: it is damaged or not a header. */
long state_format(const unsigned char p[STATE_HEADER]);

#endif
