/* compact.h - a compaction under way; private to lib/compact*.c. */
#ifndef COMPACT_H
#define COMPACT_H

#include "disk/disk.h"
#include "live.h"

#include <errno.h>

/* A new file that does not have its name yet. */
struct fresh {
	int fd;
	int named; /* it has the name name.next */
};

struct pc_compact {
	struct pc_store *s;
	unsigned shard;
	const struct pc_compact_options *o;
	struct pc_compact_report *report;
	int64_t now;
	struct slot slot; /* its state when the compaction began */
	unsigned char log_id[LOG_ID];
	int locked;
	int old;           /* the log */
	uint64_t from;     /* the old log is copied up to here, */
	uint64_t to;       /* to here in the new one */
	struct pc_buf out; /* bytes for the new log, */
	uint64_t out_at;   /* at this place in it */
	struct live live;
	struct pc_buf lost; /* pairs of offset and length, 8 bytes each */
	int worth;          /* compacting frees something */
	int punch;          /* free space in the log in place */
	uint64_t borrowed;  /* room for the new files */
	struct fresh log, index_file;
	struct index *index;
	int synced; /* the new log is on the disk up to synced_to */
	uint64_t synced_to;
};

/* 1 with ECANCELED: the user wants to stop. */
static inline int
compact_stopped(const struct pc_compact *c)
{
	if (!c->o->stop || !*c->o->stop)
		return 0;
	errno = ECANCELED;
	return 1;
}

/* Shall the space of replaced and removed records be freed? */
static inline int
compact_forgets(const struct pc_compact *c)
{
	return (c->o->flags & (PC_COMPACT_FORGET | PC_COMPACT_ERASE)) != 0;
}

/* Note that the log ends at offset, earlier than the index says. */
void compact_cut(struct pc_compact *, uint64_t offset);
/* Find the live records, and choose those that stay (compact_read.c): in one
 * step, or in two, so that the caller can choose in between. */
int compact_read(struct pc_compact *);
int compact_read_log(struct pc_compact *);
int compact_decide(struct pc_compact *);
/* Then write (compact.c), and finish with pc_compact_end; or cancel. */
int compact_write(struct pc_compact *);
void compact_cancel(struct pc_compact *);

/* Write a new log of what stays, and its index (compact_copy.c). */
int compact_make(struct pc_compact *);
/* Close both, and unlink a file that did not get its name. */
void compact_drop(struct pc_compact *);
/* Copy what was appended meanwhile, unchanged: records that replace or remove,
 * and damaged bytes. */
int compact_tail(struct pc_compact *, uint64_t *copied);
int compact_sync(struct pc_compact *);

/* Free space without copying what stays (punch.c).  punch_size tells how many
 * bytes of the disk the log will take then. */
int punch_size(struct pc_compact *, uint64_t *bytes);
int punch_log(struct pc_compact *);

/* Remove a shard in which nothing stays (compact_remove.c).  COMPACT_PUT:
 * something was put meanwhile, so it is still there. */
enum { COMPACT_PUT = 3 };
int compact_remove_shard(struct pc_compact *);
/* Give a file its name, and replace the one that has it. */
int compact_place(struct pc_compact *, struct fresh *, int fd, const char *next,
    const char *name);
/* Keep damaged records in a file for inspection, up to a limit. */
void compact_keep_damaged(struct pc_compact *);

#endif
