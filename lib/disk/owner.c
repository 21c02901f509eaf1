/* owner.c - use only what belongs to the user.
 *
 * A user who can write to a store decides what its hits are.  So every
 * directory and file of a store is checked through its descriptor after it was
 * opened, as ssh(1) and gpg(1) check their keys: it must belong to the user,
 * and no other user may write to it.  (The mask of an access control list shows
 * as the group's bits.)  Below the store, symbolic links are not followed; the
 * store's own path may be one.
 *
 * If one part fails the check, the store is refused: nothing in it is read or
 * written any more, since other parts may be changed too.  Directories above
 * the store are not checked: a user who can write to them can move the store
 * away, but a store put in its place belongs to that user, and is refused. */
#include "owner.h"

#include "disk.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum pc_fault
owner_fault(uid_t owner, const struct stat *st)
{
	return S_ISLNK(st->st_mode)             ? PC_FAULT_LINK
	    : st->st_uid != owner               ? PC_FAULT_OWNER
	    : st->st_mode & (S_IWGRP | S_IWOTH) ? PC_FAULT_WRITABLE
						: PC_FAULT_NONE;
}

/* This does not call getpwuid(3), which would load libraries. */
int
owner_name(uid_t uid, char name[OWNER_NAME])
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *p = NULL;

	while (f && (p = fgetpwent(f)) && p->pw_uid != uid)
		;
	if (p)
		snprintf(name, OWNER_NAME, "%s", p->pw_name);
	else
		snprintf(name, OWNER_NAME, "%lu", (unsigned long)uid);
	if (f)
		fclose(f);
	return !p;
}

/* The name of a file system without owners and modes, found by the magic number
 * of statfs(2) (linux/magic.h, and the sources of file systems that it lacks).
 * *maybe: only some file systems with that number lack them. */
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
	char theirs[OWNER_NAME], mine[OWNER_NAME];
	/* sudo(8) takes a user without a name as #UID. */
	const char *hash = owner_name(uid, theirs) ? "#" : "";

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
		/* An older pc made such files when it was run by sudo(8). */
		(void)owner_name(geteuid(), mine);
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
		    "another file system with --store or PC_STORE",
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

/* The path of a part, for messages. */
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
