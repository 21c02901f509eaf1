/* state.c - the state file: what this directory is, and a slot a shard. */
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name[] = "state";
static const char ignore_name[] = ".gitignore";
static const char title[] = "pc-store ";

enum {
	FORMAT = 1,
	HEADER = 64,
	SLOT = 64,
	AT_CHECK = 56, /* in both */
	FILE_SIZE = STATE_BYTES,
	TRIES = 4,
};

/* The last eight bytes of a header or slot check the others and its place. */
static void
check_bytes(const unsigned char *p, unsigned place, unsigned char out[8])
{
	unsigned char all[AT_CHECK + 4];
	struct pc_id id;

	memcpy(all, p, AT_CHECK);
	pc_store_u32(all + AT_CHECK, place);
	pc_sha256(all, sizeof all, &id);
	memcpy(out, id.b, 8);
}

static int
check_good(const unsigned char *p, unsigned place)
{
	unsigned char check[8];

	check_bytes(p, place, check);
	return memcmp(check, p + AT_CHECK, sizeof check) == 0;
}

static void
slot_encode(const struct slot *t, unsigned shard, unsigned char p[SLOT])
{
	memset(p, 0, SLOT);
	pc_store_u64(p, t->boot);
	pc_store_u64(p + 8, t->log_end);
	pc_store_u64(p + 16, t->seq);
	pc_store_u64(p + 24, t->generation);
	pc_store_u32(p + 32, t->dirty);
	pc_store_u32(p + 36, t->synced);
	memcpy(p + 40, t->log_id, LOG_ID);
	check_bytes(p, shard + 1, p + AT_CHECK);
}

/* A shard that was never used has no log.  One that has was used, whatever
 * its slot says: the page of the slot can be lost without that of the log. */
