/* open.c - open or create a store's directory and its state file. */
#include "open.h"

#include "create.h"
#include "disk/disk.h"
#include "disk/entry.h"
#include "disk/file.h"
#include "disk/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
is_there(const char *path)
{
	const int e = errno;
	struct stat st;
	const int there = stat(path, &st) == 0;

	errno = e;
	return there;
}

static int
make_dirs(const char *dir)
{
	char *path = strdup(dir), *slash;
	int r = path ? 0 : -1, e;

	for (slash = path; r == 0 && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		/* If a parent exists, mkdir may fail for many reasons, which do
		 * not matter.  If it does not exist, report this failure. */
		r = make_dir(AT_FDCWD, path);
		if (r < 0 && (errno == EEXIST || is_there(path)))
			r = 0;
		*slash = '/';
	}
	if (r == 0 && (r = make_dir(AT_FDCWD, path)) < 0 && errno == EEXIST)
		r = 0;
	e = errno;
	free(path);
	errno = e;
	return r;
}

static int
open_file(struct pc_store *s)
{
	if (!(s->flags & PC_STORE_READ_ONLY)) {
		s->state = file_open(s, STORE_TOP, STATE_NAME, O_RDWR);
		if (s->state >= 0)
			return 0;
		if (errno != EROFS && errno != EACCES)
			return -1;
		/* A store that cannot be written can still be read. */
		s->flags |= PC_STORE_READ_ONLY;
	}
	s->state = file_open(s, STORE_TOP, STATE_NAME, O_RDONLY);
	return s->state < 0 ? -1 : 0;
}

static int
fail(const struct pc_store *s, struct pc_error *err)
{
	const char *dir = s->path;
	int e = errno;

	if (*s->refusal.text)
		*err = s->refusal;
	else if (e == ENOENT)
		pc_error_set(err,
		    "there is no store '%s' yet: name another "
		    "with --store or PC_STORE, or put something in",
		    dir);
	else if (e == EBADMSG)
		pc_error_set(err,
		    "store '%s' has lost its file '%s': the "
		    "next put, or pc-gc --repair, creates it again",
		    dir, STATE_NAME);
	else if (e == EACCES || e == EROFS || e == ENOTDIR)
		pc_error_set(err,
		    "cannot use store '%s': %s; name another "
		    "with --store or PC_STORE",
		    dir, strerror(e));
	else if (e == EEXIST)
		pc_error_set(err,
		    "'%s' is not a store and not empty: name "
		    "another directory with --store or PC_STORE",
		    dir);
	else
		pc_error_set(err, "cannot use store '%s': %s", dir,
		    strerror(e));
	errno = e;
	return -1;
}

/* Open the directory; create it if it does not exist. */
static int
open_dir(struct pc_store *s, int read_only, struct pc_error *err)
{
	const int how = O_PATH | O_DIRECTORY | O_CLOEXEC;
	const char *dir = s->path;

	s->dir = open(dir, how);
	if (s->dir >= 0)
		return 0;
	if (errno != ENOENT || read_only || make_dirs(dir) < 0)
		return fail(s, err);
	s->made = 1;
	s->dir = open(dir, how);
	if (s->dir >= 0)
		return 0;
	if (errno != ENOENT)
		return fail(s, err);
	/* The path is a link to something that does not exist. */
	pc_error_set(err,
	    "cannot make store '%s': %s; name another with "
	    "--store or PC_STORE",
	    dir, strerror(ENOENT));
	errno = ENOENT;
	return -1;
}

/* Find out which user must own the store. */
static int
find_owner(struct pc_store *s, int read_only)
{
	struct stat st, state;
	int used;

	if (fstat(s->dir, &st) < 0)
		return -1;
	s->owner = geteuid();
	/* Everybody may read a store that only root can write. */
	if (read_only && st.st_uid == 0)
		s->owner = 0;
	/* If the directory is not a store, such as /tmp, report that instead of
	 * its owner. */
	if (owner_fault(s->owner, &st) != PC_FAULT_NONE &&
	    fstatat(s->dir, STATE_NAME, &state, AT_SYMLINK_NOFOLLOW) < 0 &&
	    store_survey(s, &used) < 0 && errno == EEXIST)
		return -1;
	return owner_verify(s, STORE_TOP, "", &st);
}

int
store_open_dir(struct pc_store *s, const char *dir, struct pc_error *err)
{
	const int read_only = (s->flags & PC_STORE_READ_ONLY) != 0;
	int used = 0;

	s->path = strdup(dir);
	if (!s->path) {
		pc_error_set(err, "out of memory");
		return -1;
	}
	if (open_dir(s, read_only, err) < 0)
		return -1;
	if (find_owner(s, read_only) < 0)
		return fail(s, err);
	if (open_file(s) < 0) {
		if (errno == EBADMSG || errno == EISDIR) {
			pc_error_set(err,
			    "'%s/%s' is not a file: remove it, "
			    "or name another store with --store or PC_STORE",
			    dir, STATE_NAME);
			errno = EINVAL;
			return -1;
		}
		if (errno != ENOENT || store_can_create(s, &used) < 0)
			return fail(s, err);
		if (s->flags & PC_STORE_READ_ONLY) {
			errno = used ? EBADMSG : ENOENT;
			return fail(s, err);
		}
		if (store_create(s, used) < 0 || open_file(s) < 0)
			return fail(s, err);
	}
	return store_check_header(s, dir, err);
}
