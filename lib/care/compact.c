/* compact.c - rewrite the log of a shard without the records that are not
 * needed.
 *
 * The records that stay are copied to a file without a name, and indexed, while
 * other processes use the old log.  What was appended meanwhile is copied
 * unchanged.  Then, under the shard's lock:
 *
 *   1. The slot's generation becomes 0, and the slot dirty.  A process that
 *      appends reads the generation after its write.  So everything that was
 *      acknowledged is in the old log by now; a process that reads the
 *      generation later waits for the lock and appends again.
 *   2. What the new log still lacks is copied; that is little.
 *   3. The new log takes the name of the old one, then the new index.
 *   4. The slot gets a new generation.
 *
 * A process that dies before 3 leaves the old log; one that dies later leaves
 * the new log.  Each log is whole.  The slot stays dirty, so that the next user
 * rebuilds the index.  The id of the log stays the same: a process that has the
 * old slot and opens the new log finds and writes records that are valid
 * there. */
#include "compact.h"

#include "disk/file.h"
#include "disk/lock.h"
#include "shard/index.h"
#include "shard/shard.h"
#include "sweep.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TAIL_SMALL = 16 * 1024, /* bytes that may be copied under the lock */
	ROUNDS = 8,
	BLOCK = 512, /* the unit of st_blocks */
	PAGE = 4096,
	COPY_SMALL = 64 * 1024, /* bytes that are copied very quickly */
	INDEX_LEAST = 16 * 1024,
	INDEX_EACH = 150, /* bytes of an index for each record, roughly */
};

static void
compact_free(struct pc_compact *c)
{
	int e = errno;

	compact_drop(c);
	if (c->borrowed)
		(void)room_borrow(c->s, 0);
	if (c->old >= 0)
		close(c->old);
	if (c->locked)
		lock_range(c->s->state, LOCK_COMPACT + c->shard, RANGE_FREE, 0);
	live_clear(&c->live);
	pc_buf_clear(&c->lost);
	pc_buf_clear(&c->out);
	free(c);
	errno = e;
}

/* Damaged records that were kept for inspection may contain data to erase. */
static int
erase_aside(const struct pc_compact *c)
{
	static const char name[] = "log.damaged";
	struct stat st;
	int dir;

	if (!(c->o->flags & PC_COMPACT_ERASE))
		return 0;
	dir = dir_of(c->s, c->shard);
	if (dir < 0 || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!(c->o->flags & PC_COMPACT_DRY_RUN) && unlinkat(dir, name, 0) < 0 &&
	    errno != ENOENT)
		return -1;
	c->report->aside++;
	return 0;
}

/* Clean up after the log is done. */
static int
tidy(struct pc_compact *c)
{
	if (erase_aside(c) < 0)
		return -1;
	/* If a file cannot be removed now, the next compaction tries again; but
	 * with PC_COMPACT_ERASE that is an error. */
	return sweep_shard(c->s, c->shard, &c->live, c->o, c->report) < 0 &&
		c->o->flags & PC_COMPACT_ERASE
	    ? -1
	    : 0;
}

/* Open the log and remember the slot.  SHARD_EMPTY: there is nothing. */
static int
open_log(struct pc_compact *c)
{
	struct shard *h = &c->s->shard[c->shard];
	struct slot before = {0};
	struct stat st;
	int r;

	if (state_read(c->s, c->shard, &before) != SLOT_READ)
		before = (struct slot){0};
	r = shard_enter(c->s, c->shard, 0);
	if (r == SHARD_EMPTY && before.log_end > LOG_HEADER)
		compact_cut(c, 0);
	if (r == SHARD_EMPTY || r < 0)
		return r;
	memcpy(c->log_id, h->slot.log_id, LOG_ID);
	c->old = fcntl(h->log, F_DUPFD_CLOEXEC, 3);
	if (state_read(c->s, c->shard, &c->slot) != SLOT_READ)
		c->slot = (struct slot){0};
	if (c->slot.generation == before.generation &&
	    fstat(h->log, &st) == 0 && (uint64_t)st.st_size < before.log_end)
		compact_cut(c, (uint64_t)st.st_size);
	shard_leave(c->s, c->shard);
	return c->old < 0 ? -1 : 0;
}

