/* store.h - what the files of the store share; private to lib/.
 *
 * pc-store.5 describes the files.  In short: STORE/state names the format and
 * holds a slot a shard; STORE/XX/log holds shard XX's records and
 * STORE/XX/index says where in the log each key's record is. */
#ifndef PC_STORE_H
#define PC_STORE_H

#include "care.h"
#include "ledger.h"

#include <dirent.h>
#include <sys/types.h>

struct stat;

enum {
	LOG_HEADER = 64,     /* bytes before a log's first record */
	LOG_ID = 16,         /* random bytes that name one log */
	RECORD_HEADER = 160, /* fixed part of a record */
	RECORD_TRAILER = 40, /* after its value: eight bytes of its check, and
			      * its key again */
	NAME_EXTERNAL = 90,  /* room for an external value's name */
};

/* us; a time that is so far ahead of the clock is one of a clock that was
 * wrong, or the clock is. */
#define CLOCK_AHEAD (24 * 3600 * INT64_C(1000000))

/* ---- records (record.c) ---- */

enum record_type {
	RECORD_PUT = 1,
	RECORD_REMOVE = 2,
	RECORD_TOUCH = 3,
	RECORD_LOST = 4, /* never in a log: a scan met a damaged record that
			  * had, as far as it can tell, this key */
	RECORD_GAP = 5,  /* bytes that were freed (punch.c); of no key */
};

/* Is its time over? */
int record_expired(const struct pc_record *, int64_t now);

/* Set in a record's flags on the disk beside enum pc_record_flags. */
enum { RECORD_EXTERNAL = 0x8000 };

/* One record as it lies in a log. */
struct record {
	enum record_type type;
	int external;    /* the value is in a file of its own, */
	uint32_t serial; /* whose name no other has */
	int newer;       /* it is put only in place of an older one */
	int written;     /* all of it is in a log, even if a put failed */
	uint64_t offset; /* in the log */
	uint64_t length; /* of all of it that lies in the log */
	unsigned char trailer[RECORD_TRAILER];
	struct pc_record pub;
};

/* Append the record's bytes up to its value to out, for the log of that id.
 * Sets length and trailer. */
int record_encode(struct record *, const unsigned char *log_id,
    struct pc_buf *out);
/* Read the n bytes at p, which lie at offset of the log with that id.
 * 0, or 1: this is no record, or its check is wrong, or it needs more than n
 * bytes before its value. */
int record_decode(const unsigned char *p, size_t n, const unsigned char *log_id,
    uint64_t offset, struct record *);
/* Read the put whose offset, length and key the record has, into the buffer:
 * all of it, or without its value.  1: damaged. */
int record_read(int log, const unsigned char *log_id, int with_value,
    struct pc_buf *, struct record *);

/* Step through a log. */
struct scan {
	int log;
	const unsigned char *log_id;
	uint64_t at;          /* where the next record would begin */
	uint64_t end;         /* of what is to be scanned */
	uint64_t valid_end;   /* of the last whole record */
	unsigned lost;        /* damaged records met */
	struct pc_id other;   /* key of the lost record to come, */
	int has_other;        /* if there is one */
	uint64_t gap;         /* where bytes begin that are no record, and */
	uint64_t vain;        /* how many were hashed in vain behind that */
	struct pc_buf doubts; /* what was put off there (record.c), and how */
	size_t reported;      /* many of these were looked at since */
	struct pc_buf window;
	uint64_t window_at;
	size_t step; /* bytes to read at a time: more while records are
		      * short, their beginnings alone while not */
};

void scan_init(struct scan *, int log, const unsigned char *log_id,
    uint64_t from, uint64_t to);
/* 0: record is the next one, its pointers are good until the next call;
 * 1: the end; -1: the log could not be read. */
int scan_next(struct scan *, struct record *);
void scan_clear(struct scan *);

/* ---- indexes (index.c) ---- */

struct index;

struct index_entry {
	uint64_t offset, length;
	int64_t expires;
	int external;
};

/* The index in a file, which it takes.  NULL with errno; EBADMSG: it is
 * damaged. */
struct index *index_open(int fd, int writable);
struct index *index_new(int fd); /* in an empty file */
/* 0, 1: none, -1 EBADMSG: it is damaged.  NULL, here and below, is one that
 * knows nothing and learns nothing. */
