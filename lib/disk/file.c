/* file.c - open and create the directories and files of a store.
 *
 * Each is checked when it is open (owner.c), and symbolic links are not
 * followed. */
#include "file.h"

#include "disk.h"
#include "owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Flags for opening and for creating. */
enum { HOW = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK };

/* Opening an entry of dir failed with errno.  Refuse the store if the entry is
 * a link or belongs to another user.  name: what the shard calls it; "" is the
 * shard's directory.  Returns -1. */
static int
open_failed(struct pc_store *s, int dir, const char *entry, unsigned shard,
    const char *name)
{
	const int e = errno;
	struct stat st;

	if ((e == ELOOP || e == EACCES || e == EPERM || e == ENOTDIR) &&
	    fstatat(dir, entry, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    owner_verify(s, shard, name, &st) < 0)
		return -1;
	errno = e == ENXIO || e == ENODEV ? EBADMSG : e;
	return -1;
}

/* Set the umask: one such as 0177 or 0277 would make files or directories that
 * their owner cannot use. */
static int
create_file(int dir, const char *name, int how)
{
	const mode_t mask = umask(077);
	const int fd = openat(dir, name, how, 0600), e = errno;

	umask(mask);
	errno = e;
	return fd;
}

int
make_dir(int at, const char *path)
{
	const mode_t mask = umask(077);
	const int r = mkdirat(at, path, 0700), e = errno;

	umask(mask);
	errno = e;
	return r;
}

int
file_fail(int fd)
{
	const int e = errno;

	close(fd);
	errno = e;
	return -1;
}

/* Open a shard's directory, if it is not open yet. */
static int
open_shard(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	struct stat st;
	char name[8];
	int fd;

	if (h->dir >= 0)
		return h->dir;
	snprintf(name, sizeof name, "%02x", shard);
	fd = openat(s->dir, name,
	    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return open_failed(s, s->dir, name, shard, "");
	if (fstat(fd, &st) < 0 || owner_verify(s, shard, "", &st) < 0)
		return file_fail(fd);
	h->dir = fd;
	return fd;
}

int
dir_of(struct pc_store *s, unsigned shard)
{
	if (owner_refused(s))
		return -1;
	return shard == STORE_TOP ? s->dir : open_shard(s, shard);
}

int
dir_make(struct pc_store *s, unsigned shard)
{
	char name[8];

	snprintf(name, sizeof name, "%02x", shard);
	if (make_dir(s->dir, name) < 0 && errno != EEXIST)
		return -1;
	return dir_of(s, shard);
}

DIR *
dir_read(struct pc_store *s, unsigned shard)
{
	const int dir = dir_of(s, shard);
	int fd;
	DIR *d;

	if (dir < 0)
		return NULL;
	fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d && fd >= 0)
		file_fail(fd);
	return d;
}

int
file_open(struct pc_store *s, unsigned shard, const char *name, int how)
{
	struct stat st;

	return file_open_stat(s, shard, name, how, &st);
}

int
file_open_stat(struct pc_store *s, unsigned shard, const char *name, int how,
    struct stat *st)
{
	const int dir = dir_of(s, shard);
	int fd = -1;

	if (dir < 0)
		return -1;
	if (!(how & O_EXCL))
		fd = openat(dir, name, (how & ~O_CREAT) | HOW);
	if (fd < 0 && how & O_CREAT && (how & O_EXCL || errno == ENOENT))
		fd = create_file(dir, name, how | HOW);
	if (fd < 0)
		return open_failed(s, dir, name, shard, name);
	if (fstat(fd, st) < 0 || owner_verify(s, shard, name, st) < 0)
		return file_fail(fd);
	if (S_ISREG(st->st_mode))
		return fd;
	errno = EBADMSG;
	return file_fail(fd);
}

int
file_unnamed(struct pc_store *s, unsigned shard)
{
	const int dir = dir_of(s, shard);

	return dir < 0 ? -1
		       : create_file(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC);
}

int
file_sync(struct pc_store *s, unsigned shard, int fd)
{
	int r = fdatasync(fd);

	for (int i = 0; i < 2 && r == 0; i++) {
		const int dir = dir_of(s, i ? STORE_TOP : shard);
		int at;

		at = dir < 0
		    ? -1
		    : openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = at < 0 ? -1 : fsync(at);
		if (at >= 0)
			close(at);
	}
	return r;
}