int
pc_compact_begin(struct pc_store *s, unsigned shard,
    const struct pc_compact_options *o, struct pc_compact_report *report,
    struct pc_compact **out)
{
	const int dry = (o->flags & PC_COMPACT_DRY_RUN) != 0;
	struct pc_compact *c;
	int r;

	if (s->flags & PC_STORE_READ_ONLY && !dry) {
		errno = EROFS;
		return -1;
	}
	c = calloc(1, sizeof *c);
	if (!c)
		return -1;
	*c = (struct pc_compact){.s = s,
	    .shard = shard,
	    .o = o,
	    .report = report,
	    .now = pc_now(),
	    .old = -1,
	    .log.fd = -1,
	    .index_file.fd = -1};
	r = lock_range(s->state, LOCK_COMPACT + shard,
	    dry ? RANGE_SHARED : RANGE_EXCLUSIVE, o->wait);
	c->locked = r == LOCK_TAKEN;
	/* Readers can go on during a long compaction that makes a new log;
	 * freeing holes in this log takes only a moment. */
	if (dry)
		r = 0;
	*out = NULL;
	if (c->locked && !dry)
		repair_remove_leftovers(s, shard);
	if (r == 0) {
		r = open_log(c);
		if (r == 0)
			*out = c;
		else if (r == SHARD_EMPTY)
			r = tidy(c);
	}
	if (!*out)
		compact_free(c);
	return r;
}

int
pc_compact_copy(struct pc_compact *c)
{
	return compact_read(c) < 0 ? -1 : compact_write(c);
}

void
compact_cancel(struct pc_compact *c)
{
	compact_free(c);
}

/* Reserve room for a new log and its index, beside the old ones. */
static int
borrow(struct pc_compact *c)
{
	uint64_t bytes = c->to + PAGE;
	int r;

	if (c->to >= TAIL_MAX || !shard_is_small(c->s))
		bytes += INDEX_LEAST + c->live.count * INDEX_EACH;
	r = room_borrow(c->s, bytes);
	if (r == 0)
		c->borrowed = bytes;
	return r;
}

/* Shall a new log be made?  Otherwise space is freed in the old one, which
 * needs no room but may free less.  -1 ENOSPC: neither is possible. */
static int
choose_way(struct pc_compact *c)
{
	const int tight = (c->o->flags & PC_COMPACT_TIGHT) != 0;
	uint64_t disk, punched = 0, copied = (c->to + PAGE - 1) / PAGE * PAGE;
	struct stat st;
	int copy;

	if (c->to == LOG_HEADER)
		return 0; /* every record is removed */
	if (fstat(c->old, &st) < 0 || punch_size(c, &punched) < 0)
		return -1;
	disk = (uint64_t)st.st_blocks * BLOCK;
	if (c->s->no_holes || punched > disk)
		punched = disk;
	copied = copied < disk ? copied : disk;
	if (tight && disk - copied < PAGE && disk - punched < PAGE) {
		c->worth = 0;
		return 0;
	}
	copy = !tight || c->to < COPY_SMALL ||
	    disk - punched < (disk - copied) / 2;
	if (copy && borrow(c) == 0)
		return 0;
	c->punch = 1;
	if (!c->s->no_holes)
		return 0;
	c->punch = 0;
	if (borrow(c) == 0)
		return 0;
	errno = ENOSPC;
	return -1;
}

