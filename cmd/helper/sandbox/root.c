/* root.c - a root directory with only the files that a process may read.
 *
 * Landlock prevents opening other files, but stat(2) and readlink(2) still
 * show which ones exist.  In the new root they do not exist.  In its own user
 * namespace a process can mount without privileges.  The new root is a small
 * tmpfs into which the readable paths are bound, read-only, under their own
 * names; the old root is detached.  If any step fails, nothing changes: a
 * worker without its fonts would render, and so recognise, a different text. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* MS_PRIVATE and MNT_DETACH of sys/mount.h, which cannot be included together
 * with linux/mount.h in Debian 12's C library. */
enum { PRIVATE = 1 << 18, DETACH = 2 };

static int
write_text(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	const size_t n = strlen(text);
	int r;

	if (fd < 0)
		return -1;
	r = write(fd, text, n) == (ssize_t)n ? 0 : -1;
	close(fd);
	return r;
}

/* Enter the namespaces, as the same user as before. */
static int
unshare_all(enum sandbox_role role)
{
	const int own = CLONE_NEWUSER | CLONE_NEWNS |
	    (role == SANDBOX_CONVERTER
		    ? CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC
		    : 0);
	const unsigned uid = geteuid(), gid = getegid();
	char users[64], groups[64];

	snprintf(users, sizeof users, "%u %u 1", uid, uid);
	snprintf(groups, sizeof groups, "%u %u 1", gid, gid);
	if (unshare(own) < 0 ||
	    write_text("/proc/self/setgroups", "deny") < 0 ||
	    write_text("/proc/self/gid_map", groups) < 0)
		return -1;
	return write_text("/proc/self/uid_map", users);
}

/* Set attributes of this mount and those below it. */
static int
set_attributes(int mount, const char *path, uint64_t set)
{
	struct mount_attr a = {.attr_set = set, .propagation = PRIVATE};

	return (int)syscall(SYS_mount_setattr, mount, path,
	    AT_EMPTY_PATH | AT_RECURSIVE, &a, sizeof a);
}

static int
make_read_only(int mount)
{
	struct mount_attr a = {.attr_set = MOUNT_ATTR_RDONLY};

	return (int)syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH, &a,
	    sizeof a);
}

/* Mount a tmpfs over the root; this process does not see it. */
static int
make_root(void)
{
	const int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	int root = -1;

	if (fs < 0)
		return -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "mode", "0755", 0) ==
		0 &&
	    syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		root = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC,
		    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	close(fs);
	if (root >= 0 &&
	    syscall(SYS_move_mount, root, "", AT_FDCWD, "/",
		MOVE_MOUNT_F_EMPTY_PATH) < 0) {
		close(root);
		root = -1;
	}
	return root;
}

/* Make the directories that lead to a name within the root; with all, its last
 * part too. */
static int
make_parents(int root, char *name, int all)
{
	for (char *p = name; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (*name && mkdirat(root, name, 0755) < 0 && errno != EEXIST)
			return -1;
		*p = '/';
	}
	return all && *name && mkdirat(root, name, 0755) < 0 && errno != EEXIST
	    ? -1
	    : 0;
}

/* Make the name of a path within the root. */
static int
name_within(const char *cwd, const char *path, char name[PATH_MAX])
{
	const int n = *path == '/'
	    ? snprintf(name, PATH_MAX, "%s", path + strspn(path, "/"))
	    : snprintf(name, PATH_MAX, "%s/%s", cwd + 1, path);

	errno = ENAMETOOLONG;
	return n < PATH_MAX ? 0 : -1;
}

/* Make the file or directory onto which a path is bound. */
static int
make_target(int root, char *name, int is_directory)
{
	int fd;

	if (make_parents(root, name, is_directory) < 0)
		return -1;
	if (is_directory)
		return 0;
	fd = openat(root, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

/* Is the file already there, in a directory that was bound? */
static int
shown(int root, const char *name, const struct stat *want)
{
	const struct open_how how = {.flags = O_PATH | O_CLOEXEC,
	    .resolve = RESOLVE_IN_ROOT};
	const int fd = (int)syscall(SYS_openat2, root, name, &how, sizeof how);
	struct stat st;
	int r;

	if (fd < 0)
		return 0;
	r = fstat(fd, &st) == 0 && st.st_dev == want->st_dev &&
	    st.st_ino == want->st_ino;
	close(fd);
	return r;
}

/* Bind a path to a name within the root.  Also returns 0 if it does not
 * exist. */
static int
show_as(int root, char *name, const char *path, uint64_t attributes)
{
	struct stat st;
	int r = -1, mount;

	mount = (int)syscall(SYS_open_tree, AT_FDCWD, path,
	    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (mount < 0)
		return errno == ENOENT || errno == EACCES || errno == ENOTDIR
		    ? 0
		    : -1;
	if (fstat(mount, &st) < 0)
		r = -1;
	else if ((attributes & MOUNT_ATTR_RDONLY) && shown(root, name, &st))
		r = 0;
	else if (set_attributes(mount, "", attributes) == 0 &&
	    make_target(root, name, S_ISDIR(st.st_mode)) == 0)
		r = (int)syscall(SYS_move_mount, mount, "", root, name,
		    MOVE_MOUNT_F_EMPTY_PATH);
	close(mount);
	return r;
}

/* Bind a path to its own name. */
static int
show(int root, const char *cwd, const char *path, uint64_t attributes)
{
	char name[PATH_MAX];

	return name_within(cwd, path, name) < 0
	    ? -1
	    : show_as(root, name, path, attributes);
}

static int
show_all(int root, const char *cwd, const struct sandbox *s)
{
	const uint64_t how = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;
	char tmp[] = "tmp";
	int r = 0;

	/* Other files may be below a converter's /tmp, and are shown in it. */
	if (s->writable)
		r = show_as(root, tmp, s->writable,
		    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	for (const char *const *p = s->readable; r == 0 && p && *p; p++)
		r = show(root, cwd, *p, how);
	for (const char *const *p = s->runnable; r == 0 && p && *p; p++)
		r = show(root, cwd, *p, how);
	/* Of /proc show only this process's descriptors.  They remain its own
	 * when it becomes a tool. */
	if (r == 0 && s->lent)
		r = show(root, cwd, "/proc/self/fd", how | MOUNT_ATTR_NOEXEC);
	return r;
}

int
root_enter(const struct sandbox *s)
{
	char cwd[PATH_MAX], name[PATH_MAX];
	int root = -1, r = -1;

	/* Relative names keep their meaning. */
	if (!getcwd(cwd, sizeof cwd) || *cwd != '/')
		strcpy(cwd, "/");
	if (unshare_all(s->role) < 0)
		goto out;
	/* Otherwise mounts made here would appear in the parent namespace. */
	if (set_attributes(AT_FDCWD, "/", 0) < 0 || (root = make_root()) < 0)
		goto out;
	snprintf(name, sizeof name, "%s", cwd + 1);
	if (show_all(root, cwd, s) < 0 || make_parents(root, name, 1) < 0 ||
	    make_read_only(root) < 0 || fchdir(root) < 0)
		goto out;
	/* The old root is now on top of the new one: unmount it. */
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		goto out;
	r = (int)syscall(SYS_umount2, ".", DETACH);
out:
	if (chdir(cwd) < 0 && chdir("/") < 0)
		r = -1;
	if (root >= 0)
		close(root);
	return r;
}

int
root_drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[2] = {{0}, {0}};

	return (int)syscall(SYS_capset, &head, none);
}