static int
has_log(struct pc_store *s, unsigned shard)
{
	struct stat st;
	char path[16];

	snprintf(path, sizeof path, "%02x/log", shard);
	return fstatat(s->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    (errno != ENOENT && errno != ENOTDIR);
}

int
state_read(struct pc_store *s, unsigned shard, struct slot *t)
{
	static const unsigned char unused[SLOT];
	unsigned char p[SLOT];
	ssize_t n;
	int tries = 0;

	if (owner_refused(s))
		return -1;
	/* It may be read while it is written, and be half of each. */
	do {
		n = pc_pread_full(s->state, p, sizeof p,
		    HEADER + (off_t)shard * SLOT);
		if (n < 0)
			return -1;
		if (n < SLOT)
			memset(p + n, 0xff, (size_t)(SLOT - n));
		if (memcmp(p, unused, sizeof p) == 0) {
			if (!has_log(s, shard))
				return 1;
			errno = EBADMSG;
			return -1;
		}
	} while (!check_good(p, shard + 1) && ++tries < TRIES);
	if (tries == TRIES) {
		errno = EBADMSG;
		return -1;
	}
	t->boot = pc_load_u64(p);
	t->log_end = pc_load_u64(p + 8);
	t->seq = pc_load_u64(p + 16);
	t->generation = pc_load_u64(p + 24);
	t->dirty = pc_load_u32(p + 32);
	t->synced = pc_load_u32(p + 36);
	memcpy(t->log_id, p + 40, LOG_ID);
	if (t->log_end > INT64_MAX) {
		errno = EBADMSG; /* no file ends there */
		return -1;
	}
	return 0;
}

int
state_write(struct pc_store *s, unsigned shard, const struct slot *t)
{
	unsigned char p[SLOT];

	slot_encode(t, shard, p);
	return pc_pwrite_full(s->state, p, sizeof p,
	    HEADER + (off_t)shard * SLOT);
}

int
state_clear(struct pc_store *s, unsigned shard)
{
	static const unsigned char unused[SLOT];

	return pc_pwrite_full(s->state, unused, sizeof unused,
	    HEADER + (off_t)shard * SLOT);
}

static void
header_encode(unsigned char p[HEADER])
{
	memset(p, 0, HEADER);
	snprintf((char *)p, HEADER, "%s%d\n", title, FORMAT);
	check_bytes(p, 0, p + AT_CHECK);
}

/* By the names in it a directory without a state file is told from somebody
 * else's. */
enum { FOREIGN, EVERYBODYS, LEFT_OVER, OURS };

static int
whose(const char *entry)
{
	static const char hex[] = "0123456789abcdef";

	if (strcmp(entry, name) == 0 || strcmp(entry, "CACHEDIR.TAG") == 0 ||
	    (strlen(entry) == 2 && strspn(entry, hex) == 2))
		return OURS;
	/* Others may call something so, too. */
	if (strcmp(entry, "ids") == 0 || strncmp(entry, "events", 6) == 0 ||
	    strcmp(entry, "memory") == 0 || strcmp(entry, "memory.old") == 0 ||
	    strcmp(entry, ignore_name) == 0)
		return EVERYBODYS;
	return strcmp(entry, ".") == 0 || strcmp(entry, "..") == 0 ||
		strncmp(entry, "tmp.", 4) == 0
	    ? LEFT_OVER
	    : FOREIGN;
}

int
state_owns(const char *entry)
{
	const size_t n = strlen(entry);

	return whose(entry) != FOREIGN &&
	    (n != 2 || strcmp(entry, "..") == 0 ||
		strtoul(entry, NULL, 16) < PC_SHARDS);
}

/* 0: the directory is empty, or what is left of a store (*used). */
static int
look_around(struct pc_store *s, int *used)
{
	DIR *d = dir_read(s, STORE_TOP);
	struct dirent *e;
	int seen[OURS + 1] = {0}, foreign;

	if (!d)
		return -1;
	while (!seen[FOREIGN] && (e = readdir(d))) {
		seen[whose(e->d_name)] = 1;
		if (strlen(e->d_name) == 2 && e->d_name[0] != '.')
			*used = 1;
	}
	closedir(d);
	foreign = seen[FOREIGN] || (seen[EVERYBODYS] && !seen[OURS]);
	if (foreign)
		errno = EEXIST;
	return foreign ? -1 : 0;
}

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
		/* A parent that is there may refuse mkdir for many reasons;
		 * one that is not has the reason of all. */
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

/* Make a file for programs that back up directories or keep their history,
 * unless it is there.  Only they miss it when it cannot be written. */
static void
write_note(struct pc_store *s, const char *note, const char *text)
{
	int fd = file_open(s, STORE_TOP, note, O_WRONLY | O_CREAT | O_EXCL);

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

void
state_ignore(struct pc_store *s)
{
	struct stat st;

	/* Once a process: an older pc has made stores without one. */
	if (s->ignored)
		return;
	s->ignored = 1;
	if (fstatat(s->dir, ignore_name, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
	    errno == ENOENT)
		write_note(s, ignore_name, "*\n");
}

/* Write the state file aside and link it into place, so that nobody ever
 * sees half of it and of two makers one wins. */
static int
state_create(struct pc_store *s, int used)
{
	unsigned char p[FILE_SIZE] = {0};
	char tmp[64];
	int fd, r = -1;

	header_encode(p);
	if (used) {
		struct slot dirty = {.dirty = 1};

		for (unsigned i = 0; i < PC_SHARDS; i++)
			slot_encode(&dirty, i, p + HEADER + i * SLOT);
	}
	snprintf(tmp, sizeof tmp, "tmp.state.%ld.%lld", (long)getpid(),
	    (long long)pc_now());
	fd = file_open(s, STORE_TOP, tmp, O_WRONLY | O_CREAT | O_EXCL);
	if (fd < 0)
		return -1;
	if (pc_write_full(fd, p, sizeof p) == 0 &&
	    (linkat(s->dir, tmp, s->dir, name, 0) == 0 || errno == EEXIST))
		r = 0;
	close(fd);
	unlinkat(s->dir, tmp, 0);
	if (r == 0) {
		/* https://bford.info/cachedir/ */
		write_note(s, "CACHEDIR.TAG",
		    "Signature: 8a477f597d28d172789f06886806bc55\n"
		    "# This directory is a cache made by pc, the pipeline "
		    "cache.\n");
		state_ignore(s);
	}
	return r;
}

/* Does the directory hold the log of a shard, with its header?  Then it is a
 * store, whatever has become of the state file. */
static int
has_store_log(struct pc_store *s)
{
	const int e = errno;
	unsigned char id[LOG_ID];
	int found = 0;

	for (unsigned i = 0; i < PC_SHARDS && !found; i++) {
		const int fd = file_open(s, i, "log", O_RDONLY);

		found = fd >= 0 && log_header_read(fd, i, id) == 0;
		if (fd >= 0)
			close(fd);
	}
	errno = e;
	return found;
}

/* May a state file be made here?  Files of others among a store's logs do not
 * matter. */
static int
is_free(struct pc_store *s, int *used)
{
	if (look_around(s, used) == 0)
		return 0;
	if (errno != EEXIST || !has_store_log(s))
		return -1;
	*used = 1;
	return 0;
}

/* Write the header, and have room for all slots: those that the file lost
 * read as unused, which state_read does not believe of a shard with a log. */
static void
header_write(struct pc_store *s, const unsigned char *header)
{
	struct stat st;

	if (s->flags & PC_STORE_READ_ONLY ||
	    pc_pwrite_full(s->state, header, HEADER, 0) < 0)
		return;
	/* It never gets shorter, whoever else does the same. */
	if (fstat(s->state, &st) == 0 && st.st_size < FILE_SIZE)
		(void)!ftruncate(s->state, FILE_SIZE);
}

/* Is it a state file of a format that this program knows?  A damaged one is
 * repaired in its place, since the locks are on it, if the directory is a
 * store. */
static int
header_verify(struct pc_store *s, const char *dir, struct pc_error *err)
{
	unsigned char p[HEADER] = {0}, good[HEADER];
	ssize_t n = pc_pread_full(s->state, p, sizeof p, 0);
	long format = 0;
	int used;

	if (n < 0) {
		pc_error_set(err, "cannot read store '%s': %s", dir,
		    strerror(errno));
		return -1;
	}
	header_encode(good);
	if (memcmp(p, good, sizeof p) == 0)
		return 0;
	if (check_good(p, 0) &&
	    strncmp((char *)p, title, sizeof title - 1) == 0)
		format = strtol((char *)p + sizeof title - 1, NULL, 10);
	if (format > FORMAT) {
		pc_error_set(err,
		    "store '%s' has format %ld, this pc knows %d: upgrade pc, "
		    "or name another store with --store",
		    dir, format, FORMAT);
		errno = EPROTONOSUPPORT;
		return -1;
	}
	/* A power loss can leave a file empty or cut. */
	if (!(n < HEADER && memcmp(p, good, (size_t)n) == 0 &&
		look_around(s, &used) == 0) &&
	    memcmp(p, good, AT_CHECK) != 0 &&
	    memcmp(p + AT_CHECK, good + AT_CHECK, HEADER - AT_CHECK) != 0 &&
	    !has_store_log(s)) {
		pc_error_set(err,
		    "'%s/%s' is not a store's file: name "
		    "another directory with --store or PC_STORE",
		    dir, name);
		errno = EEXIST;
		return -1;
	}
	s->header_damaged = 1;
	header_write(s, good);
	return 0;
}

static int
open_file(struct pc_store *s)
{
	if (!(s->flags & PC_STORE_READ_ONLY)) {
		s->state = file_open(s, STORE_TOP, name, O_RDWR);
		if (s->state >= 0)
			return 0;
		if (errno != EROFS && errno != EACCES)
			return -1;
		/* What cannot be written can still be read. */
		s->flags |= PC_STORE_READ_ONLY;
	}
	s->state = file_open(s, STORE_TOP, name, O_RDONLY);
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
		    "next put makes it anew, and so does pc-gc --repair",
		    dir, name);
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

/* Open the directory, or make it. */
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
	/* A put would not help: a link leads nowhere. */
	pc_error_set(err,
	    "cannot make store '%s': %s; name another with "
	    "--store or PC_STORE",
	    dir, strerror(ENOENT));
	errno = ENOENT;
	return -1;
}

/* Whose it has to be. */
static int
find_owner(struct pc_store *s, int read_only)
{
	struct stat st, state;
	int used;

	if (fstat(s->dir, &st) < 0)
		return -1;
	s->owner = geteuid();
	/* What only root can write may be read by all. */
	if (read_only && st.st_uid == 0)
		s->owner = 0;
	/* Of one that is no store, as /tmp, the owner is not the fault. */
	if (owner_fault(s->owner, &st) != PC_FAULT_NONE &&
	    fstatat(s->dir, name, &state, AT_SYMLINK_NOFOLLOW) < 0 &&
	    look_around(s, &used) < 0 && errno == EEXIST)
		return -1;
	return owner_verify(s, STORE_TOP, "", &st);
}

int
state_open(struct pc_store *s, const char *dir, struct pc_error *err)
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
			    dir, name);
			errno = EINVAL;
			return -1;
		}
		if (errno != ENOENT || is_free(s, &used) < 0)
			return fail(s, err);
		if (s->flags & PC_STORE_READ_ONLY) {
			errno = used ? EBADMSG : ENOENT;
			return fail(s, err);
		}
		if (state_create(s, used) < 0 || open_file(s) < 0)
			return fail(s, err);
	}
	return header_verify(s, dir, err);
}
