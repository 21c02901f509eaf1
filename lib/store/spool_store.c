/* spool_store.c - reserve room in the store for a spool, and give its file a
 * name there at the end. */
#include "care/evict.h"
#include "disk/disk.h"
#include "disk/file.h"
#include "spool_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum {
	STEP = 1024 * 1024, /* bytes of room reserved at a time */
	PAGE = 4096,
};

void
spool_end_place(struct pc_spool *p, uint64_t stored)
{
	if (p->in_store)
		room_spool_end(p->store, &p->place, stored);
	p->in_store = 0;
}

/* Continue in a file outside the store. */
static int
move_out(struct pc_spool *p)
{
	int out = -1, r = 0;

	if (p->fd >= 0) {
		out = spool_unnamed_file(NULL);
		r = out < 0 ? -1 : pc_spool_send(p, out);
		if (r < 0 && out >= 0)
			close(out);
		if (r < 0)
			return -1;
		close(p->fd);
		p->fd = out;
	}
	if (p->place >= 0)
		spool_end_place(p, 0);
	p->in_store = 0;
	return 0;
}

int
spool_take_room(struct pc_spool *p, size_t n)
{
	const uint64_t size = p->size + n;
	uint64_t want = (size + STEP - 1) / STEP * STEP;
	int r;

	if (p->store && p->store->max && size > p->store->max) {
		errno = EMSGSIZE;
		return -1;
	}
	if (!p->in_store || size <= p->room || size <= PC_INLINE_MAX)
		return 0;
	/* In a small store, reserve smaller steps. */
	if (want - size > p->store->max / 64 && p->store->max)
		want = size + p->store->max / 64;
	r = room_spool(p->store, &p->place, want);
	if (r == 1 && want <= p->store->max / 2 &&
	    evict_now(p->store, want - p->room) == 0)
		r = room_spool(p->store, &p->place, want);
	if (r != 0)
		return move_out(p);
	p->room = want;
	return 0;
}

int
spool_in_store(const struct pc_spool *p)
{
	return p->in_store;
}

/* The spool's file has become a value's file. */
static void
stored(struct pc_spool *p)
{
	const uint64_t bytes = (p->size + PAGE - 1) / PAGE * PAGE;

	/* A file outside the store has no place; it was linked from elsewhere
	 * on the same file system. */
	if (p->in_store)
		spool_end_place(p, bytes);
	else if (p->store)
		room_use(p->store, bytes);
}

/* Copy the spool's bytes to a new file of that name. */
static int
copy_in(struct pc_store *s, unsigned shard, struct pc_spool *value,
    const char *name)
{
	int in = pc_spool_open(value), out, r = -1, e;
	char buf[16 * 1024];
	ssize_t n;

	if (in < 0)
		return -1;
	out = file_open(s, shard, name, O_WRONLY | O_CREAT | O_EXCL);
	if (out >= 0) {
		while ((n = pc_read_full(in, buf, sizeof buf)) > 0)
			if (pc_write_full(out, buf, (size_t)n) < 0)
				break;
		r = n == 0 ? 0 : -1;
		if (r == 0 && s->flags & PC_STORE_SYNC)
			r = fdatasync(out);
		e = errno;
		/* Some file systems report a full disk only when a file is
		 * closed. */
		if (close(out) < 0 && r == 0) {
			e = errno;
			r = -1;
		}
		room_use(s, value->size);
		if (r < 0)
			(void)unlinkat(dir_of(s, shard), name, 0);
		errno = e;
	}
	e = errno;
	close(in);
	errno = e;
	return r;
}

int
spool_link(struct pc_spool *value, struct pc_store *s, unsigned shard,
    const char *name)
{
	const int dir = dir_of(s, shard);
	char self[32];
	int fd = value->fd;

	if (dir < 0)
		return -1;
	if (fd >= 0) {
		if (s->flags & PC_STORE_SYNC && fdatasync(fd) < 0)
			return -1;
		snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
		if (linkat(AT_FDCWD, self, dir, name, AT_SYMLINK_FOLLOW) == 0) {
			stored(value);
			return 0;
		}
	}
	/* The file is on another file system, or the file system has no unnamed
	 * files. */
	return copy_in(s, shard, value, name);
}
