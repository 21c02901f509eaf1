/* sandbox.c - walls around a process that parses what others made: limits,
 * Landlock, and the order in which all are put up. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- limits ---- */

/* more is between the soft limit and the hard one.  0, or -1. */
static int
limit(int what, uint64_t most, unsigned more)
{
	struct rlimit r;

	if (getrlimit(what, &r) < 0)
		return -1;
	/* A stricter one that was set from outside stays. */
	if (r.rlim_max > most + more)
		r.rlim_max = (rlim_t)(most + more);
	if (r.rlim_cur > most)
		r.rlim_cur = (rlim_t)most;
	return setrlimit(what, &r);
}

static int
set_limits(const struct sandbox *s)
{
	int r;

	/* A tool is to end at it, and says nothing of its own. */
	if (s->role != SANDBOX_TOOL && s->role != SANDBOX_WRITER)
		signal(SIGXFSZ, SIG_IGN);
	r = limit(RLIMIT_CORE, 0, 0) | limit(RLIMIT_FSIZE, s->file_max, 0);
	if (s->files_max)
		r |= limit(RLIMIT_NOFILE, s->files_max, 0);
	if (s->memory_max)
		r |= limit(RLIMIT_AS, s->memory_max, 0);
	/* SIGXCPU first, which says why, and SIGKILL a second later. */
	if (s->cpu_max)
		r |= limit(RLIMIT_CPU, s->cpu_max, 1);
	return r;
}

/* ---- files ---- */

/* Of linux/landlock.h since Linux 6.12; an older kernel takes it when what it
 * does not know is 0. */
struct ruleset {
	uint64_t files, net, scoped;
};

enum {
	READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	TRUNCATE = 1 << 14,
	/* Files are made and removed, but no links, devices or directories. */
	WRITE = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
	    LANDLOCK_ACCESS_FS_REMOVE_FILE | TRUNCATE,
	OF_FILES = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
	    LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE,
	NET_BIND = 1,   /* by TCP */
	NET_ALL = 3,    /* and connect */
	SCOPED_ALL = 3, /* abstract Unix sockets, signals */
};

/* All that this version of Landlock can refuse. */
static struct ruleset
ruleset_of(long abi, int connects)
{
	struct ruleset r = {.files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};

	if (abi >= 2)
		r.files |= 1 << 13; /* move between directories */
	if (abi >= 3)
		r.files |= TRUNCATE;
	if (abi >= 5)
		r.files |= 1 << 15; /* ioctl on devices */
	if (abi >= 4)
		r.net = connects ? NET_BIND : NET_ALL;
	if (abi >= 6)
		r.scoped = SCOPED_ALL;
	return r;
}

/* Allow this to the file, or to all below the directory, that fd is. */
static void
allow_file(int ruleset, int fd, uint64_t what)
{
	struct landlock_path_beneath_attr a = {.allowed_access = what,
	    .parent_fd = fd};
	struct stat st;

	if (fstat(fd, &st) < 0)
		return;
	if (!S_ISDIR(st.st_mode))
		a.allowed_access &= OF_FILES;
	/* It fails for a pipe, which Landlock lets pass anyway. */
	syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &a,
	    0);
}

static void
allow(int ruleset, const char *path, uint64_t what)
{
	const int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return;
	allow_file(ruleset, fd, what);
	close(fd);
}

static void
allow_all(int ruleset, const struct ruleset *r, const struct sandbox *s)
{
	for (const char *const *p = s->readable; p && *p; p++)
		allow(ruleset, *p, READ);
	for (const char *const *p = s->runnable; p && *p; p++)
		allow(ruleset, *p, READ | LANDLOCK_ACCESS_FS_EXECUTE);
	if (s->writable) {
		allow(ruleset, s->writable, (READ | WRITE) & r->files);
		allow(ruleset, "/dev/null", (READ | WRITE) & r->files);
	}
	for (const int *fd = s->lent; fd && *fd >= 0; fd++)
		allow_file(ruleset, *fd, LANDLOCK_ACCESS_FS_READ_FILE);
	if (s->lent)
		allow(ruleset, "/proc/self/fd", LANDLOCK_ACCESS_FS_READ_DIR);
}

static int
set_landlock(const struct sandbox *s)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset r = ruleset_of(abi, s->role == SANDBOX_CLIENT);
	long fd, result;

	if (abi < 1)
		return -1;
	fd = syscall(SYS_landlock_create_ruleset, &r, sizeof r, 0);
	if (fd < 0)
		return -1;
	allow_all((int)fd, &r, s);
	result = syscall(SYS_landlock_restrict_self, (int)fd, 0);
	close((int)fd);
	return (int)result;
}

/* ---- all of them ---- */

void
sandbox_prepare(struct sandbox *s)
{
	s->prepared = root_enter(s) == 0 ? SANDBOX_ROOT : 0;
	root_drop_capabilities();
	/* Its failure shows when the filter is to be loaded. */
	(void)calls_prepare(s);
}

unsigned
sandbox_enter(const struct sandbox *s)
{
	unsigned walls = s->prepared;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	if (set_limits(s) == 0)
		walls |= SANDBOX_LIMITS;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return walls;
	if (set_landlock(s) == 0)
		walls |= SANDBOX_LANDLOCK;
	/* Landlock holds for this thread and those that it starts. */
	if (s->start_threads)
		s->start_threads();
	/* Last: it refuses what the others are made with. */
	if (calls_enter(s) == 0)
		walls |= SANDBOX_SECCOMP;
	return walls;
}

unsigned
sandbox_try(const struct sandbox *s)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit((int)sandbox_enter(s));
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : 0;
}