int index_get(struct index *, const struct pc_id *, struct index_entry *);
int index_put(struct index *, const struct pc_id *, const struct index_entry *);
int index_remove(struct index *, const struct pc_id *); /* 1: none */
/* Is it sound where key would be, which it does not have? (bucket.c) */
int index_miss_sound(struct index *, const struct pc_id *);
/* Call each for every entry until it returns non-zero, which is returned; -1
 * EBADMSG: an entry is damaged. */
int index_each(struct index *,
    int (*each)(void *ctx, const struct pc_id *, const struct index_entry *),
    void *ctx);
/* Change it as the record says. */
int index_apply(struct index *, const struct record *);
int index_fd(const struct index *);
void index_close(struct index *); /* NULL is taken; errno stays */

/* ---- locks (lock.c) ---- */

enum { RANGE_SHARED, RANGE_EXCLUSIVE, RANGE_FREE };

/* Take, convert or drop the byte-range lock of a shard or a key's flight.
 * 0; 1: another process still had it after wait us. */
int lock_shard(struct pc_store *, unsigned shard, int how);
int lock_range(int fd, uint64_t at, int how, int64_t wait);
/* lock_range for one that must be had: after wait us -1, EAGAIN. */
int lock_wait(struct pc_store *, uint64_t at, int how, int64_t wait);
/* Land all flights of this process. */
void lock_land(struct pc_store *);

/* ---- the state file (state.c) ---- */

/* A shard's slot in the state file. */
struct slot {
	uint64_t boot;       /* of the machine, when it was written */
	uint64_t log_end;    /* the index knows the records before it */
	uint64_t seq;        /* changes with every change of the index */
	uint64_t generation; /* changes when the log is another file; 0: the
			      * slot knows nothing of it */
	uint32_t dirty;      /* the index was being changed */
	uint32_t synced;     /* enum synced */
	unsigned char log_id[LOG_ID];
};

enum synced {
	TO_BE_SYNCED = 1, /* a put was promised to be on the disk, */
	SYNCED = 2,       /* and the slot that says so is there */
};

enum { STATE_BYTES = 64 + PC_SHARDS * 64 }; /* then comes room.c's part */

/* Open dir's state, or create both.  -1 with the reason in err. */
int state_open(struct pc_store *, const char *dir, struct pc_error *err);
/* Say to Git that none of it is to be in a repository. */
void state_ignore(struct pc_store *);
/* 0; 1: the shard was never used; -1: unreadable or damaged (EBADMSG), as an
 * empty one of a shard that has a log is, or refused (EPERM). */
int state_read(struct pc_store *, unsigned shard, struct slot *);
/* Can it be the name of a store's file or directory, at its top? */
int state_owns(const char *name);
int state_write(struct pc_store *, unsigned shard, const struct slot *);
/* The shard was never used, says its slot from now on. */
int state_clear(struct pc_store *, unsigned shard);

/* ---- what belongs to the user (owner.c) ---- */

/* In place of a shard: the store's own directory. */
enum { STORE_TOP = PC_SHARDS };

enum pc_fault owner_fault(uid_t owner, const struct stat *);
/* Is that part, of which st tells, the owner's, and can no other user write to
 * it?  -1 EPERM: no, or the store was refused before; pc_store_refusal tells
 * why, and what to do.  The name "" is the directory itself. */
int owner_verify(struct pc_store *, unsigned shard, const char *name,
    const struct stat *st);
int owner_refused(const struct pc_store *); /* 1 with EPERM */
/* The descriptor of a shard's directory, of O_PATH; the store has it.  -1
 * ENOENT: the shard was never used. */
int dir_of(struct pc_store *, unsigned shard);
int dir_make(struct pc_store *, unsigned shard); /* unless it is there */
/* A stream of its entries.  NULL with errno. */
DIR *dir_read(struct pc_store *, unsigned shard);
int make_dir(int at, const char *path); /* of mode 0700 */
/* Open a file there, with how as open(2) takes it.  No link is followed, and
 * no pipe or device waited for.  -1 EBADMSG: it is no file. */
int file_open(struct pc_store *, unsigned shard, const char *name, int how);
int file_open_stat(struct pc_store *, unsigned shard, const char *name, int how,
    struct stat *);
/* A new one without a name, to read and write. */
int file_unnamed(struct pc_store *, unsigned shard);

