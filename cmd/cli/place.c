/* place.c - output files that a run names by a pattern: each name is used for
 * one output only, and a file is replaced whole or not at all. */
#include "place.h"

#include "pc.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name that this run has given to a file. */
struct claim {
	char *name;
	size_t n;
	unsigned char what[];
};

static void *claims;

static int
compare(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int
place_claim(const char *name, const void *what, size_t n)
{
	struct claim *new = malloc(sizeof *new + n);
	struct claim **at = NULL, *old;

	if (new) {
		new->name = strdup(name);
		new->n = n;
		memcpy(new->what, what, n);
		at = new->name ? tsearch(new, &claims, compare) : NULL;
	}
	old = at ? *at : NULL;
	if (new &&old != new) {
		free(new->name);
		free(new);
	}
	if (old && old->n == n && memcmp(old->what, what, n) == 0)
		return 0;
	errno = old ? EEXIST : ENOMEM;
	return -1;
}

/* Create a new file in the same directory. */
static int
open_beside(const char *name, struct pc_buf *path)
{
	static unsigned number;
	const char *slash = strrchr(name, '/');
	int fd;

	do {
		path->len = 0;
		if (slash)
			pc_buf_add(path, name, (size_t)(slash + 1 - name));
		if (pc_buf_addf(path, ".pc-%ld-%u", (long)getpid(), number++) <
		    0) {
			errno = ENOMEM;
			return -1;
		}
		fd = open((char *)path->data,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	} while (fd < 0 && errno == EEXIST);
	return fd;
}

static int
fill_and_close(int fd, place_fill *fill, const void *what)
{
	const int r = fill(what, fd) < 0 ? -1 : 0;
	const int e = errno;

	if (close(fd) < 0 && r == 0)
		return -1;
	errno = e;
	return r;
}

static int
make_file(const char *name, place_fill *fill, const void *what)
{
	struct pc_buf path = {0};
	int fd = open_beside(name, &path), r = -1, e = errno;

	if (fd >= 0) {
		r = fill_and_close(fd, fill, what);
		if (r == 0)
			r = rename((char *)path.data, name);
		e = errno;
		if (r < 0)
			unlink((char *)path.data);
	}
	pc_buf_clear(&path);
	errno = e;
	return r;
}

/* Is the file our standard output or error, as with the name /dev/stdout?
 * The descriptor, or -1.  Such a file is written to, never replaced. */
static int
own_output(const struct stat *file)
{
	struct stat st;

	for (int fd = 1; fd <= 2; fd++)
		if (fstat(fd, &st) == 0 && st.st_dev == file->st_dev &&
		    st.st_ino == file->st_ino)
			return fd;
	return -1;
}

static int
write_into(const char *name, int own, place_fill *fill, const void *what)
{
	const int fd = own >= 0 ? fcntl(own, F_DUPFD_CLOEXEC, 0)
				: open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? -1 : fill_and_close(fd, fill, what);
}

int
place_file(const char *name, const void *id, size_t n, place_fill *fill,
    const void *what)
{
	struct stat st;
	const int is_there = stat(name, &st) == 0;
	const int own = is_there ? own_output(&st) : -1;

	if (own >= 0 || (is_there && !S_ISREG(st.st_mode)))
		return write_into(name, own, fill, what);
	return place_claim(name, id, n) < 0 ? -1 : make_file(name, fill, what);
}
