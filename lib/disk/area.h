/* area.h - what the state file says of the disk; private to lib/disk/. */
#ifndef PC_AREA_H
#define PC_AREA_H

#include "pc.h"

/* An area's bytes, and where in them is what. */
enum {
	AREA = 4032,       /* with the slots it fills two pages */
	AREA_USED = 0,     /* bytes on the disk */
	AREA_ADDED = 8,    /* bytes that were ever added to it */
	AREA_COUNTED = 16, /* what that was when it was counted */
	AREA_FIXED = 24,   /* of the bytes, those that cannot be evicted */
	AREA_BOOT = 32,
	AREA_NEXT = 40, /* the shard that is next to be evicted from */
	AREA_CHECK = 56,
	AREA_PLACES = 64,
};

/* A place has the bytes that its process may write, and what it is. */
#define PLACE_USED (UINT64_C(1) << 63)
#define PLACE_SPOOL (UINT64_C(1) << 62)
#define PLACE_BYTES ((UINT64_C(1) << 62) - 1)

/* Take the lock and read.  0; 1: the area is not valid; -1: no lock is held. */
int area_enter(struct pc_store *, unsigned char p[AREA]);
/* Write it, if it was changed, and let go. */
int area_leave(struct pc_store *, unsigned char p[AREA], int changed);
void area_add(unsigned char *p, uint64_t bytes); /* to one of its numbers */
/* Bytes that all files take and places promise; and places of spools alone. */
uint64_t area_total(const unsigned char *p);
uint64_t area_spooled(const unsigned char *p);
uint64_t area_place(const unsigned char *p, unsigned i);
void area_set_place(unsigned char *p, unsigned i, uint64_t value);
/* A free place, from now on this process's; -1: there is none. */
int area_take_place(struct pc_store *, unsigned char *p, uint64_t value);
void area_free_place(struct pc_store *, unsigned char *p, unsigned i);
/* Is that the place of a process that died? */
int area_is_dead(struct pc_store *, const unsigned char *p, unsigned i);
/* Is there a bit for the place? */
int area_is_set(const unsigned char *places, unsigned i);

#endif
