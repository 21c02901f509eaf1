/* room.h - who may take how much of the disk; private to lib/. */
#ifndef PC_ROOM_H
#define PC_ROOM_H

#include "pc.h"

enum { ROOM_PLACES = 496 };

/* What this process may write. */
struct room {
	int place;         /* its place; -1: none yet */
	uint64_t taken;    /* bytes reserved */
	uint64_t used;     /* bytes of these that were written, or more */
	uint64_t borrowed; /* bytes for files that replace others */
	unsigned char mine[ROOM_PLACES / 8]; /* its places, also of spools */
};

/* Does the reserve have room for bytes? */
int room_ready(const struct pc_store *, uint64_t bytes);
enum room_answer {
	ROOM_TAKEN,
	ROOM_NONE,      /* nothing is free */
	ROOM_UNCOUNTED, /* the files must be counted first */
	ROOM_NEVER,     /* evicting cannot help, by the last count */
};

/* Reserve room for bytes. */
int room_try(struct pc_store *, uint64_t bytes);
/* Reserve room in a store without a cap, whose files were not counted yet. */
void room_take_uncounted(struct pc_store *, uint64_t bytes);
/* Note that bytes of the reserve were written. */
void room_use(struct pc_store *, uint64_t bytes);
/* Note that bytes were written without a reserve. */
void room_grow(struct pc_store *, uint64_t bytes);
/* Reserve room for files that replace others; this replaces an earlier such
 * reserve.  1: there is not enough room. */
int room_borrow(struct pc_store *, uint64_t bytes);
/* Count what all files take, and add what processes may still write. */
int room_count(struct pc_store *, uint64_t *sum);
/* Return the shard to evict from next, and replace it by next, unless that is
 * PC_SHARDS. */
unsigned room_next(struct pc_store *, unsigned next);
void room_close(struct pc_store *);
/* Reserve room for bytes in all for a spool in the store, which has its own
 * place (-1: not yet).  1: there is not enough room. */
int room_spool(struct pc_store *, int *place, uint64_t bytes);
/* Free the place of a spool; stored bytes of it were kept as a value's file. */
void room_spool_end(struct pc_store *, int *place, uint64_t stored);

#endif
