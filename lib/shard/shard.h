/* shard.h - a shard: open it, follow it, find and append records, repair it;
 * private to lib/.  (shard.c, find.c, append.c, index_log.c, repair.c) */
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

/* Is the store's cap small?  Then a log shorter than TAIL_MAX needs no
 * index. */
static inline int
shard_is_small(const struct pc_store *s)
{
	return s->max && s->max < SMALL_CAP;
}

/* The index has no record, so it may be missing, whatever the reader's cap
 * is. */
static inline int
shard_needs_no_index(const struct slot *t)
{
	return t->log_end <= LOG_HEADER;
}

/* Close files that are older than the slot, and take over the slot. */
void shard_follow(struct shard *, const struct slot *);
/* Open the files that are not open yet: the log and, with_index, the index.
 * EBADMSG: the index is damaged or missing. */
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

/* Get the shard ready, with the lock held in mode how. */
int shard_ready(struct pc_store *, unsigned shard, int write, int how);
/* Open what is there, without a lock.  SHARD_READY: what is found is right; a
 * miss only if shard_unchanged.  SHARD_LOCK: use shard_enter. */
int shard_peek(struct pc_store *, unsigned shard);
int shard_unchanged(struct pc_store *, unsigned shard);
/* Lock the shard and make it ready; shard_leave unlocks it.  SHARD_EMPTY, which
 * comes only with write 0, and -1: it is not locked. */
int shard_enter(struct pc_store *, unsigned shard, int write);
void shard_leave(struct pc_store *, unsigned shard);
/* Note that a put was promised to survive a power loss, so any log that
 * replaces this one must be synced first. */
int shard_note_sync(struct pc_store *, unsigned shard);
/* Append a record without a lock. */
int shard_append(struct pc_store *, unsigned shard, struct record *,
    const void *value, size_t value_len);
/* The same under the write lock, unless the key's record must not be replaced
 * (1).  No other process can append to the shard in between. */
int shard_append_newer(struct pc_store *, unsigned shard, struct record *,
    const void *value, size_t value_len);
/* Enter all of the log into the index: under the write lock; or if no other
 * process holds the lock, and it is worth it. */
int shard_index_log(struct pc_store *, unsigned shard);
void shard_try_index_log(struct pc_store *, unsigned shard);
/* Find key's record; ready is what shard_ready returned.  0; 1: there is none;
 * -1. */
int shard_find(struct pc_store *, unsigned shard, int ready,
    const struct pc_id *, struct index_entry *);
/* Read and check key's record at that place.  1: it is damaged. */
int shard_read(struct pc_store *, unsigned shard, const struct pc_id *,
    const struct index_entry *, int with_value, struct pc_buf *,
    struct record *);
/* Close the shard, and let the next user rebuild the index. */
int shard_distrust(struct pc_store *, unsigned shard);
void shard_close(struct shard *);

/* Under the write lock: create what the shard lacks (everything, if it is new),
 * rebuild the index from the log, and write the slot. */
int repair_shard(struct pc_store *, unsigned shard, struct slot *);
/* Count damaged records. */
void repair_count_damage(struct pc_store *, unsigned records);
/* Remove files that a killed compaction left. */
void repair_remove_leftovers(struct pc_store *, unsigned shard);

#endif
