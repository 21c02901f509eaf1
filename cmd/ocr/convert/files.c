/* files.c - the files of a converter's run. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Converters go by the ends of names. */
static const char *
name_end(const char *type)
{
#define OOXML "application/vnd.openxmlformats-officedocument."
#define ODF "application/vnd.oasis.opendocument."
	static const char *const ends[][2] = {
	    {OOXML "wordprocessingml.document", ".docx"},
	    {OOXML "spreadsheetml.sheet", ".xlsx"},
	    {OOXML "presentationml.presentation", ".pptx"},
	    {"application/msword", ".doc"},
	    {"application/vnd.ms-excel", ".xls"},
	    {"application/vnd.ms-powerpoint", ".ppt"}, {ODF "text", ".odt"},
	    {ODF "spreadsheet", ".ods"}, {ODF "presentation", ".odp"},
	    {ODF "graphics", ".odg"}, {"application/epub+zip", ".epub"},
	    {"text/rtf", ".rtf"}, {"application/rtf", ".rtf"},
	    {"text/html", ".html"}, {"message/rfc822", ".eml"},
	    {"application/mbox", ".mbox"}, {"image/svg+xml", ".svg"},
	    {"image/vnd.djvu", ".djvu"}};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strcmp(ends[i][0], type) == 0)
			return ends[i][1];
	return "";
}

int
files_make(struct files *f, const char *dir, const char *type, int unconfined)
{
	static const char *const parts[] = {"home", "tmp", "in", "out"};
	/* In the sandbox the directory is /tmp. */
	const char *seen = unconfined ? dir : "/tmp";
	char path[4200];

	f->document = -1;
	snprintf(f->in, sizeof f->in, "%s/in/document%s", seen, name_end(type));
	snprintf(f->path, sizeof f->path, "%s/in/document%s", dir,
	    name_end(type));
	snprintf(f->out, sizeof f->out, "%s/out", seen);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, parts[i]);
		if (mkdir(path, 0700) < 0)
			return -1;
	}
	return 0;
}

/* Copy all bytes, and get their id. */
static int
copy(int from, int to, struct pc_id *id)
{
	unsigned char *buf = malloc(PC_IO_CHUNK);
	struct pc_sha256 hash;
	off_t at = 0;
	ssize_t n = -1;

	pc_sha256_init(&hash);
	while (buf && (n = pc_pread_full(from, buf, PC_IO_CHUNK, at)) > 0) {
		pc_sha256_add(&hash, buf, (size_t)n);
		if (pc_write_full(to, buf, (size_t)n) < 0) {
			n = -1;
			break;
		}
		at += n;
	}
	pc_sha256_end(&hash, id);
	free(buf);
	return n == 0 ? 0 : -1;
}

int
files_copy(struct files *f, int document, const struct pc_id *id)
{
	const int to = open(f->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	struct pc_id copied;
	int r;

	if (to < 0)
		return -1;
	r = copy(document, to, &copied);
	if (close(to) < 0)
		r = -1;
	if (r == 0 && memcmp(copied.b, id->b, sizeof copied.b) != 0) {
		errno = ESTALE;
		r = -1;
	}
	if (r == 0)
		f->document = open(f->path, O_RDONLY | O_CLOEXEC);
	return f->document < 0 ? -1 : 0;
}

static int
open_regular(int dir, const char *name)
{
	const int fd = openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

int
files_open_only(const char *dir)
{
	char path[4200];
	const struct dirent *e;
	int fd = -1, count = 0, error = ENOENT;
	DIR *all;

	snprintf(path, sizeof path, "%s/out", dir);
	all = opendir(path);
	while (all && count < 2 && (e = readdir(all))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (count++ == 0 &&
		    (fd = open_regular(dirfd(all), e->d_name)) < 0)
			error = errno;
	}
	if (all)
		closedir(all);
	if (count > 1) {
		if (fd >= 0)
			close(fd);
		fd = -1;
		error = EEXIST;
	}
	errno = error;
	return fd;
}

void
files_close(struct files *f)
{
	if (f->document >= 0)
		close(f->document);
	f->document = -1;
}
