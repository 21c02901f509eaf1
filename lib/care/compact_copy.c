/* compact_copy.c - write the new log and its index. */
#include "compact.h"

#include "disk/file.h"
#include "disk/lock.h"
#include "shard/index.h"
#include "shard/logfile.h"
#include "shard/scan.h"
#include "shard/shard.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OUT = 1024 * 1024,         /* bytes that are written at once */
	DAMAGED_MAX = 1024 * 1024, /* bytes of damaged records that are kept */
};

/* ---- files ---- */

static void
fresh_close(struct pc_compact *c, struct fresh *f, const char *next)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->named)
		unlinkat(dir_of(c->s, c->shard), next, 0);
	*f = (struct fresh){.fd = -1};
}

static int
fresh_open(struct pc_compact *c, struct fresh *f, const char *next)
{
	/* A file without a name leaves nothing if this process dies. */
	if (access("/proc/self/fd", X_OK) == 0) {
		f->fd = file_unnamed(c->s, c->shard);
		if (f->fd >= 0)
			return 0;
	}
	if (dir_of(c->s, c->shard) < 0)
		return -1;
	unlinkat(dir_of(c->s, c->shard), next, 0);
	f->fd = file_open(c->s, c->shard, next, O_RDWR | O_CREAT | O_EXCL);
	f->named = f->fd >= 0;
	return f->fd < 0 ? -1 : 0;
}

int
compact_place(struct pc_compact *c, struct fresh *f, int fd, const char *next,
    const char *name)
{
	const int dir = dir_of(c->s, c->shard);
	char self[32];

	if (dir < 0)
		return -1;
	if (!f->named) {
		unlinkat(dir, next, 0);
		snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
		if (linkat(AT_FDCWD, self, dir, next, AT_SYMLINK_FOLLOW) < 0)
			return -1;
		f->named = 1;
	}
	if (renameat(dir, next, dir, name) < 0)
		return -1;
	f->named = 0;
	return 0;
}

/* ---- copying ---- */

static int
copy_slowly(int in, uint64_t from, int out, uint64_t to, size_t n)
{
	unsigned char *buf = malloc(PC_IO_CHUNK);
	int r = buf ? 0 : -1, e;

	while (r == 0 && n > 0) {
		size_t ask = n < PC_IO_CHUNK ? n : PC_IO_CHUNK;
		ssize_t got = pc_pread_full(in, buf, ask, (off_t)from);

		if (got >= 0 && (size_t)got < ask)
			errno = EBADMSG; /* it was cut meanwhile */
		r = got == (ssize_t)ask
		    ? pc_pwrite_full(out, buf, ask, (off_t)to)
		    : -1;
		from += ask;
		to += ask;
		n -= ask;
	}
	e = errno;
	free(buf);
	errno = e;
	return r;
}

static int
flush(struct pc_compact *c)
{
	if (pc_pwrite_full(c->log.fd, c->out.data, c->out.len,
		(off_t)c->out_at) < 0)
		return -1;
	c->out_at += c->out.len;
	c->out.len = 0;
	return 0;
}

/* Append n bytes of the old log to the new one.  Short pieces are collected
 * first, because a write costs more than a read. */
static int
copy(struct pc_compact *c, uint64_t from, uint64_t n)
{
	if (!c->out.data && pc_buf_reserve(&c->out, OUT) < 0)
		return -1;
	while (n > 0) {
		size_t ask = OUT - c->out.len;
		ssize_t got;

		if (compact_stopped(c))
			return -1;
		if (ask > n)
			ask = (size_t)n;
		got = pc_pread_full(c->old, c->out.data + c->out.len, ask,
		    (off_t)from);
		if (got >= 0 && (size_t)got < ask)
			errno = EBADMSG; /* it was cut meanwhile */
		if (got < (ssize_t)ask)
			return -1;
		c->out.len += ask;
		from += ask;
		n -= ask;
		if (c->out.len == OUT && flush(c) < 0)
			return -1;
	}
	return 0;
}

/* Copy a record whose expiry was changed: the copy has the new one. */
static int
copy_touched(struct pc_compact *c, const struct live_entry *e)
{
	struct pc_buf old = {0}, new = {0};
	struct record r;
	int result = live_read(c->old, c->log_id, e, 1, &old, &r);

	if (result == 1)
		errno = EBADMSG;
	if (result == 0) {
		size_t value = r.external ? 0 : (size_t)r.pub.size;
		const unsigned char *p = r.pub.extra + r.pub.extra_len;

		r.pub.expires = e->expires;
		if (record_encode(&r, c->log_id, &new) < 0 ||
		    pc_buf_add(&new, p, value) < 0 ||
		    pc_buf_add(&new, r.trailer, RECORD_TRAILER) < 0)
			result = -1;
		else
			result = flush(c);
		if (result == 0)
			result = pc_pwrite_full(c->log.fd, new.data, new.len,
			    (off_t)e->to);
		c->out_at += new.len;
	}
	pc_buf_clear(&old);
	pc_buf_clear(&new);
	return result == 0 ? 0 : -1;
}

