/* disk.h - an open store; private to lib/.
 *
 * pc-store.5 describes the files.  In short: STORE/state names the format and
 * has a slot for each shard; STORE/XX/log holds the records of shard XX, and
 * STORE/XX/index gives the offset in the log of each key's record. */
#ifndef PC_DISK_H
#define PC_DISK_H

#include "care.h"
#include "room.h"
#include "state.h"

#include <sys/types.h>

/* us; if a time is further ahead of the clock than this, one of the two is
 * wrong. */
#define CLOCK_AHEAD (24 * 3600 * INT64_C(1000000))

/* Use this as a shard's number to name the store's own directory. */
enum { STORE_TOP = PC_SHARDS };

struct index;
struct record;

/* The files of a shard that this process has open; they are valid as long as
 * the slot is unchanged. */
struct shard {
	int dir;             /* from dir_of; -1: not open */
	struct index *index; /* NULL: not open */
	int index_writable;
	int log;
	int log_writable;
	int distrusted; /* its index is damaged and cannot be rebuilt: the
			 * store is read-only */
	struct slot slot;
	struct tail {
		struct record *records; /* owned, except material and extra */
		size_t count, cap;
		uint64_t from, to;   /* the part of the log that has them */
		uint64_t generation; /* that of the log */
	} tail;
};

struct pc_store {
	char *path;              /* as given; owned */
	int dir;                 /* O_PATH */
	int made;                /* this process created it */
	int ignored;             /* store_write_gitignore has looked already */
	uid_t owner;             /* of the store and everything in it */
	struct pc_error refusal; /* why the store is refused; "": it is not */
	int state;
	int events;            /* -1: not open */
	uint64_t events_ahead; /* bytes appended since the log was looked at */
	unsigned flags;
	uint64_t boot;
	uint64_t max; /* bytes that puts keep the store below; 0: no limit */
	struct room room;
	int evict_due; /* evict soon, unless another process does */
	int recount;   /* much was freed, so count again */
	int no_holes;  /* the file system cannot punch holes */
	unsigned damaged, rebuilt;
	int64_t lock_wait;
	int header_damaged; /* when the state file was opened */
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
