/* spool_file.c - the unnamed file of a spool, and reading a spool's bytes. */
#include "disk/disk.h"
#include "disk/file.h"
#include "spool_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int
spool_unnamed_file(struct pc_store *s)
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
	/* Open the file again, so that the new descriptor has its own
	 * position. */
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
