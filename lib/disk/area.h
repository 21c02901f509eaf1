/* area.h - use of the disk, as the state file has it; private to lib/disk/. */
#ifndef PC_AREA_H
#define PC_AREA_H

#include "pc.h"

/* The size of the area, and the offsets of its fields. */
enum {
	AREA = 4032,       /* bytes; with the slots it fills two pages */
	AREA_USED = 0,     /* bytes that all files take */
	AREA_ADDED = 8,    /* total of all bytes ever added to AREA_USED */
	AREA_COUNTED = 16, /* AREA_ADDED at the last count */
	AREA_FIXED = 24,   /* those of AREA_USED that cannot be evicted */
	AREA_BOOT = 32,
	AREA_NEXT = 40, /* the shard to evict from next */
	AREA_CHECK = 56,
	AREA_PLACES = 64,
};

/* A place holds the bytes that its process may write, and two flags. */
#define PLACE_USED (UINT64_C(1) << 63)
#define PLACE_SPOOL (UINT64_C(1) << 62)
#define PLACE_BYTES ((UINT64_C(1) << 62) - 1)

/* Lock and read the area.  0; 1: it is not valid; -1: it is not locked. */
int area_enter(struct pc_store *, unsigned char p[AREA]);
/* Write the area if it was changed, and unlock it. */
int area_leave(struct pc_store *, unsigned char p[AREA], int changed);
void area_add(unsigned char *p, uint64_t bytes); /* add to the number at p */
/* The bytes that all files take plus those that places reserve; and the bytes
 * that places of spools reserve. */
uint64_t area_total(const unsigned char *p);
uint64_t area_spooled(const unsigned char *p);
uint64_t area_place(const unsigned char *p, unsigned i);
void area_set_place(unsigned char *p, unsigned i, uint64_t value);
/* Take a free place for this process and lock it.  -1: no place is free. */
int area_take_place(struct pc_store *, unsigned char *p, uint64_t value);
void area_free_place(struct pc_store *, unsigned char *p, unsigned i);
/* Does the place belong to a process that died? */
int area_is_dead(struct pc_store *, const unsigned char *p, unsigned i);
/* Is the bit of place i set? */
int area_is_set(const unsigned char *places, unsigned i);

#endif
