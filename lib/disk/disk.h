/* disk.h - a store as a process has it open; private to lib/.
 *
 * pc-store.5 describes the files.  In short: STORE/state names the format and
 * holds a slot a shard; STORE/XX/log holds shard XX's records and
 * STORE/XX/index says where in the log each key's record is. */
#ifndef PC_DISK_H
#define PC_DISK_H

#include "care.h"
#include "room.h"
#include "state.h"

#include <sys/types.h>

/* us; a time further ahead of the clock than this was taken from a wrong clock,
 * or the clock is wrong now. */
#define CLOCK_AHEAD (24 * 3600 * INT64_C(1000000))

/* In place of a shard: the store's own directory. */
enum { STORE_TOP = PC_SHARDS };

struct index;
struct record;

/* What this process has open of a shard, good while slot is unchanged. */
struct shard {
	int dir;             /* as dir_of has it; -1: not open */
	struct index *index; /* NULL: nothing is open */
	int index_writable;
	int log;
	int log_writable;
	int distrusted; /* its index is damaged and cannot be rebuilt: the
			 * store is read-only */
	struct slot slot;
	struct tail {
		struct record *records; /* owned; but for material and extra */
		size_t count, cap;
		uint64_t from, to;   /* the part of the log they are in */
		uint64_t generation; /* of which log */
	} tail;
};

struct pc_store {
	char *path;  /* as it was given; owned */
	int dir;     /* O_PATH */
	int made;    /* by this process */
	int ignored; /* store_write_gitignore need not look any more */
	uid_t owner; /* of it and of all that is in it */
	struct pc_error refusal; /* why it is not used; "": it is */
	int state;
	int events;            /* -1: not open */
	uint64_t events_ahead; /* bytes appended without a look at the log */
	unsigned flags;
	uint64_t boot;
	uint64_t max; /* bytes that puts keep it below; 0: they do not */
	struct room room;
	int evict_due; /* it is time to make room, if no other process does */
	int recount;   /* much was freed: count again */
	int no_holes;  /* its file system frees no part of a file */
	unsigned damaged, rebuilt;
	int64_t lock_wait;
	int header_damaged; /* the state file's, when it was opened */
	int64_t
	    timed_out; /* us after which the last wait for a lock timed out */
	char *error;   /* of pc_store_error; owned */
	struct shard shard[PC_SHARDS];
};

static inline unsigned
shard_of(const struct pc_id *key)
{
	return pc_shard(key);
}

#endif
