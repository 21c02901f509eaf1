/* compact_remove.c - remove a shard in which nothing stays. */
#include "compact.h"
#include "disk/file.h"
#include "disk/lock.h"
#include "shard/scan.h"
#include "shard/shard.h"
#include "sweep.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Is the log still as it was read, with nothing appended? */
static int
is_still_all(const struct pc_compact *c)
{
	struct record r;
	struct scan scan;
	struct stat st;
	int more = -1;

	if (fstat(c->old, &st) < 0)
		return 0;
	if ((uint64_t)st.st_size <= c->from)
		return 1;
	scan_init(&scan, c->old, c->log_id, c->from, (uint64_t)st.st_size);
	more = scan_next(&scan, &r);
	scan_clear(&scan);
	return more == 1;
}

static int
remove_files(struct pc_compact *c)
{
	const int dir = dir_of(c->s, c->shard);
	char name[8];
	int fd, r = 0;

	if (dir < 0)
		return -1;
	(void)unlinkat(dir, "index", 0);
	if (unlinkat(dir, "log", 0) < 0 && errno != ENOENT)
		return -1;
	if (c->slot.synced) {
		fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = fd < 0 ? -1 : fsync(fd);
		if (fd >= 0)
			close(fd);
	}
	repair_remove_leftovers(c->s, c->shard);
	sweep_all(c->s, c->shard);
	/* The directory stays if it holds a file that was kept for
	 * inspection. */
	snprintf(name, sizeof name, "%02x", c->shard);
	(void)unlinkat(c->s->dir, name, AT_REMOVEDIR);
	return r;
}

int
compact_remove_shard(struct pc_compact *c)
{
	struct pc_store *s = c->s;
	struct slot t, fence;
	int r, e;

	if (lock_shard(s, c->shard, RANGE_EXCLUSIVE) < 0)
		return -1;
	r = state_read(s, c->shard, &t);
	if (r == SLOT_UNUSED ||
	    (r == SLOT_READ && t.generation != c->slot.generation))
		r = PC_COMPACT_AGAIN;
	if (r == 0) {
		fence = t;
		fence.generation = 0;
		fence.dirty = 1;
		r = state_write(s, c->shard, &fence);
	}
	/* A process that appends from now on finds the slot changed, and
	 * appends again to the log that it creates. */
	if (r == 0 && !is_still_all(c)) {
		r = state_write(s, c->shard, &t) < 0 ? -1 : COMPACT_PUT;
	} else if (r == 0) {
		r = remove_files(c);
		if (r == 0)
			r = state_clear(s, c->shard);
	}
	e = errno;
	shard_close(&s->shard[c->shard]);
	shard_leave(s, c->shard);
	errno = e;
	return r;
}
