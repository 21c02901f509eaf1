/* care.h - maintenance of the store: compaction, checks, repair, the size
 * limit, and which records are evicted first.  Part of libpc's public
 * interface; see pc.h for its conventions. */
#ifndef PC_CARE_H
#define PC_CARE_H

#include "pc.h"

/* ---- maintenance (lib/care/) ------------------------------------------- */

enum pc_compact_flags {
	PC_COMPACT_EXPIRED = 1, /* delete only expired records: drop is not
				 * called for others */
	PC_COMPACT_FORGET = 2,  /* free the space of replaced and removed
				 * records even if no other is deleted */
	PC_COMPACT_VERIFY = 4,  /* read every value; delete damaged records */
	PC_COMPACT_DRY_RUN = 8, /* change nothing; only fill the report */
	PC_COMPACT_SYNC = 16,  /* sync the new log before it replaces the old */
	PC_COMPACT_ERASE = 32, /* leave no bytes of deleted records on the
				* disk: also erase records replaced or
				* removed before, damaged ones, which may be
				* deleted records, and the copies of them
				* that a repair set aside */
	PC_COMPACT_TIGHT = 64, /* the disk is nearly full: use as little as
				* possible while freeing space */
};

struct pc_compact;

/* The number of the shard with key's record. */
static inline unsigned
pc_shard(const struct pc_id *key)
{
	return key->b[0] % PC_SHARDS;
}

/* Bytes of the store that are not as they were written. */
struct pc_damage {
	unsigned shard;
	uint64_t offset;         /* in the shard's log */
	const struct pc_id *key; /* NULL: not known */
	const char *what;
};

struct pc_compact_options {
	unsigned flags;
	/* Called for the newest record of each key, in the order of the log.
	 * 1: delete it; 0: keep it; -1 stops with errno.  May be NULL. */
	int (*drop)(void *ctx, const struct pc_record *);
	void (*damage)(void *ctx, const struct pc_damage *); /* may be NULL */
	void *ctx;
	const volatile int *stop; /* if this is set, end with ECANCELED and
				   * change nothing */
	int64_t wait; /* us, for another process that compacts the shard */
};

/* What was done, or would be with PC_COMPACT_DRY_RUN.  A call adds to it. */
struct pc_compact_report {
	uint64_t records, bytes;         /* kept, with their values */
	uint64_t dropped, dropped_bytes; /* deleted */
	uint64_t damaged;
	uint64_t files, file_bytes; /* values of no record */
	uint64_t before, after;     /* bytes of the logs */
	uint64_t aside;     /* files of damaged records, by PC_COMPACT_ERASE */
	unsigned rewritten; /* shards */
};

enum pc_compact_result {
	PC_COMPACT_DONE = 0, /* or there was nothing to do */
	PC_COMPACT_BUSY = 1, /* another process compacts the shard */
	PC_COMPACT_AGAIN =
	    2, /* the shard was repaired meanwhile: start again */
};

/* Write a new log with only the records to keep, and replace the shard's log by
 * it.  Other processes may read and write meanwhile.  PC_COMPACT_DONE or _BUSY;
 * -1: nothing has changed (ECANCELED: stop was set; EROFS; ENOSPC: the new log
 * does not fit on the disk). */
int pc_store_compact(struct pc_store *, unsigned shard,
    const struct pc_compact_options *, struct pc_compact_report *);
/* The same in three steps.  The second one takes nearly all of the time and
 * holds no lock, so a thread of lower priority can do it; the others hold the
 * shard's lock briefly.  pc_compact_end frees the object. */
int pc_compact_begin(struct pc_store *, unsigned shard,
    const struct pc_compact_options *, struct pc_compact_report *,
    struct pc_compact **out); /* 0 and NULL: the shard is empty */
int pc_compact_copy(struct pc_compact *);
/* done is what pc_compact_copy returned.  enum pc_compact_result, or -1. */
int pc_compact_end(struct pc_compact *, int done);

/* Why pc refuses to use a store because of one of its files or directories. */
enum pc_fault {
	PC_FAULT_NONE,
	PC_FAULT_LINK,     /* it is a symbolic link */
	PC_FAULT_OWNER,    /* it belongs to another user */
	PC_FAULT_WRITABLE, /* other users can write to it */
};

/* Call each for dir, the store's directory, and for everything in it, if it
 * belongs to another user, if other users can write to it, or if it is a
 * symbolic link.  In a store of root, its files must belong to root, else to
 * the caller.  pc does not use a store with such a fault.  If each returns
 * non-zero, stop and return that.  -1 with errno. */
int pc_store_audit(const char *dir,
    int (*each)(void *ctx, enum pc_fault, const char *path, const char *what),
    void *ctx);
/* Compare a shard's index and its slot in the state file with its log; shard 0
 * also checks the files of the whole store.  Call found for each fault.  The
 * number of faults, or -1.  Writes nothing; pc_store_rebuild repairs them. */
int pc_store_check(struct pc_store *, unsigned shard,
    void (*found)(void *ctx, const struct pc_damage *), void *ctx);
/* Call each for every file in the store's directory whose name pc does not
 * use. */
int pc_store_foreign(struct pc_store *,
    void (*each)(void *ctx, const char *path), void *ctx);
/* Rebuild a shard's index from its log. */
int pc_store_rebuild(struct pc_store *, unsigned shard);
/* The bytes of the logs, with replaced records, and of the values' files.  disk
 * (may be NULL): the disk space of the whole store, as the size limit counts
 * it. */
int pc_store_usage(struct pc_store *, uint64_t *bytes, uint64_t *disk);
/* Take the lock that only one pc-gc holds, until pc_store_close.  1: another
 * process holds it. */
int pc_store_gc_lock(struct pc_store *);
/* Set the size limit of the store, in bytes on the disk.  Puts evict expired
 * and least recently used records to keep it.  0: no limit. */
void pc_store_set_max(struct pc_store *, int64_t max);

/* ---- which records are evicted first (rank.c) -------------------------- */

enum pc_policy {
	PC_POLICY_LRU,  /* the least recently used first */
	PC_POLICY_LFU,  /* the least often used first, then as LRU */
	PC_POLICY_COST, /* the cheapest to compute for its size first */
};

struct pc_rank {
	uint64_t key;   /* a hash of the key's first 16 bytes */
	uint64_t bytes; /* of record and value */
	int64_t made;   /* when; a newer record of the key is kept */
	int64_t used;   /* last; if it never was, same as made */
	uint32_t uses;
	float cost; /* ms that computing it took */
};

struct pc_ranks {
	struct pc_rank *all; /* owned */
	size_t count, cap;
	uint64_t bytes;      /* of all */
	size_t gone;         /* this many, at the front, are evicted; by key */
	uint64_t gone_bytes; /* their bytes */
	int64_t now;         /* 0: not read yet */
};

int pc_ranks_add(struct pc_ranks *, const struct pc_record *);
/* Count the uses in the newest max bytes of events; 0: in all events. */
int pc_ranks_use(struct pc_ranks *, struct pc_store *, uint64_t max);
/* The rank of that record, or NULL.  Only before pc_ranks_choose. */
struct pc_rank *pc_ranks_find(const struct pc_ranks *,
    const struct pc_record *);
/* Choose the records to evict by that policy, so that the others have at most
 * left bytes.  Records of more than most bytes are evicted first, and their
 * size evicts no others. */
void pc_ranks_choose(struct pc_ranks *, enum pc_policy, uint64_t left,
    uint64_t most);
int pc_ranks_goes(const struct pc_ranks *, const struct pc_record *);
void pc_ranks_clear(struct pc_ranks *);

#endif
