/* audit.c - find what in a store belongs to other users or is writable by them.
 */
#include "care.h"
#include "disk/file.h"
#include "disk/owner.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct audit {
	int (*each)(void *ctx, enum pc_fault, const char *path,
	    const char *what);
	void *ctx;
	uid_t owner;
	struct pc_buf path; /* path of the current entry, with a NUL */
	unsigned depth;
};

static int
report(struct audit *a, enum pc_fault fault, uid_t uid)
{
	char what[OWNER_NAME + 32] = "is a symbolic link", name[OWNER_NAME];

	if (fault == PC_FAULT_WRITABLE)
		strcpy(what, "can be written by other users");
	if (fault == PC_FAULT_OWNER) {
		(void)owner_name(uid, name);
		snprintf(what, sizeof what, "belongs to user %s", name);
	}
	return a->each(a->ctx, fault, (const char *)a->path.data, what);
}

static int audit_entries(struct audit *, int dir);

static int
audit_entry(struct audit *a, int dir, const char *name)
{
	const size_t had = a->path.len;
	enum pc_fault fault;
	struct stat st;
	int r = 0, fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0; /* it was removed meanwhile */
	a->path.len--;    /* the NUL */
	if (pc_buf_addf(&a->path, "/%s", name) < 0 ||
	    pc_buf_add(&a->path, "", 1) < 0)
		return -1;
	fault = owner_fault(a->owner, &st);
	if (fault != PC_FAULT_NONE) {
		r = report(a, fault, st.st_uid);
	} else if (S_ISDIR(st.st_mode)) {
		fd = openat(dir, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		/* A directory that cannot be opened is reported when it is
		 * read. */
		a->depth++;
		r = fd < 0 ? 0 : audit_entries(a, fd);
		a->depth--;
	}
	a->path.len = had;
	a->path.data[had - 1] = '\0';
	return r;
}

/* Check everything in a directory, and close it. */
static int
audit_entries(struct audit *a, int dir)
{
	enum { DEPTH_MAX = 16 };
	DIR *d = fdopendir(dir);
	struct dirent *e;
	int r = 0;

	if (!d)
		return file_fail(dir);
	/* A store has two levels; anything deeper does not belong to it. */
	while (a->depth < DEPTH_MAX && r == 0 && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			r = audit_entry(a, dirfd(d), e->d_name);
	closedir(d);
	return r;
}

int
pc_store_audit(const char *dir,
    int (*each)(void *ctx, enum pc_fault, const char *path, const char *what),
    void *ctx)
{
	struct audit a = {.each = each, .ctx = ctx, .owner = geteuid()};
	const int top = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	enum pc_fault fault;
	struct stat st;
	int fd, r = -1;

	if (top < 0)
		return -1;
	if (fstat(top, &st) < 0 || pc_buf_add(&a.path, dir, strlen(dir)) < 0 ||
	    pc_buf_add(&a.path, "", 1) < 0)
		goto out;
	if (st.st_uid == 0)
		a.owner = 0;
	fault = owner_fault(a.owner, &st);
	/* In another user's store nothing else needs a check. */
	r = fault == PC_FAULT_NONE ? 0 : report(&a, fault, st.st_uid);
	if (r != 0 || fault == PC_FAULT_OWNER)
		goto out;
	fd = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 ? -1 : audit_entries(&a, fd);
out:
	file_fail(top);
	pc_buf_clear(&a.path);
	return r;
}
