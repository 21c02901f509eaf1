/* owner.c - only what belongs to the user is used.
 *
 * Whoever can write to a store decides what its hits are.  So every directory
 * and file of a store is looked at after it was opened, by its descriptor, as
 * ssh(1) and gpg(1) look at their keys: it belongs to the user, and no other
 * user may write to it.  (Where there is an access control list, its mask
 * shows as the group's bits.)  Nothing below the store is opened by way of a
 * symbolic link; the store's own path may be one.
 *
 * If one part fails, the store is refused: from then on nothing of it is read
 * or written, since the other parts may be as bad.  Directories above the
 * store are not looked at: who can write to those can move the store away, but
 * what he puts there instead is his own, and refused. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
	NAME_ROOM = 64,
	/* For what is opened, and for what is made. */
	HOW = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
};

enum pc_fault
owner_fault(uid_t owner, const struct stat *st)
{
	return S_ISLNK(st->st_mode)             ? PC_FAULT_LINK
	    : st->st_uid != owner               ? PC_FAULT_OWNER
	    : st->st_mode & (S_IWGRP | S_IWOTH) ? PC_FAULT_WRITABLE
						: PC_FAULT_NONE;
}

/* ---- saying what is wrong ---- */

/* The user's name as /etc/passwd has it, else the number: 1.  (getpwuid(3)
 * would load libraries.) */
static int
name_user(uid_t uid, char name[NAME_ROOM])
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *p = NULL;

	while (f && (p = fgetpwent(f)) && p->pw_uid != uid)
		;
	if (p)
		snprintf(name, NAME_ROOM, "%s", p->pw_name);
	else
		snprintf(name, NAME_ROOM, "%lu", (unsigned long)uid);
	if (f)
		fclose(f);
	return !p;
}

/* The name of a file system without owners and modes, by statfs(2)'s magic
 * (linux/magic.h and the sources of those that are not there).  *maybe: some
 * of that kind have them. */
static const char *
without_owners(int dir, int *maybe)
{
	static const struct {
		uint32_t magic;
		const char *name;
		int maybe;
	} systems[] = {{0x4d44, "vfat", 0}, {0x2011bab0, "exfat", 0},
	    {0x786f4256, "vboxsf", 0}, {0xbacbacbc, "vmhgfs", 0},
	    {0x7366746e, "ntfs3", 1}, {0x5346544e, "NTFS", 1},
	    {0x65735546, "FUSE", 1}, {0x01021997, "9p", 1},
	    {0xff534d42, "CIFS", 1}, {0xfe534d42, "SMB", 1}};
	struct statfs f;

	if (fstatfs(dir, &f) < 0)
		return NULL;
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
		if ((uint32_t)f.f_type == systems[i].magic) {
			*maybe = systems[i].maybe;
			return systems[i].name;
		}
	return NULL;
}

static void
explain_owner(struct pc_store *s, const char *path, int top, uid_t uid)
{
	struct pc_error *e = &s->refusal;
	char theirs[NAME_ROOM], mine[NAME_ROOM];
	/* As sudo(8) takes a user without a name. */
	const char *hash = name_user(uid, theirs) ? "#" : "";

	if (top && geteuid() == 0)
		pc_error_set(e,
		    "store '%s' belongs to user %s, not to root: "
		    "run this with sudo -u '%s%s', or name another store with "
		    "--store or PC_STORE",
		    path, theirs, hash, theirs);
	else if (top && uid == 0)
		pc_error_set(e,
		    "store '%s' belongs to root: read it with "
		    "--read-only, or name another store with --store or "
		    "PC_STORE",
		    path);
	else if (top)
		pc_error_set(e,
		    "store '%s' belongs to user %s: name another "
		    "store with --store or PC_STORE",
		    path, theirs);
	else if (uid == 0) {
		/* What an older pc made when it was run by sudo(8). */
		(void)name_user(geteuid(), mine);
		pc_error_set(e,
		    "'%s' belongs to root: run sudo chown -R %s "
		    "'%s'",
		    path, mine, s->path);
	} else {
		pc_error_set(e,
		    "'%s' belongs to user %s: remove it, or name "
		    "another store with --store or PC_STORE",
		    path, theirs);
	}
}

static void
explain_mode(struct pc_store *s, const char *path)
{
	int maybe = 0;
	const char *system = without_owners(s->dir, &maybe);

	if (s->made || (system && !maybe))
		pc_error_set(&s->refusal,
		    "other users can write to '%s', and "
		    "its file system%s%s%s has no owners: name a store on "
		    "another one with --store or PC_STORE",
		    path, system ? " (" : "", system ? system : "",
		    system ? ")" : "");
	else
		pc_error_set(&s->refusal,
		    "other users can write to '%s': run "
		    "%schmod -R go-w '%s' if you trust them, else remove it"
		    "%s%s",
		    path, s->owner == geteuid() ? "" : "sudo ", s->path,
		    system ? "; if that changes nothing, name a store on a "
			     "file system with owners, not "
			   : "",
		    system ? system : "");
}

