/* spool.c - a value of any size on its way: in memory while it is small, and
 * hashed only when its id is wanted; then in a file without a name, and hashed
 * as it comes. */
#include "spool.h"

#include "care/evict.h"
#include "disk/disk.h"
#include "disk/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	STEP = 1024 * 1024, /* bytes of room that are taken at once */
	PAGE = 4096,
};

struct pc_spool {
	struct pc_store *store; /* or NULL */
	int in_store;           /* its file will be, or is */
	int place;              /* there (room.c); -1: none */
	uint64_t room;          /* bytes that it may have */
	int fd; /* -1: all is in bytes; else they are what came after it */
	uint64_t size;
	struct pc_sha256 hash;
	size_t hashed; /* of bytes */
	struct pc_buf bytes;
};

struct pc_spool *
pc_spool_new(struct pc_store *s)
{
	struct pc_spool *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->store = s;
	p->in_store = s != NULL;
	p->place = p->fd = -1;
	pc_sha256_init(&p->hash);
	return p;
}

/* An unnamed file, in the store if it can be, so that it need not be
 * copied later. */
static int
unnamed_file(struct pc_store *s)
{
	const char *tmp = getenv("TMPDIR");
	char path[4096];
	int fd;

	if (s) {
		fd = file_unnamed(s, STORE_TOP);
		if (fd >= 0)
			return fd;
	}
	if (!tmp || !*tmp)
		tmp = "/tmp";
	fd = open(tmp, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (snprintf(path, sizeof path, "%s/pc.XXXXXX", tmp) >=
	    (int)sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static void
hash_bytes(struct pc_spool *p)
{
	if (p->hashed == p->bytes.len)
		return;
	pc_sha256_add(&p->hash, p->bytes.data + p->hashed,
	    p->bytes.len - p->hashed);
	p->hashed = p->bytes.len;
}

static int
spill(struct pc_spool *p)
{
	int fd = unnamed_file(p->in_store ? p->store : NULL);

	if (fd < 0)
		return -1;
	if (pc_write_full(fd, p->bytes.data, p->bytes.len) < 0) {
		int e = errno;

		close(fd);
		errno = e;
		return -1;
	}
	hash_bytes(p);
	pc_buf_clear(&p->bytes);
	p->hashed = 0;
	p->fd = fd;
	return 0;
}

static void
end_place(struct pc_spool *p, uint64_t stored)
{
	if (p->in_store)
		room_spool_end(p->store, &p->place, stored);
	p->in_store = 0;
}

/* Go on in a file that is not in the store. */
static int
move_out(struct pc_spool *p)
{
	int out = -1, r = 0;

	if (p->fd >= 0) {
		out = unnamed_file(NULL);
		r = out < 0 ? -1 : pc_spool_send(p, out);
		if (r < 0 && out >= 0)
			close(out);
		if (r < 0)
			return -1;
		close(p->fd);
		p->fd = out;
	}
	if (p->place >= 0)
		end_place(p, 0);
	p->in_store = 0;
	return 0;
}

/* Have room for n bytes more; as long as there is some in the store, there. */
static int
have_room(struct pc_spool *p, size_t n)
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
	/* Of a small store it is a step of its own. */
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
pc_spool_write(struct pc_spool *p, const void *data, size_t n)
{
	if (have_room(p, n) < 0)
		return -1;
	if (p->fd < 0 && p->bytes.len + n > PC_INLINE_MAX && spill(p) < 0)
		return -1;
	if (p->fd < 0) {
		if (pc_buf_add(&p->bytes, data, n) < 0)
			return -1;
	} else {
		if (pc_write_full(p->fd, data, n) < 0)
			return -1;
		pc_sha256_add(&p->hash, data, n);
	}
	p->size += n;
	return 0;
}

int
pc_spool_fill(struct pc_spool *p, int fd, uint64_t max)
{
	unsigned char *buf = malloc(PC_IO_CHUNK);
	ssize_t n = PC_IO_CHUNK;
	int r = 0, e;

	if (!buf)
		return 1;
	/* Less than was asked for is the end: a terminal says it only once. */
	while (r == 0 && n == PC_IO_CHUNK) {
		n = pc_read_full(fd, buf, PC_IO_CHUNK);
		if (n > 0 && (uint64_t)n > max - p->size) {
			errno = EFBIG;
			r = 1;
			break;
		}
		r = n < 0 ? -1 : pc_spool_write(p, buf, (size_t)n) < 0;
	}
	e = errno;
	if (r == 1 && e != EFBIG)
		pc_buf_add(&p->bytes, buf, (size_t)n);
	free(buf);
	errno = e;
	return r;
}

int
pc_spool_stream(int fd, uint64_t max, struct pc_id *id, int *out)
{
	struct pc_spool *p = pc_spool_new(NULL);
	int r = p ? pc_spool_fill(p, fd, max) : 1, e;

	*out = -1;
	if (r == 0) {
		pc_spool_id(p, id);
		*out = pc_spool_open(p);
		r = *out < 0;
	}
	e = errno;
	pc_spool_free(p);
	errno = e;
	return r;
}

uint64_t
pc_spool_size(const struct pc_spool *p)
{
	return p->size;
}

void
pc_spool_id(struct pc_spool *p, struct pc_id *id)
{
	struct pc_sha256 copy;

	hash_bytes(p);
	copy = p->hash;
	pc_sha256_end(&copy, id);
}

int
pc_spool_open(struct pc_spool *p)
{
	char self[32];
	int fd;

	if (p->fd < 0) {
		fd = memfd_create("pc-spool", MFD_CLOEXEC);
		if (fd < 0)
			return -1;
		if (pc_write_full(fd, p->bytes.data, p->bytes.len) < 0 ||
		    lseek(fd, 0, SEEK_SET) < 0) {
			close(fd);
			return -1;
		}
		return fd;
	}
	/* A description of its own, so that its position is too. */
	snprintf(self, sizeof self, "/proc/self/fd/%d", p->fd);
	fd = open(self, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fd = fcntl(p->fd, F_DUPFD_CLOEXEC, 3);
		if (fd >= 0)
			lseek(fd, 0, SEEK_SET);
	}
	return fd;
}

static int
send_bytes(const struct pc_spool *p, int out)
{
	if (p->bytes.failed) {
		errno = ENOMEM;
		return -1;
	}
	return pc_write_full(out, p->bytes.data, p->bytes.len);
}

int
pc_spool_send(const struct pc_spool *p, int out)
{
	unsigned char *buf;
	uint64_t at = 0;
	ssize_t n = 0;
	int e;

	if (p->fd < 0)
		return send_bytes(p, out);
	buf = malloc(PC_IO_CHUNK);
	if (!buf)
		return -1;
	while (at < p->size &&
	    (n = pc_pread_full(p->fd, buf, PC_IO_CHUNK, (off_t)at)) > 0 &&
	    (n = pc_write_full(out, buf, (size_t)n) < 0 ? -1 : n) > 0)
		at += (uint64_t)n;
	e = n == 0 && at < p->size ? EIO : errno;
	free(buf);
	errno = e;
	return at == p->size ? send_bytes(p, out) : -1;
}

const unsigned char *
spool_bytes(const struct pc_spool *p)
{
	static const unsigned char nothing[1];

	if (p->fd >= 0)
		return NULL;
	return p->bytes.data ? p->bytes.data : nothing;
}

int
spool_in_store(const struct pc_spool *p)
{
	return p->in_store;
}

/* It is a value's file now. */
static void
stored(struct pc_spool *p)
{
	const uint64_t bytes = (p->size + PAGE - 1) / PAGE * PAGE;

	/* It may have been linked from elsewhere on the same file system. */
	if (p->in_store)
		end_place(p, bytes);
	else if (p->store)
		room_use(p->store, bytes);
}

/* Write the spool's bytes into a new file of that name. */
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
		/* Some file systems report a full disk only here. */
		if (close(out) < 0 && r == 0) {
			e = errno;
			r = -1;
		}
		room_use(s, pc_spool_size(value));
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
	/* The spool lies elsewhere, or the file system has no unnamed
	 * files. */
	return copy_in(s, shard, value, name);
}

void
pc_spool_free(struct pc_spool *p)
{
	if (!p)
		return;
	if (p->place >= 0)
		end_place(p, 0);
	if (p->fd >= 0)
		close(p->fd);
	pc_buf_clear(&p->bytes);
	free(p);
}
