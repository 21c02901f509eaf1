/* sandbox.c - confine a process that parses untrusted data: limits, Landlock,
 * and the order in which all parts are set up. */
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

/* Set a limit; the hard limit is higher by more.  0, or -1. */
static int
limit(int what, uint64_t most, unsigned more)
{
	struct rlimit r;

	if (getrlimit(what, &r) < 0)
		return -1;
	/* Keep a stricter limit that was set from outside. */
	if (r.rlim_max > most + more)
		r.rlim_max = (rlim_t)(most + more);
	if (r.rlim_cur > most)
		r.rlim_cur = (rlim_t)most;
	return setrlimit(what, &r);
}

int
sandbox_set_limits(const struct sandbox *s)
{
	int r;

	/* At the limit a tool has to end; it reports nothing itself. */
	if (s->role < SANDBOX_TOOL)
		signal(SIGXFSZ, SIG_IGN);
	r = limit(RLIMIT_CORE, 0, 0) | limit(RLIMIT_FSIZE, s->file_max, 0);
	if (s->files_max)
		r |= limit(RLIMIT_NOFILE, s->files_max, 0);
	if (s->tasks_max)
		r |= limit(RLIMIT_NPROC, s->tasks_max, 0);
	if (s->memory_max)
		r |= limit(RLIMIT_AS, s->memory_max, 0);
	/* First SIGXCPU, which shows the cause; SIGKILL a second later. */
	if (s->cpu_max)
		r |= limit(RLIMIT_CPU, s->cpu_max, 1);
	return r;
}

/* ---- files ---- */

/* From linux/landlock.h since Linux 6.12.  An older kernel accepts it if the
 * fields that it does not know are 0. */
struct ruleset {
	uint64_t files, net, scoped;
};

enum {
	READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	MOVE = 1 << 13, /* between directories */
	TRUNCATE = 1 << 14,
	/* Files can be created and removed, but not links, devices or
	 * directories. */
	WRITE = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
	    LANDLOCK_ACCESS_FS_REMOVE_FILE | TRUNCATE,
	/* A converter can also make directories, links and sockets. */
	FILL = WRITE | LANDLOCK_ACCESS_FS_MAKE_DIR |
	    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_SYM |
	    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | MOVE,
	OF_FILES = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
	    LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE,
	NET_BIND = 1,   /* bind TCP sockets */
	NET_ALL = 3,    /* and connect them */
	SCOPED_ALL = 3, /* abstract Unix sockets and signals */
};

/* Everything that this version of Landlock can refuse. */
static struct ruleset
ruleset_of(long abi, int connects)
{
	struct ruleset r = {.files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};

	if (abi >= 2)
		r.files |= MOVE;
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

/* Allow this for the file fd, or for everything below the directory fd. */
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
	/* This fails for a pipe, which Landlock allows anyway. */
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
	if (s->role == SANDBOX_CONVERTER)
		allow(ruleset, "/tmp", (READ | FILL) & r->files);
	if (s->writable)
		allow(ruleset, "/dev/null", (READ | WRITE) & r->files);
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

/* ---- all parts ---- */

void
sandbox_prepare(struct sandbox *s)
{
	s->prepared = root_enter(s) == 0 ? SANDBOX_ROOT : 0;
	root_drop_capabilities();
	/* If this fails, loading the filter fails later. */
	(void)calls_prepare(s);
}

unsigned
sandbox_enter(const struct sandbox *s)
{
	unsigned walls = s->prepared;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	if (sandbox_set_limits(s) == 0)
		walls |= SANDBOX_LIMITS;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return walls;
	if (set_landlock(s) == 0)
		walls |= SANDBOX_LANDLOCK;
	/* Landlock applies to this thread and to threads that it starts. */
	if (s->start_threads)
		s->start_threads();
	/* The filter comes last: it refuses the calls that the other parts
	 * need. */
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