/* ---- looking ---- */

/* The path of a part as a person would name it. */
static void
full_path(const struct pc_store *s, unsigned shard, const char *name,
    struct pc_error *out)
{
	if (shard == STORE_TOP)
		pc_error_set(out, "%s%s%s", s->path, *name ? "/" : "", name);
	else
		pc_error_set(out, "%s/%02x%s%s", s->path, shard,
		    *name ? "/" : "", name);
}

int
owner_verify(struct pc_store *s, unsigned shard, const char *name,
    const struct stat *st)
{
	const int top = shard == STORE_TOP && !*name;
	const enum pc_fault fault = owner_fault(s->owner, st);
	struct pc_error path;

	if (owner_refused(s))
		return -1;
	if (fault == PC_FAULT_NONE)
		return 0;
	full_path(s, shard, name, &path);
	if (fault == PC_FAULT_LINK)
		pc_error_set(&s->refusal, "'%s' is a symbolic link: remove it",
		    path.text);
	else if (fault == PC_FAULT_OWNER)
		explain_owner(s, path.text, top, st->st_uid);
	else
		explain_mode(s, path.text);
	errno = EPERM;
	return -1;
}

int
owner_refused(const struct pc_store *s)
{
	if (!*s->refusal.text)
		return 0;
	errno = EPERM;
	return 1;
}

const char *
pc_store_refusal(const struct pc_store *s)
{
	return *s->refusal.text ? s->refusal.text : NULL;
}

/* An entry of dir, which is that name in the shard ("": the shard's directory
 * itself), could not be opened, says errno.  Is it another user's, or a link?
 * -1 */
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

/* ---- making and opening ---- */

/* A umask that is for other files, as 177 or 277, must not make one that is of
 * no use. */
static int
make(int dir, const char *name, int how)
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

static int
close_failed(int fd)
{
	const int e = errno;

	close(fd);
	errno = e;
	return -1;
}

/* Open the directory of a shard, once. */
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
		return close_failed(fd);
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
		close_failed(fd);
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
		fd = make(dir, name, how | HOW);
	if (fd < 0)
		return open_failed(s, dir, name, shard, name);
	if (fstat(fd, st) < 0 || owner_verify(s, shard, name, st) < 0)
		return close_failed(fd);
	if (S_ISREG(st->st_mode))
		return fd;
	errno = EBADMSG;
	return close_failed(fd);
}

int
file_unnamed(struct pc_store *s, unsigned shard)
{
	const int dir = dir_of(s, shard);

	return dir < 0 ? -1 : make(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC);
}

/* ---- looking at all of it ---- */

struct audit {
	int (*each)(void *ctx, enum pc_fault, const char *path,
	    const char *what);
	void *ctx;
	uid_t owner;
	struct pc_buf path; /* of the entry that is looked at, with a NUL */
	unsigned depth;
};

static int
report(struct audit *a, enum pc_fault fault, uid_t uid)
{
	char what[NAME_ROOM + 32] = "is a symbolic link", name[NAME_ROOM];

	if (fault == PC_FAULT_WRITABLE)
		strcpy(what, "can be written by other users");
	if (fault == PC_FAULT_OWNER) {
		(void)name_user(uid, name);
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
		return 0; /* it is gone by now */
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
		/* What cannot be entered is found when it is read. */
		a->depth++;
		r = fd < 0 ? 0 : audit_entries(a, fd);
		a->depth--;
	}
	a->path.len = had;
	a->path.data[had - 1] = '\0';
	return r;
}

/* Look at all that is in a directory, which is closed. */
static int
audit_entries(struct audit *a, int dir)
{
	enum { DEPTH_MAX = 16 };
	DIR *d = fdopendir(dir);
	struct dirent *e;
	int r = 0;

	if (!d)
		return close_failed(dir);
	/* A store has two levels; what is this deep is none of it. */
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
	/* Of another user's store nothing else is of use. */
	r = fault == PC_FAULT_NONE ? 0 : report(&a, fault, st.st_uid);
	if (r != 0 || fault == PC_FAULT_OWNER)
		goto out;
	fd = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 ? -1 : audit_entries(&a, fd);
out:
	close_failed(top);
	pc_buf_clear(&a.path);
	return r;
}
