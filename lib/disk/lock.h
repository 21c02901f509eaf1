/* lock.h - byte-range locks on the state file; private to lib/. */
#ifndef PC_LOCK_H
#define PC_LOCK_H

#include "pc.h"

/* The bytes that are locked.  A shard's lock is the byte with its number; the
 * other locks lie behind these. */
enum {
	/* ROTATE: rename event files.  FOLD: sum up events.  GC: be the only
	 * pc-gc.  RUNS: begin a new log of runs. */
	LOCK_ROTATE = 4096,
	LOCK_FOLD = 4097,
	LOCK_GC = 4098,
	LOCK_RUNS = 4099,
	/* ROOM: change the area of area.c.  EVICT: evict.  PLACE and the bytes
	 * behind it: own the place of that number. */
	LOCK_ROOM = 4100,
	LOCK_EVICT = 4101,
	LOCK_PLACE = 4608,
	LOCK_COMPACT = 8192, /* plus the shard: compact it */
};

/* Locks of flights lie beyond any possible end of the file. */
#define LOCK_FLIGHT (UINT64_C(1) << 62)

enum { RANGE_SHARED, RANGE_EXCLUSIVE, RANGE_FREE };

/* BUSY: another process holds the lock. */
enum { LOCK_TAKEN = 0, LOCK_BUSY = 1 };

/* Take, convert or release the lock of one byte of an open state file.  BUSY:
 * another process still held it after wait us. */
int lock_range(int fd, uint64_t at, int how, int64_t wait);
/* Like lock_range, but a lock that is still held after wait us is an error: -1
 * with EAGAIN. */
int lock_wait(struct pc_store *, uint64_t at, int how, int64_t wait);
/* Lock a shard; the time waited is added to lock_wait. */
int lock_shard(struct pc_store *, unsigned shard, int how);

#endif
