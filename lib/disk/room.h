/* room.h - who may take how much of the disk; private to lib/. */
#ifndef PC_ROOM_H
#define PC_ROOM_H

#include "pc.h"

enum { ROOM_PLACES = 496 };

/* What this process may write. */
struct room {
	int place;         /* of its own; -1: none yet */
	uint64_t taken;    /* bytes, of which */
	uint64_t used;     /* so many were written, or more */
	uint64_t borrowed; /* and so many are for files that replace others */
	unsigned char mine[ROOM_PLACES / 8]; /* places of its spools, too */
};

/* Is there room already that was taken for bytes more? */
int room_ready(const struct pc_store *, uint64_t bytes);
enum room_answer {
	ROOM_TAKEN,
	ROOM_NONE,      /* there is none */
	ROOM_UNCOUNTED, /* it is to be counted */
	ROOM_NEVER, /* there can be none, if what was counted last still holds
		     */
};

/* Take room for so many bytes more. */
int room_try(struct pc_store *, uint64_t bytes);
/* The same where no process counts yet, and this one need not. */
void room_take_uncounted(struct pc_store *, uint64_t bytes);
/* Of what was taken, this many bytes were written. */
void room_use(struct pc_store *, uint64_t bytes);
/* This many bytes were written, even if there was no room. */
void room_grow(struct pc_store *, uint64_t bytes);
/* Room for files that take the place of others, instead of what was borrowed
 * before.  1: there is none. */
int room_borrow(struct pc_store *, uint64_t bytes);
/* Count what all files take, and add what processes may still write. */
int room_count(struct pc_store *, uint64_t *sum);
/* Which shard is next to be evicted from; then have it be next, if it is
 * one. */
unsigned room_next(struct pc_store *, unsigned next);
void room_close(struct pc_store *);
/* A spool in the store has a place of its own (-1: not yet).  Have room for
 * bytes in all.  1: there is none. */
int room_spool(struct pc_store *, int *place, uint64_t bytes);
/* It is gone; stored bytes of it are a value's file now. */
void room_spool_end(struct pc_store *, int *place, uint64_t stored);

#endif
