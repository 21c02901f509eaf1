/* shard.h - a shard: opened, followed, found in, appended to, repaired; private
 * to lib/.  (shard.c, find.c, append.c, index_log.c, repair.c) */
#ifndef PC_SHARD_H
#define PC_SHARD_H

#include "disk/disk.h"
#include "index.h"
#include "logfile.h"

/* A store with a smaller cap makes no index while a log is short. */
#define SMALL_CAP (64 * 1024 * UINT64_C(1024))

/* Bytes of a log that the index may lack: readers scan them, which costs less
 * than opening the index for each record would cost writers. */
enum { TAIL_MAX = 32 * 1024 };

/* In a store whose cap is small, no index is made for a log that is no
 * longer. */
static inline int
shard_is_small(const struct pc_store *s)
{
	return s->max && s->max < SMALL_CAP;
}

/* The index knows no record, so it need not be there, whatever the cap of the
 * one who looks. */
static inline int
shard_needs_no_index(const struct slot *t)
{
	return t->log_end <= LOG_HEADER;
}

/* Close what is older than the slot, and take that. */
void shard_follow(struct shard *, const struct slot *);
/* Open what is not open yet: the log and, with_index, the index.  EBADMSG:
 * the index is damaged or gone. */
int shard_open_files(struct pc_store *, unsigned shard, int write,
    int with_index);
/* Close all files, when the process has no more descriptors. */
void shard_close_all(struct pc_store *);
/* How a shard can be read. */
enum shard_ready {
	SHARD_READY = 0, /* by the index, and the log's tail */
	SHARD_EMPTY = 1, /* there is nothing in it */
	SHARD_LOG = 2,   /* by its log: the index must not be used and cannot be
			  * repaired (a read-only store, a full disk) */
	SHARD_LOCK = 3,  /* not yet: it must be locked to write first */
};

/* With the lock held in mode how, get the shard ready. */
int shard_ready(struct pc_store *, unsigned shard, int write, int how);
/* Without a lock, open what is there.  SHARD_READY: believe what is found; a
 * miss only if shard_unchanged.  SHARD_LOCK: enter it. */
int shard_peek(struct pc_store *, unsigned shard);
int shard_unchanged(struct pc_store *, unsigned shard);
/* Lock the shard and make it ready; shard_leave gives it back.  SHARD_EMPTY,
 * which comes only with write 0, and -1: it is not locked. */
int shard_enter(struct pc_store *, unsigned shard, int write);
void shard_leave(struct pc_store *, unsigned shard);
/* Have a log that takes the place of this one be on the disk first, since a
 * put is promised to be. */
int shard_note_sync(struct pc_store *, unsigned shard);
/* Append a record, with no lock. */
int shard_append(struct pc_store *, unsigned shard, struct record *,
    const void *value, size_t value_len);
/* The same under the write lock, unless key's record there yields not to it
 * (1), and with no process appending to the shard between that look and the
 * record. */
int shard_append_newer(struct pc_store *, unsigned shard, struct record *,
    const void *value, size_t value_len);
/* Have the index know all of the log: under the write lock, or if no process
 * else has it and it is worth it. */
int shard_index_log(struct pc_store *, unsigned shard);
void shard_try_index_log(struct pc_store *, unsigned shard);
/* Where key's record is, read as ready says: 0, 1: nowhere, -1. */
int shard_find(struct pc_store *, unsigned shard, int ready,
    const struct pc_id *, struct index_entry *);
/* Read and check key's record at that place, with_value or without it.  1:
 * damaged. */
int shard_read(struct pc_store *, unsigned shard, const struct pc_id *,
    const struct index_entry *, int with_value, struct pc_buf *,
    struct record *);
/* Forget what is open, and have the next user rebuild the index. */
int shard_distrust(struct pc_store *, unsigned shard);
void shard_close(struct shard *);

/* Under the write lock: make what the shard lacks (all, when it is new),
 * rebuild its index from its log, and write its slot. */
int repair_shard(struct pc_store *, unsigned shard, struct slot *);
/* Count damaged records. */
void repair_count_damage(struct pc_store *, unsigned records);
/* Remove what a compaction that was killed may have left. */
void repair_remove_leftovers(struct pc_store *, unsigned shard);

#endif
