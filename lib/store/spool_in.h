/* spool_in.h - the parts of a spool; private to spool*.c. */
#ifndef PC_SPOOL_IN_H
#define PC_SPOOL_IN_H

#include "spool.h"

struct pc_spool {
	struct pc_store *store; /* or NULL */
	int in_store;           /* its file is, or will be, in the store */
	int place;              /* its place (room.c); -1: none */
	uint64_t room;          /* bytes reserved */
	int fd; /* -1: all is in bytes; else bytes follow those of the file */
	uint64_t size;
	struct pc_sha256 hash;
	size_t hashed; /* how many of bytes are in hash */
	struct pc_buf bytes;
};

/* ---- spool_file.c ---- */

/* Create an unnamed file, in the store if one is given and this is possible, so
 * that it need not be copied later. */
int spool_unnamed_file(struct pc_store *);

/* ---- spool_store.c ---- */

/* Reserve room for n more bytes.  If the store has no room, the spool continues
 * in a file elsewhere.  -1 with errno; EMSGSIZE: the value is larger than the
 * store's cap. */
int spool_take_room(struct pc_spool *, size_t n);
/* Give the reserved room back, except for the bytes that are stored. */
void spool_end_place(struct pc_spool *, uint64_t stored);

#endif
