/* lock.h - byte-range locks on the state file; private to lib/. */
#ifndef PC_LOCK_H
#define PC_LOCK_H

#include "pc.h"

/* The bytes that are locked.  A shard's lock is the byte of its number; the
 * others lie behind them all. */
enum {
	/* Names of event files change under the first; who has the second may
	 * sum events up; who has the third is the one pc-gc; the last is for
	 * beginning a new record of memory. */
	LOCK_ROTATE = 4096,
	LOCK_FOLD = 4097,
	LOCK_GC = 4098,
	LOCK_RUNS = 4099,
	/* Who has the first may change what area.c keeps, who has the second
	 * evicts; from the third on each is a place's. */
	LOCK_ROOM = 4100,
	LOCK_EVICT = 4101,
	LOCK_PLACE = 4608,
	LOCK_COMPACT = 8192, /* and the shard: it is being compacted */
};

/* The flights of keys lie above all that the file could ever hold. */
#define LOCK_FLIGHT (UINT64_C(1) << 62)

enum { RANGE_SHARED, RANGE_EXCLUSIVE, RANGE_FREE };

/* BUSY: another process has it. */
enum { LOCK_TAKEN = 0, LOCK_BUSY = 1 };

/* Take, convert or drop a byte-range lock of an open state file.  BUSY: another
 * process still had it after wait us. */
int lock_range(int fd, uint64_t at, int how, int64_t wait);
/* lock_range for one that must be had: after wait us -1, EAGAIN. */
int lock_wait(struct pc_store *, uint64_t at, int how, int64_t wait);
/* The same for a shard's lock; waiting is counted. */
int lock_shard(struct pc_store *, unsigned shard, int how);

#endif
