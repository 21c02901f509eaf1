/* image_file.c - the files that images come from. */
#include "image_in.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int
image_fail(struct pc_error *err, const char *name, const char *what)
{
	pc_error_set(err, "'%.200s': %s", name, what);
	return -1;
}

/* A descriptor of what the file has now, whose id is set; the caller's unless
 * it is f->kept.  *st is of before it was read. */
int
image_file_open(struct cli *c, struct image_source *f, struct stat *st,
    struct pc_error *err)
{
	const uint64_t max = (uint64_t)pc_config_int(c->config,
	    "ocr.max_bytes");
	int fd = f->kept, r;

	if (fd >= 0 && fstat(fd, st) == 0)
		return fd;
	fd = strcmp(f->name, "-") == 0
	    ? fcntl(0, F_DUPFD_CLOEXEC, 3)
	    : open(f->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return image_fail(err, f->name, strerror(errno));
	r = fstat(fd, st);
	if (r == 0 && S_ISREG(st->st_mode) && (uint64_t)st->st_size > max) {
		errno = EFBIG;
		r = -1;
		/* What seems empty, as files in /proc, cannot be mapped either.
		 */
	} else if (r == 0 && S_ISREG(st->st_mode) && st->st_size > 0 &&
	    strcmp(f->name, "-") != 0) {
		r = pc_ident_fd(c->store, fd, 0, &f->id, NULL);
	} else if (r == 0) {
		r = pc_spool_stream(fd, max, &f->id, &f->kept);
		close(fd);
		fd = f->kept;
		if (r == 0)
			r = fstat(fd, st);
	}
	if (r != 0) {
		(void)image_fail(err, f->name,
		    errno == EFBIG ? "it is larger than ocr.max_bytes allows"
				   : strerror(errno));
		if (fd != f->kept)
			close(fd);
		return -1;
	}
	return fd;
}

void
image_file_close(const struct image_source *f, int fd)
{
	if (fd != f->kept)
		close(fd);
}
