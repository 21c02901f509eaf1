/* shard.c - open, follow and repair the files of one shard, under its lock. */
#include "shard.h"

#include "disk/file.h"
#include "disk/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void
shard_close(struct shard *h)
{
	index_close(h->index);
	h->index = NULL;
	if (h->log >= 0)
		close(h->log);
	h->log = -1;
	h->log_writable = 0;
	if (h->dir >= 0)
		close(h->dir);
	h->dir = -1;
	free(h->tail.records);
	h->tail = (struct tail){0};
}

void
shard_close_all(struct pc_store *s)
{
	for (unsigned i = 0; i < PC_SHARDS; i++)
		shard_close(&s->shard[i]);
}

/* Open what is needed and not yet open; what is open is as old as h->slot. */
int
shard_open_files(struct pc_store *s, unsigned shard, int write, int with_index)
{
	struct shard *h = &s->shard[shard];
	int fd;

	if (h->log >= 0 && write && !h->log_writable) {
		close(h->log);
		h->log = -1;
	}
	if (h->log < 0) {
		h->log = file_open(s, shard, "log",
		    write ? O_RDWR | O_APPEND : O_RDONLY);
		if (h->log < 0)
			return -1;
		h->log_writable = write;
	}
	if (!with_index)
		return 0;
	if (h->index && write && !h->index_writable) {
		index_close(h->index);
		h->index = NULL;
	}
	if (!h->index) {
		fd = file_open(s, shard, "index", write ? O_RDWR : O_RDONLY);
		if (fd < 0 && errno == ENOENT && shard_needs_no_index(&h->slot))
			return 0;
		h->index = fd < 0 ? NULL : index_open(fd, write);
		if (!h->index && errno == ENOENT)
			errno = EBADMSG;
		if (!h->index)
			return -1;
		h->index_writable = write;
	}
	return 0;
}

/* Close what is older than the slot. */
void
shard_follow(struct shard *h, const struct slot *t)
{
	if (h->slot.generation != t->generation) {
		shard_close(h);
	} else if (h->slot.seq != t->seq) {
		index_close(h->index);
		h->index = NULL;
	}
	h->slot = *t;
}

/* Open only the log, for a reader that cannot have an index. */
static int
without_index(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	int r;

	shard_close(h);
	if (shard_open_files(s, shard, 0, 0) < 0)
		return errno == ENOENT || errno == EBADMSG ? SHARD_EMPTY : -1;
	/* No slot can be trusted to know the log's id, either. */
	r = log_identify(h->log, shard, h->slot.log_id);
	return r == 0 ? SHARD_LOG : r == 1 ? SHARD_EMPTY : -1;
}

/* Repair the shard under the lock how.  A reader can do without an index if
 * there is no room, or no permission, to make one. */
static int
repair(struct pc_store *s, unsigned shard, int write, int how, struct slot *t)
{
	struct shard *h = &s->shard[shard];

	shard_close(h);
	if (s->flags & PC_STORE_READ_ONLY)
		return without_index(s, shard);
	if (how != RANGE_EXCLUSIVE)
		return SHARD_LOCK;
	if (repair_shard(s, shard, t) == 0) {
		h->slot = *t;
		if (shard_open_files(s, shard, write, 1) == 0)
			return SHARD_READY;
	}
	return write ? -1 : without_index(s, shard);
}

int
shard_ready(struct pc_store *s, unsigned shard, int write, int how)
{
	struct shard *h = &s->shard[shard];
	struct slot t = {0};
	int r = state_read(s, shard, &t);

	if (r < 0 && errno != EBADMSG)
		return -1;
	if (r == SLOT_UNUSED && !write)
		return SHARD_EMPTY;
	if (r != SLOT_READ || t.dirty || t.boot != s->boot || h->distrusted)
		return repair(s, shard, write, how, &t);
	shard_follow(h, &t);
	if (shard_open_files(s, shard, write, 1) == 0)
		return SHARD_READY;
	if (errno == EMFILE) {
		shard_close_all(s);
		return shard_open_files(s, shard, write, 1);
	}
	/* A used shard has both files, so one is damaged or missing. */
	if (errno != EBADMSG && errno != ENOENT)
		return -1;
	return repair(s, shard, write, how, &t);
}

int
shard_enter(struct pc_store *s, unsigned shard, int write)
{
	int how = write ? RANGE_EXCLUSIVE : RANGE_SHARED;
	int r, e;

	for (;;) {
		if (lock_shard(s, shard, how) < 0)
			return -1;
		r = shard_ready(s, shard, write, how);
		if (r == SHARD_READY || r == SHARD_LOG)
			return r;
		e = errno;
		/* Release it first: two processes that both hold the read lock
		 * would wait for each other. */
		shard_leave(s, shard);
		errno = e;
		if (r != SHARD_LOCK)
			return r;
		how = RANGE_EXCLUSIVE;
	}
}

void
shard_leave(struct pc_store *s, unsigned shard)
{
	lock_shard(s, shard, RANGE_FREE);
}

int
shard_distrust(struct pc_store *s, unsigned shard)
{
	struct slot t;
	int r = 0, e;

	shard_close(&s->shard[shard]);
	if (s->flags & PC_STORE_READ_ONLY) {
		s->shard[shard].distrusted = 1;
		return 0;
	}
	if (lock_shard(s, shard, RANGE_EXCLUSIVE) < 0)
		return -1;
	/* A slot that cannot be read will be repaired anyway. */
	if (state_read(s, shard, &t) == SLOT_READ) {
		t.dirty = 1;
		r = state_write(s, shard, &t);
	}
	e = errno;
	shard_leave(s, shard);
	errno = e;
	return r;
}
