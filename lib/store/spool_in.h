/* spool_in.h - what is in a spool; private to spool*.c. */
#ifndef PC_SPOOL_IN_H
#define PC_SPOOL_IN_H

#include "spool.h"

struct pc_spool {
	struct pc_store *store; /* or NULL */
	int in_store;           /* its file will be, or is */
	int place;              /* there (room.c); -1: none */
	uint64_t room;          /* bytes that it may have */
	int fd; /* -1: all is in bytes; else they are what came after it */
	uint64_t size;
	struct pc_sha256 hash;
	size_t hashed; /* of bytes */
	struct pc_buf bytes;
};

/* ---- spool_file.c ---- */

/* An unnamed file, in the store if one is given and it can be, so that it need
 * not be copied later. */
int spool_unnamed_file(struct pc_store *);

/* ---- spool_store.c ---- */

/* Take room for n bytes more: in the store as long as it has some, else the
 * spool goes on in a file elsewhere.  -1 with errno, EMSGSIZE: the store can
 * never hold so many. */
int spool_take_room(struct pc_spool *, size_t n);
/* Give the room back, but for the bytes that are stored. */
void spool_end_place(struct pc_spool *, uint64_t stored);

#endif
