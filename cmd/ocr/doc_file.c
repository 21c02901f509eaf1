/* doc_file.c - a document's file: its id, and whether it has changed since. */
#include "doc_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Warn that it cannot be read.  Returns -1. */
static int
fail(struct cli *c, const struct doc_file *f, const char *verb,
    char error[MESSAGE_SIZE])
{
	snprintf(error, MESSAGE_SIZE, "%s",
	    errno == EFBIG ? "it is larger than ocr.max_bytes allows"
			   : strerror(errno));
	cli_warn(c, "cannot %s '%s': %s", verb, f->name, error);
	return -1;
}

static uint64_t
max_bytes(struct cli *c)
{
	return (uint64_t)pc_config_int(c->config, "ocr.max_bytes");
}

/* Copy input that can be read only once (a pipe), as helpers map the file. */
static int
spool(struct cli *c, struct doc_file *f, int fd, char error[MESSAGE_SIZE])
{
	const int r = pc_spool_stream(fd, max_bytes(c), &f->id, &f->fd);

	f->spooled = r == 0;
	return r == 0 ? 0 : fail(c, f, r < 0 ? "read" : "keep", error);
}

static int
identify_stdin(struct cli *c, struct doc_file *f, char error[MESSAGE_SIZE])
{
	if (c->stdin_used++ == 0)
		return spool(c, f, 0, error);
	snprintf(error, MESSAGE_SIZE, "standard input can be read only once");
	cli_warn(c, "%s", error);
	return -1;
}

int
doc_file_identify(struct cli *c, struct doc_file *f, char error[MESSAGE_SIZE])
{
	struct stat st;
	int fd, r;

	if (strcmp(f->name, "-") == 0)
		return identify_stdin(c, f, error);
	if (stat(f->name, &st) < 0)
		return fail(c, f, "read", error);
	if (S_ISDIR(st.st_mode)) {
		snprintf(error, MESSAGE_SIZE,
		    "it is a directory; use -r to process the files in it");
		cli_warn(c,
		    "'%s' is a directory; use -r to process the files in it",
		    f->name);
		return -1;
	}
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > max_bytes(c)) {
		errno = EFBIG;
		return fail(c, f, "read", error);
	}
	/* Files that seem empty, as in /proc, cannot be mapped either; nor can
	 * pipes and devices. */
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		return pc_ident_file(c->store, f->name, 0, &f->id, NULL) < 0
		    ? fail(c, f, "read", error)
		    : 0;
	fd = open(f->name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(c, f, "read", error);
	r = spool(c, f, fd, error);
	close(fd);
	return r;
}

int
doc_file_open(struct cli *c, struct doc_file *f)
{
	struct stat st;

	if (f->fd < 0)
		f->fd = open(f->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (f->fd < 0)
		return -1;
	if (fstat(f->fd, &st) == 0)
		f->ctime = st.st_ctim;
	/* If the name now belongs to another file, this notes the change. */
	(void)doc_file_same_bytes(c, f);
	return 0;
}

int
doc_file_unchanged(struct doc_file *f)
{
	struct stat st;

	if (!f->spooled && !f->changed &&
	    (fstat(f->fd, &st) < 0 || st.st_ctim.tv_sec != f->ctime.tv_sec ||
		st.st_ctim.tv_nsec != f->ctime.tv_nsec))
		f->changed = 1;
	return !f->changed;
}

/* Compare the file that helpers have open, not the one of this name now. */
int
doc_file_same_bytes(struct cli *c, struct doc_file *f)
{
	struct pc_id now;

	if (!f->spooled &&
	    (lseek(f->fd, 0, SEEK_SET) < 0 ||
		pc_ident_fd(c->store, f->fd, 0, &now, NULL) < 0 ||
		memcmp(now.b, f->id.b, sizeof now.b) != 0))
		f->changed = 1;
	return doc_file_unchanged(f);
}

void
doc_file_close(struct doc_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->name);
}
