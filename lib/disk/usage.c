/* usage.c - count the bytes of the disk that the files of a store take. */
#include "usage.h"

#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 512 }; /* bytes; the unit of st_blocks */

static uint64_t
blocks(int dir, const char *name, mode_t *mode)
{
	struct stat st;

	*mode = 0;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	*mode = st.st_mode;
	return (uint64_t)st.st_blocks * BLOCK;
}

/* Add the bytes of a directory.  fixed is given for the store's own directory:
 * add to it what is outside the shards.  -1: the directory cannot be read. */
static int
count_dir(struct pc_store *s, const char *name, uint64_t *sum, uint64_t *fixed)
{
	const int fd = openat(s->dir, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int r = 0, e;

	if (!d) {
		e = errno;
		if (fd >= 0)
			close(fd);
		errno = e;
		return e == ENOENT ? 0 : -1;
	}
	while (r == 0 && (entry = readdir(d))) {
		mode_t mode;
		uint64_t n = blocks(fd, entry->d_name, &mode);

		/* A shard's directory itself is counted as an entry of the
		 * store's. */
		if (strcmp(entry->d_name, "..") == 0 ||
		    (!fixed && strcmp(entry->d_name, ".") == 0))
			continue;
		*sum += n;
		if (fixed && S_ISDIR(mode) && entry->d_name[0] != '.')
			r = count_dir(s, entry->d_name, sum, NULL);
		else if (fixed)
			*fixed += n;
	}
	e = errno;
	closedir(d);
	errno = e;
	return r;
}

int
usage_count(struct pc_store *s, uint64_t *sum, uint64_t *fixed)
{
	*sum = *fixed = 0;
	return count_dir(s, ".", sum, fixed);
}