/* ---- shards (shard.c; repair.c, append.c, find.c) ---- */

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

/* A store with a smaller cap makes no index while a log is short. */
#define SMALL_CAP (64 * 1024 * UINT64_C(1024))

enum { ROOM_PLACES = 496 };

/* What this process may write (room.c). */
struct room {
	int place;         /* of its own; -1: none yet */
	uint64_t taken;    /* bytes, of which */
	uint64_t used;     /* so many were written, or more */
	uint64_t borrowed; /* and so many are for files that replace others */
	unsigned char mine[ROOM_PLACES / 8]; /* places of its spools, too */
};

struct pc_store {
	char *path;              /* as it was given; owned */
	int dir;                 /* O_PATH */
	int made;                /* by this process */
	int ignored;             /* state_ignore need not look any more */
	uid_t owner;             /* of it and of all that is in it */
	struct pc_error refusal; /* why it is not used; "": it is */
	int state;
	int events; /* -1: not open */
	unsigned flags;
	uint64_t boot;
	uint64_t max; /* bytes that puts keep it below; 0: they do not */
	struct room room;
	int relieve;  /* it is time to make room, if no other process does */
	int recount;  /* much was freed: count again */
	int no_holes; /* its file system frees no part of a file */
	unsigned damaged, rebuilt;
	int64_t lock_wait;
	int header_damaged; /* the state file's, when it was opened */
	int64_t timed_out;  /* us that the last lock was waited for in vain */
	char *error;        /* of pc_store_error; owned */
	struct shard shard[PC_SHARDS];
};

static inline unsigned
shard_of(const struct pc_id *key)
{
	return pc_shard(key);
}

/* Bytes that the index need not know: readers scan so much, which costs them
 * less than opening the index for each record costs writers. */
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
/* Give back all descriptors, when there are no more. */
void shard_close_all(struct pc_store *);
/* With the lock held in mode how, get the shard ready.  0: it is; 1: the
 * lock must be one for writing first; 2: read the log, not the index; 3:
 * there is nothing in it. */
int shard_ready(struct pc_store *, unsigned shard, int write, int how);
/* Without a lock, open what is there.  0: look, the log's tail included, and
 * believe what is found; a miss only if shard_unchanged; 1: nothing was ever
 * put there; 2: enter it. */
int shard_peek(struct pc_store *, unsigned shard);
int shard_unchanged(struct pc_store *, unsigned shard);
/* Lock the shard and make it ready.  0: locked and ready (shard_leave gives
 * it back); 1: it is empty, not locked, only with write 0; 2: locked to
 * read, its index must not be used and cannot be repaired (a read-only
 * store, a full disk): scan the log; -1: not locked. */
int shard_enter(struct pc_store *, unsigned shard, int write);
void shard_leave(struct pc_store *, unsigned shard);
/* Have what is in an open log, and that it exists, survive a power loss. */
int shard_sync(struct pc_store *, unsigned shard, int log);
/* Have a log that takes the place of this one be on the disk first, since a
 * put is promised to be. */
int shard_note_sync(struct pc_store *, unsigned shard);
/* Append a record, with no lock. */
int shard_append(struct pc_store *, unsigned shard, struct record *,
    const void *value, size_t value_len);
/* The same under the write lock, unless key's record there yields not to it
 * (1), and with nobody appending to the shard between that look and the
 * record. */
int shard_append_newer(struct pc_store *, unsigned shard, struct record *,
    const void *value, size_t value_len);
/* Have the index know all of the log: under the write lock, or if nobody
 * else has it and it is worth it. */
int shard_absorb(struct pc_store *, unsigned shard);
void shard_try_absorb(struct pc_store *, unsigned shard);
/* Where key's record is, by the index (unless ready is 2) and the log's
 * tail: 0, 1: nowhere, -1. */
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
void repair_count(struct pc_store *, unsigned records);
/* The id that an open log gives in its header.  1: it is damaged, empty or
 * of another shard; -1 EPROTONOSUPPORT: it is newer. */
int log_header_read(int fd, unsigned shard, unsigned char *log_id);
/* As log_header_read, but an id is also found in a damaged header, by the
 * records that fit it. */
int log_identify(int fd, unsigned shard, unsigned char *log_id);
int log_header_write(int fd, unsigned shard, const unsigned char *log_id);