int
compact_write(struct pc_compact *c)
{
	uint64_t copied = TAIL_SMALL + 1;

	c->worth |= compact_forgets(c) && c->live.dead > 0;
	c->report->after += c->worth ? c->to : c->from;
	c->report->rewritten += (unsigned)c->worth;
	if (!c->worth || c->o->flags & PC_COMPACT_DRY_RUN)
		return 0;
	if (!(c->o->flags & PC_COMPACT_ERASE))
		compact_keep_damaged(c);
	if (choose_way(c) < 0)
		return -1;
	if (!c->worth || c->punch || c->to == LOG_HEADER)
		return 0;
	if (compact_make(c) < 0 ||
	    ((c->o->flags & PC_COMPACT_SYNC || c->slot.synced) &&
		compact_sync(c) < 0))
		return -1;
	for (int i = 0; i < ROUNDS && copied > TAIL_SMALL; i++)
		if (compact_tail(c, &copied) < 0)
			return -1;
	return c->slot.synced ? compact_sync(c) : 0;
}

/* Under the lock, replace the old log by the new one. */
static int
replace(struct pc_compact *c)
{
	struct slot t = {0}, fence;
	uint64_t copied, mark[2];
	int e;

	if (state_read(c->s, c->shard, &t) != SLOT_READ)
		t = (struct slot){0};
	if (t.generation != c->slot.generation)
		return PC_COMPACT_AGAIN;
	if (getrandom(mark, sizeof mark, 0) != sizeof mark)
		return -1;
	fence = t;
	fence.generation = 0;
	fence.dirty = 1;
	if (state_write(c->s, c->shard, &fence) < 0)
		return -1;
	if (compact_tail(c, &copied) < 0 || (t.synced && compact_sync(c) < 0) ||
	    compact_place(c, &c->log, c->log.fd, "log.next", "log") < 0) {
		e = errno;
		/* Undo: nothing has changed. */
		state_write(c->s, c->shard, &t);
		errno = e;
		return -1;
	}
	/* If this process dies from here on, the next user makes the index. */
	if (c->index &&
	    compact_place(c, &c->index_file, index_fd(c->index), "index.next",
		"index") < 0)
		return -1;
	if (!c->index)
		(void)unlinkat(dir_of(c->s, c->shard), "index", 0);
	memcpy(t.log_id, c->log_id, LOG_ID);
	t.boot = c->s->boot;
	t.log_end = c->index ? c->to : LOG_HEADER;
	t.seq = mark[0];
	t.generation = mark[1] | 1;
	t.dirty = 0;
	return state_write(c->s, c->shard, &t);
}

int
pc_compact_end(struct pc_compact *c, int done)
{
	struct pc_store *s = c->s;
	int r = done;

	if (r == 0 && c->worth && !(c->o->flags & PC_COMPACT_DRY_RUN)) {
		s->recount = 1;
		if (c->to == LOG_HEADER)
			r = compact_remove_shard(c);
		if (r == COMPACT_PUT ||
		    (r == 0 && c->punch && c->to > LOG_HEADER))
			r = punch_log(c);
	}
	if (r == 0 && c->log.fd >= 0) {
		r = lock_shard(s, c->shard, RANGE_EXCLUSIVE);
		if (r == 0) {
			int e;

			r = replace(c);
			e = errno;
			shard_leave(s, c->shard);
			/* Closing the old index frees its disk space, which
			 * takes longer than the steps that others wait for. */
			shard_close(&s->shard[c->shard]);
			errno = e;
		}
	}
	/* Files of values are removed after the log without them is on the
	 * disk. */
	if (r == 0 && c->synced && file_sync(s, c->shard, c->log.fd) < 0)
		r = c->o->flags & PC_COMPACT_ERASE ? -1 : 0;
	else if (r == 0)
		r = tidy(c);
	compact_free(c);
	return r;
}

int
pc_store_compact(struct pc_store *s, unsigned shard,
    const struct pc_compact_options *o, struct pc_compact_report *report)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct pc_compact_report one = *report;
		struct pc_compact *c;
		int r = pc_compact_begin(s, shard, o, &one, &c);

		if (r != 0 || !c)
			return r;
		r = pc_compact_end(c, pc_compact_copy(c));
		if (r == PC_COMPACT_AGAIN)
			continue;
		if (r == 0)
			*report = one;
		return r;
	}
	errno = EBUSY;
	return -1;
}
