/* spool.c - a value of any size on its way into the store.  A small value stays
 * in memory, and is hashed only when its id is needed.  A larger one is written
 * to a file without a name, and hashed as it arrives. */
#include "spool_in.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

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
	int fd = spool_unnamed_file(p->in_store ? p->store : NULL);

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

int
pc_spool_write(struct pc_spool *p, const void *data, size_t n)
{
	if (spool_take_room(p, n) < 0)
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
	/* A short read is the end.  Do not read again: a terminal reports the
	 * end of the input only once. */
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

void
pc_spool_free(struct pc_spool *p)
{
	if (!p)
		return;
	if (p->place >= 0)
		spool_end_place(p, 0);
	if (p->fd >= 0)
		close(p->fd);
	pc_buf_clear(&p->bytes);
	free(p);
}