/* ---- what of a log is alive (live.c) ---- */

/* Where the newest record of a key is. */
struct live_entry {
	struct pc_id key;
	uint64_t offset;
	uint64_t to; /* its place in the log that is to come */
	int64_t created, expires;
	uint64_t touch;  /* where the last touch is, if touched */
	uint64_t bytes;  /* it takes, with its value */
	uint32_t length; /* in the log */
	uint32_t serial; /* of the value's file, if external */
	uint8_t external;
	uint8_t touched; /* the record itself says another time to go */
	uint8_t chosen;  /* to be dropped */
	uint8_t gone;    /* replaced, removed or dropped */
};

/* They are in the log's order. */
struct live {
	struct live_entry *all; /* owned */
	size_t count, cap;
	uint32_t *slots;   /* owned; places in all plus 1, by key */
	size_t slot_count; /* a power of 2 */
	uint64_t dead;     /* entries that are gone, and marks */
};

/* Take what the record says.  EFBIG: there are too many. */
int live_apply(struct live *, const struct record *);
/* The entry of that key, or NULL. */
struct live_entry *live_find(struct live *, const struct pc_id *);
/* Read e's record, with_value or without it.  1: it is damaged. */
int live_read(int log, const unsigned char *log_id, const struct live_entry *e,
    int with_value, struct pc_buf *, struct record *);
void live_clear(struct live *);

/* ---- compaction (compact.c, sweep.c) ---- */

/* Remove what one that was killed may have left. */
void compact_clean(struct pc_store *, unsigned shard);
/* Remove the values' files that no record names; live is what was seen of
 * those that do, to spare a look. */
int sweep_shard(struct pc_store *, unsigned shard, struct live *,
    const struct pc_compact_options *, struct pc_compact_report *);
/* Is it the name of a value's file? */
int sweep_owns(const char *name);
/* Remove all of them: no record is left. */
void sweep_all(struct pc_store *, unsigned shard);
/* Add the bytes of a shard's log and of its values' files. */
int sweep_usage(struct pc_store *, unsigned shard, uint64_t *bytes);

/* ---- the cap (relieve.c) ---- */

/* Evict what has expired or is old, if it is time to and no other process
 * does. */
void store_relieve(struct pc_store *);
/* Do so until need bytes have room.  1: it was not enough. */
int relieve_now(struct pc_store *, uint64_t need);

/* ---- room (room.c) ---- */

/* Have room for so many bytes more, before they are written: no shard's lock
 * is held.  -1 EMSGSIZE: that is more than the cap; ENOBUFS: others take it,
 * and nothing can be evicted. */
int room_take(struct pc_store *, uint64_t bytes);
/* So much was written of what was taken. */
void room_use(struct pc_store *, uint64_t bytes);
/* So much was written, whether or not there was room. */
void room_grow(struct pc_store *, uint64_t bytes);
/* Room for files that take the place of others, instead of what was borrowed
 * before.  1: there is none. */
int room_borrow(struct pc_store *, uint64_t bytes);
/* Bytes of the disk that all files of the store take, and of these what cannot
 * be evicted. */
int room_disk(struct pc_store *, uint64_t *sum, uint64_t *fixed);
/* Count them, and add what processes may still write. */
int room_count(struct pc_store *, uint64_t *sum);
/* Which shard is next to be relieved; then have it be next, if it is one. */
unsigned room_next(struct pc_store *, unsigned next);
void room_close(struct pc_store *);
/* A spool in the store has a place of its own (-1: not yet).  Have room for
 * bytes in all.  1: there is none. */
int room_spool(struct pc_store *, int *place, uint64_t bytes);
/* It is gone; stored bytes of it are a value's file now. */
void room_spool_end(struct pc_store *, int *place, uint64_t stored);

/* ---- the event log (event.c) and what is summed up of it (fold.c) ---- */

