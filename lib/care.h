/* care.h - the store kept small and sound: compaction, repair, the cap, and
 * what goes first.  Part of libpc's public interface; see pc.h for its
 * conventions. */
#ifndef PC_CARE_H
#define PC_CARE_H

#include "pc.h"

/* ---- care of the store (lib/care/) ------------------------------------ */

enum pc_compact_flags {
	PC_COMPACT_EXPIRED = 1, /* only expired records may go: drop is not
				 * called for others */
	PC_COMPACT_FORGET = 2,  /* free what was replaced and removed, even if
				 * nothing else goes */
	PC_COMPACT_VERIFY = 4,  /* read every value; damaged ones go */
	PC_COMPACT_DRY_RUN = 8, /* only say what would be done */
	PC_COMPACT_SYNC = 16,   /* have the new log on the disk first */
	PC_COMPACT_ERASE = 32,  /* nothing of what goes stays on the disk: nor
				 * what was replaced or removed before, nor
				 * what is damaged, which may be of it, nor
				 * what of this was kept aside */
	PC_COMPACT_TIGHT = 64,  /* free room with as little as can be */
};

struct pc_compact;

/* The shard that key's record is in. */
static inline unsigned
pc_shard(const struct pc_id *key)
{
	return key->b[0] % PC_SHARDS;
}

/* Something that is not what was put there. */
struct pc_damage {
	unsigned shard;
	uint64_t offset;         /* in the shard's log */
	const struct pc_id *key; /* NULL: not known */
	const char *what;
};

struct pc_compact_options {
	unsigned flags;
	/* Asked of the newest record of each key, in the log's order: shall it
	 * go?  1: yes; 0: no; -1 ends it with errno.  May be NULL. */
	int (*drop)(void *ctx, const struct pc_record *);
	void (*damage)(void *ctx, const struct pc_damage *); /* may be NULL */
	void *ctx;
	const volatile int *stop; /* end with ECANCELED once this is set;
				   * nothing has changed then */
	int64_t wait; /* us, for another one that compacts the shard */
};

/* What was done, or would be; all are added to. */
struct pc_compact_report {
	uint64_t records, bytes;         /* that stay, with their values */
	uint64_t dropped, dropped_bytes; /* as drop said */
	uint64_t damaged;
	uint64_t files, file_bytes; /* of values that no record names */
	uint64_t before, after;     /* bytes of the logs */
	uint64_t aside;     /* files of damaged records, by PC_COMPACT_ERASE */
	unsigned rewritten; /* shards */
};

enum pc_compact_result {
	PC_COMPACT_DONE = 0, /* or nothing was to be done */
	PC_COMPACT_BUSY = 1, /* another process compacts the shard */
	PC_COMPACT_AGAIN =
	    2, /* the shard was repaired meanwhile: begin again */
};

/* Rewrite a shard's log with the records that stay and nothing else, and
 * replace the old one.  Readers and writers go on meanwhile. PC_COMPACT_DONE or
 * _BUSY; -1: nothing has changed (ECANCELED: by stop; EROFS; ENOSPC: there is
 * no room for the part that stays). */
int pc_store_compact(struct pc_store *, unsigned shard,
    const struct pc_compact_options *, struct pc_compact_report *);
/* The same in three steps, of which the second takes nearly all of the time
 * and holds no lock, so that another thread of lower priority can do it; the
 * others hold the shard's lock for a moment.  pc_compact_end frees. */
int pc_compact_begin(struct pc_store *, unsigned shard,
    const struct pc_compact_options *, struct pc_compact_report *,
    struct pc_compact **out); /* 0 and NULL: there is nothing in it */
int pc_compact_copy(struct pc_compact *);
/* done is what pc_compact_copy gave.  enum pc_compact_result, or -1. */
int pc_compact_end(struct pc_compact *, int done);

/* Why an entry has a store not used. */
enum pc_fault {
	PC_FAULT_NONE,
	PC_FAULT_LINK,     /* it is a symbolic link */
	PC_FAULT_OWNER,    /* it belongs to another user */
	PC_FAULT_WRITABLE, /* other users can write to it */
};

/* Call each for every entry below the store in dir, and for that itself, that
 * belongs to another user (than the caller, or than root in a store of root),
 * that others can write to, or that is a link: a store with such an entry is
 * not used.  What each returns ends it unless it is 0, and is returned.  -1
 * with errno. */
int pc_store_audit(const char *dir,
    int (*each)(void *ctx, enum pc_fault, const char *path, const char *what),
    void *ctx);
/* Compare a shard's index and slot with its log, and with the first shard the
 * store's own files, and call found for each fault.  How many, or -1.  Writes
 * nothing; pc_store_rebuild repairs all of them. */
int pc_store_check(struct pc_store *, unsigned shard,
    void (*found)(void *ctx, const struct pc_damage *), void *ctx);
/* Call each for every name below the store that no file of a store has. */
int pc_store_foreign(struct pc_store *,
    void (*each)(void *ctx, const char *path), void *ctx);
/* Rebuild a shard's index from its log. */
int pc_store_rebuild(struct pc_store *, unsigned shard);
/* Bytes that records and values take: logs, with what was replaced, and the
 * values' files.  disk, which may be NULL, is what the whole store takes of the
 * disk, as the cap counts it. */
int pc_store_usage(struct pc_store *, uint64_t *bytes, uint64_t *disk);
/* Be the one pc-gc at work, until pc_store_close.  1: another one is. */
int pc_store_gc_lock(struct pc_store *);
/* Have puts keep the store below max bytes of the disk, by evicting what has
 * expired or was least recently used; 0: they do not. */
void pc_store_set_max(struct pc_store *, int64_t max);

/* ---- what is evicted first (rank.c) -----------------------------------------
 */

enum pc_policy {
	PC_POLICY_LRU,  /* what was not used for longest */
	PC_POLICY_LFU,  /* what was used least often, of these the oldest use */
	PC_POLICY_COST, /* what was cheapest to make for its size */
};

struct pc_rank {
	uint64_t key;   /* a hash of its first 16 bytes */
	uint64_t bytes; /* of record and value */
	int64_t made;   /* when; one that replaced it since does not go */
	int64_t used;   /* last; made when it never was */
	uint32_t uses;
	float cost; /* ms it took to make */
};

struct pc_ranks {
	struct pc_rank *all; /* owned */
	size_t count, cap;
	uint64_t bytes;      /* of all */
	size_t gone;         /* the first ones are those that go, by key, */
	uint64_t gone_bytes; /* their size */
	int64_t now;         /* 0: not read yet */
};

int pc_ranks_add(struct pc_ranks *, const struct pc_record *);
/* Take uses from the events, of which only the newest max bytes are read; 0:
 * all are. */
int pc_ranks_use(struct pc_ranks *, struct pc_store *, uint64_t max);
/* The rank of that record, before pc_ranks_choose; or NULL. */
struct pc_rank *pc_ranks_find(const struct pc_ranks *,
    const struct pc_record *);
/* Let so many go, by that policy, that the rest has at most left bytes; but a
 * record of more than most bytes goes first, and makes no others go. */
void pc_ranks_choose(struct pc_ranks *, enum pc_policy, uint64_t left,
    uint64_t most);
int pc_ranks_goes(const struct pc_ranks *, const struct pc_record *);
void pc_ranks_clear(struct pc_ranks *);

#endif