/* Copy the records that stay; neighbours are copied together. */
static int
copy_live(struct pc_compact *c)
{
	uint64_t from = 0, n = 0;

	c->to = c->out_at = LOG_HEADER;
	c->out.len = 0;
	for (size_t i = 0; i < c->live.count; i++) {
		struct live_entry *e = &c->live.all[i];

		if (e->gone)
			continue;
		if ((e->touched || e->offset != from + n) && n > 0) {
			if (copy(c, from, n) < 0)
				return -1;
			n = 0;
		}
		e->to = c->to;
		c->to += e->length;
		if (e->touched) {
			if (copy_touched(c, e) < 0)
				return -1;
			continue;
		}
		if (n == 0)
			from = e->offset;
		n += e->length;
	}
	return copy(c, from, n) < 0 ? -1 : flush(c);
}

static int
index_live(struct pc_compact *c)
{
	for (size_t i = 0; i < c->live.count; i++) {
		const struct live_entry *e = &c->live.all[i];
		const struct index_entry x = {.offset = e->to,
		    .length = e->length,
		    .expires = e->expires,
		    .external = e->external};

		if (e->gone)
			continue;
		if (compact_stopped(c) || index_put(c->index, &e->key, &x) < 0)
			return -1;
	}
	return 0;
}

int
compact_tail(struct pc_compact *c, uint64_t *copied)
{
	struct record r;
	struct scan scan;
	struct stat st;
	int more;

	*copied = 0;
	if (fstat(c->old, &st) < 0)
		return -1;
	if ((uint64_t)st.st_size <= c->from)
		return 0;
	scan_init(&scan, c->old, c->log_id, c->from, (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0) {
		r.offset += c->to - c->from;
		if (index_apply(c->index, &r) < 0) {
			more = -1;
			break;
		}
	}
	*copied = scan.valid_end - c->from;
	scan_clear(&scan);
	if (more < 0 || copy(c, c->from, *copied) < 0 || flush(c) < 0)
		return -1;
	c->from += *copied;
	c->to += *copied;
	return 0;
}

int
compact_sync(struct pc_compact *c)
{
	if (c->synced && c->synced_to == c->to)
		return 0;
	if (fdatasync(c->log.fd) < 0)
		return -1;
	c->synced = 1;
	c->synced_to = c->to;
	return 0;
}

void
compact_keep_damaged(struct pc_compact *c)
{
	struct stat st;
	int fd;

	if (c->lost.len == 0)
		return;
	fd = file_open(c->s, c->shard, "log.damaged", O_RDWR | O_CREAT);
	if (fd < 0)
		return;
	for (size_t i = 0; i < c->lost.len; i += 16) {
		const uint64_t at = pc_decode_u64(c->lost.data + i);
		const uint64_t n = pc_decode_u64(c->lost.data + i + 8);

		if (fstat(fd, &st) < 0 || n > DAMAGED_MAX ||
		    (uint64_t)st.st_size + n > DAMAGED_MAX ||
		    copy_slowly(c->old, at, fd, (uint64_t)st.st_size,
			(size_t)n) < 0)
			break;
	}
	close(fd);
}

/* ---- all of it ---- */

/* Make the new log and its index. */
static int
make_files(struct pc_compact *c)
{
	if (fresh_open(c, &c->log, "log.next") < 0 ||
	    log_header_write(c->log.fd, c->shard, c->log_id) < 0 ||
	    copy_live(c) < 0)
		return -1;
	if (c->to < TAIL_MAX && shard_is_small(c->s))
		return 0;
	if (fresh_open(c, &c->index_file, "index.next") < 0)
		return -1;
	c->index = index_new(c->index_file.fd);
	c->index_file.fd = -1; /* the index has it */
	return c->index ? index_live(c) : -1;
}

void
compact_drop(struct pc_compact *c)
{
	int e = errno;

	index_close(c->index);
	c->index = NULL;
	fresh_close(c, &c->log, "log.next");
	fresh_close(c, &c->index_file, "index.next");
	errno = e;
}

/* If the disk is full, give up the index, which can be rebuilt, since the new
 * log frees more. */
static int
give_up_index(struct pc_compact *c)
{
	struct slot t;
	int r;

	if (lock_shard(c->s, c->shard, RANGE_EXCLUSIVE) < 0)
		return -1;
	r = state_read(c->s, c->shard, &t);
	if (r == SLOT_READ && t.generation == c->slot.generation) {
		t.dirty = 1;
		r = state_write(c->s, c->shard, &t);
		if (r == 0)
			r = unlinkat(dir_of(c->s, c->shard), "index", 0);
		shard_close(&c->s->shard[c->shard]);
	}
	shard_leave(c->s, c->shard);
	return r == 0 ? 0 : -1;
}

int
compact_make(struct pc_compact *c)
{
	int r = make_files(c);

	const int e = errno;

	if (r == 0 || (e != ENOSPC && e != EDQUOT))
		return r;
	compact_drop(c);
	if (give_up_index(c) < 0) {
		errno = e;
		return -1;
	}
	return make_files(c);
}