enum {
	EVENT_BYTES = 128,
	FOLD_STEP = 64 * 1024, /* bytes of events that a put may sum up */
	LOG_OLD = 0,
	LOG_LIVE,
	LOGS,
	/* Past all shards' locks, below the flights'.  Names of event files
	 * change under the first; who has the second may sum events up; who
	 * has the third is the one pc-gc; the last is for beginning a new
	 * record of memory. */
	LOCK_ROTATE = 4096,
	LOCK_FOLD = 4097,
	LOCK_GC = 4098,
	LOCK_MEMORY = 4099,
	/* Who has the first may change what room.c keeps, who has the second
	 * evicts; from the third on each is a place's. */
	LOCK_ROOM = 4100,
	LOCK_RELIEVE = 4101,
	LOCK_PLACE = 4608,
	LOCK_COMPACT = 8192, /* and the shard: it is being compacted */
};

/* The check of an entry of EVENT_BYTES, of all but the 4 bytes at 4 where it
 * stands: of events and of records of memory. */
uint32_t event_check(const unsigned char *);
/* Add an event's bytes to out; append many by one write. */
int event_encode(const struct pc_event *, struct pc_buf *out);
int event_append(struct pc_store *, const struct pc_buf *events);
/* Bytes at which a new log is begun: fewer if the store's cap is small. */
uint64_t event_log_max(const struct pc_store *);
/* Call each for the events that begin in the log's bytes from *from up to to,
 * until one returns non-zero, which is returned.  *from is then where that
 * one begins, or where to go on when the log has grown. */
int event_scan(int fd, uint64_t *from, uint64_t to,
    int (*each)(void *ctx, const struct pc_event *), void *ctx);
int event_at(int fd, uint64_t at, struct pc_event *); /* 1: there is none */
/* Open both logs, -1 for one that is not there, and see how long they are. */
int event_open(struct pc_store *, int logs[LOGS], uint64_t sizes[LOGS]);
void event_close(int logs[LOGS]); /* errno stays */

/* What is summed up, and which part of which log that is. */
struct fold {
	struct fold_log {
		unsigned char id[16]; /* SHA-256 of the log's beginning */
		uint64_t end;         /* bytes that are summed up */
	} logs[LOGS];
	struct pc_tally tally; /* by stage, program and day */
};

/* Read it.  1: there is none; -1 EBADMSG: it is damaged; EPROTONOSUPPORT: it
 * is newer.  Whatever comes, it is to be cleared. */
int fold_read(struct pc_store *, struct fold *);
int fold_parse(const unsigned char *, size_t n, struct fold *);
void fold_clear(struct fold *);
/* How much of that log is summed up. */
uint64_t fold_covers(const struct fold *, int log, uint64_t size);
/* Sum up at most FOLD_STEP bytes more of the old log, under LOCK_FOLD.  0: all
 * of it is summed up, or there is none; 1: some of it remains. */
int fold_step(struct pc_store *);
int fold_forget(struct pc_store *);

int histogram_write(const struct pc_histogram *, struct pc_buf *);
/* Step over one at *p; EBADMSG. */
int histogram_read(struct pc_histogram *, const unsigned char **p,
    const unsigned char *end);

/* Add a sum to that of the same group, which a tally of another grouping
 * may have. */
int tally_add_sum(struct pc_tally *, const struct pc_sum *);

/* ---- all records (store.c) ---- */

/* Call each for every record of every shard in turn, as pc_store_each does,
 * but for removals and touches too. */
int store_scan(struct pc_store *, uint64_t newest,
    int (*each)(void *ctx, const struct record *), void *ctx);

/* ---- values in files of their own (external.c) ---- */

void external_name(const struct record *, char out[NAME_EXTERNAL]);
/* Give the spool's bytes that name; the shard is locked for writing. */
int external_link(struct pc_store *, unsigned shard, struct pc_spool *,
    const char *name);
void external_unlink(struct pc_store *, unsigned shard, const char *name);
int external_open(struct pc_store *, const struct record *, int *fd);
/* Before the file of a value goes that r took the place of: if a put of this
 * shard was promised to be on the disk, have r be there, and the log that it
 * is in. */
int external_settle(struct pc_store *, unsigned shard, const struct record *r);
/* Read all of fd: 0 and at the first byte again, 1: other bytes, -1. */
int external_verify(const struct pc_record *, int fd);

/* The spool's bytes when they are all in memory, else NULL. */
const unsigned char *spool_bytes(const struct pc_spool *);
int spool_fd(const struct pc_spool *);
/* Does its file lie in the store, with room taken for it? */
int spool_in_store(const struct pc_spool *);
/* It is a value's file now. */
void spool_stored(struct pc_spool *);

#endif
