/* compact.h - a compaction under way; private to lib/compact*.c. */
#ifndef COMPACT_H
#define COMPACT_H

#include "disk/disk.h"
#include "live.h"

#include <errno.h>

/* A file on its way to its name. */
struct fresh {
	int fd;
	int named; /* it has one already: name.next */
};

struct pc_compact {
	struct pc_store *s;
	unsigned shard;
	const struct pc_compact_options *o;
	struct pc_compact_report *report;
	int64_t now;
	struct slot slot; /* as it was at the beginning */
	unsigned char log_id[LOG_ID];
	int locked;
	int old;           /* the log */
	uint64_t from;     /* the old log is copied up to here, */
	uint64_t to;       /* to here in the new one */
	struct pc_buf out; /* bytes for the new log, */
	uint64_t out_at;   /* at this place in it */
	struct live live;
	struct pc_buf lost; /* pairs of offset and length, 8 bytes each */
	int worth;          /* something is to be gained */
	int punch;          /* free what goes in the log as it lies */
	uint64_t borrowed;  /* room for the new files */
	struct fresh log, index_file;
	struct index *index;
	int synced; /* the new log is on the disk up to synced_to */
	uint64_t synced_to;
};

/* 1 with ECANCELED: it is to end. */
static inline int
compact_stopped(const struct pc_compact *c)
{
	if (!c->o->stop || !*c->o->stop)
		return 0;
	errno = ECANCELED;
	return 1;
}

/* Is the room of what was replaced and removed to be given back? */
static inline int
compact_forgets(const struct pc_compact *c)
{
	return (c->o->flags & (PC_COMPACT_FORGET | PC_COMPACT_ERASE)) != 0;
}

/* The log ends at offset, before what the index knows of it. */
void compact_cut(struct pc_compact *, uint64_t offset);
/* Find what is alive, and of this what stays (compact_read.c): both, or one
 * after the other, with a choice between them. */
int compact_read(struct pc_compact *);
int compact_read_log(struct pc_compact *);
int compact_decide(struct pc_compact *);
/* Then do it (compact.c), up to pc_compact_end; or leave all as it is. */
int compact_write(struct pc_compact *);
void compact_cancel(struct pc_compact *);

/* Make the new log, of what stays, and its index (compact_copy.c). */
int compact_make(struct pc_compact *);
/* Close them, and unlink what did not come to its name. */
void compact_drop(struct pc_compact *);
/* Copy what was appended since, as it is: records that replace or remove, and
 * what is damaged. */
int compact_tail(struct pc_compact *, uint64_t *copied);
int compact_sync(struct pc_compact *);

/* Free what goes without copying what stays (punch.c).  Bytes of the disk that
 * the log will take then. */
int punch_size(struct pc_compact *, uint64_t *bytes);
int punch_log(struct pc_compact *);

/* Remove a shard in which nothing stays (compact_remove.c).  COMPACT_PUT:
 * something was put meanwhile, so it is still there. */
enum { COMPACT_PUT = 3 };
int compact_remove_shard(struct pc_compact *);
/* Give a file its name, in place of what has it. */
int compact_place(struct pc_compact *, struct fresh *, int fd, const char *next,
    const char *name);
/* Keep damaged records in a file for inspection, up to a limit. */
void compact_keep_damaged(struct pc_compact *);

#endif
