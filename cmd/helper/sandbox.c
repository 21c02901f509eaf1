/* sandbox.c - walls around a process that parses what a stranger made.
 *
 * seccomp lists what is allowed: what poppler, leptonica, tesseract and the C
 * library below them are seen to need.  It cannot follow pointers, so it knows
 * how a file is opened, but not which: that is for Landlock. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- limits ---- */

/* 0, or -1. */
static int
limit(int what, uint64_t most)
{
	struct rlimit r;

	if (getrlimit(what, &r) < 0)
		return -1;
	/* A stricter one that was set from outside stays. */
	if (r.rlim_max > most)
		r.rlim_max = (rlim_t)most;
	r.rlim_cur = r.rlim_cur < r.rlim_max ? r.rlim_cur : r.rlim_max;
	return setrlimit(what, &r);
}

static int
set_limits(const struct sandbox *s)
{
	int r;

	signal(SIGXFSZ, SIG_IGN);
	r = limit(RLIMIT_CORE, 0) | limit(RLIMIT_FSIZE, 0);
	if (s->files_max)
		r |= limit(RLIMIT_NOFILE, s->files_max);
	if (s->memory_max)
		r |= limit(RLIMIT_AS, s->memory_max);
	if (s->cpu_max)
		r |= limit(RLIMIT_CPU, s->cpu_max);
	return r;
}

/* ---- files ---- */

/* Of linux/landlock.h since Linux 6.12; an older kernel takes it when what it
 * does not know is 0. */
struct ruleset {
	uint64_t files, net, scoped;
};

enum {
	READ_FILE = LANDLOCK_ACCESS_FS_READ_FILE,
	READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	NET_BIND = 1,   /* by TCP */
	NET_ALL = 3,    /* and connect */
	SCOPED_ALL = 3, /* abstract Unix sockets, signals */
};

/* All that this version of Landlock can refuse. */
static struct ruleset
ruleset_of(long abi, int network)
{
	struct ruleset r = {.files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};

	if (abi >= 2)
		r.files |= 1 << 13; /* move between directories */
	if (abi >= 3)
		r.files |= 1 << 14; /* truncate */
	if (abi >= 5)
		r.files |= 1 << 15; /* ioctl on devices */
	if (abi >= 4)
		r.net = network ? NET_BIND : NET_ALL;
	if (abi >= 6)
		r.scoped = SCOPED_ALL;
	return r;
}

static void
add_readable(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr a = {.allowed_access = READ};
	struct stat st;

	a.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (a.parent_fd < 0)
		return;
	if (fstat(a.parent_fd, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			a.allowed_access = READ_FILE;
		/* It fails for a pipe, which Landlock lets pass anyway. */
		syscall(SYS_landlock_add_rule, ruleset,
		    LANDLOCK_RULE_PATH_BENEATH, &a, 0);
	}
	close(a.parent_fd);
}

static int
set_landlock(const struct sandbox *s)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset r = ruleset_of(abi, s->network);
	long fd, result;

	if (abi < 1)
		return -1;
	fd = syscall(SYS_landlock_create_ruleset, &r, sizeof r, 0);
	if (fd < 0)
		return -1;
	for (const char *const *p = s->readable; p && *p; p++)
		add_readable((int)fd, *p);
	result = syscall(SYS_landlock_restrict_self, (int)fd, 0);
	close((int)fd);
	return (int)result;
}

/* ---- calls ---- */

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef ARCH

enum {
	/* 32-bit words of the arguments; both processors are little-endian. */
	ARG0 = 0, ARG1 = 2, ARG2 = 4, ARG2_HIGH = 5,
	LAST_KNOWN = 450, /* of Linux 6.1; later ones were not judged */
	WRITING = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY),
	NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
	    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
	SET_VMA = 0x53564d41, /* PR_SET_VMA: the C library names its memory */
	PROGRAM_MAX = 512,
};

/* Allowed whatever the arguments. */
static const short plain[] = {
	/* memory */
	SYS_brk, SYS_madvise, SYS_mmap, SYS_mprotect, SYS_mremap, SYS_msync,
	SYS_munmap,
	/* what is open, and names */
	SYS_close, SYS_dup, SYS_dup3, SYS_faccessat, SYS_faccessat2,
	SYS_fadvise64, SYS_fstat, SYS_fstatfs, SYS_getcwd, SYS_getdents64,
	SYS_lseek, SYS_newfstatat, SYS_pipe2, SYS_ppoll, SYS_pread64,
	SYS_preadv, SYS_pselect6, SYS_read, SYS_readlinkat, SYS_readv,
	SYS_statfs, SYS_statx, SYS_write, SYS_writev,
	/* threads, as libgomp and the C library start them */
	SYS_exit, SYS_exit_group, SYS_futex, SYS_get_robust_list, SYS_membarrier,
	SYS_rseq, SYS_sched_get_priority_max, SYS_sched_get_priority_min,
	SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler,
	SYS_sched_yield, SYS_set_robust_list, SYS_set_tid_address,
	/* signals of its own */
	SYS_restart_syscall, SYS_rt_sigaction, SYS_rt_sigpending,
	SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigsuspend,
	SYS_rt_sigtimedwait, SYS_sigaltstack,
	/* time, chance, who and where */
	SYS_clock_getres, SYS_clock_gettime, SYS_clock_nanosleep, SYS_getcpu,
	SYS_getegid, SYS_geteuid, SYS_getgid, SYS_getpid, SYS_getppid,
	SYS_getrandom, SYS_getrusage, SYS_gettid, SYS_gettimeofday, SYS_getuid,
	SYS_nanosleep, SYS_setitimer, SYS_sysinfo, SYS_times, SYS_uname,
#ifdef SYS_open /* x86-64 has the older calls beside the newer */
	SYS_access, SYS_alarm, SYS_dup2, SYS_getrlimit, SYS_lstat, SYS_pipe, SYS_poll,
	SYS_readlink, SYS_select, SYS_stat, SYS_time,
#endif
};

/* Allowed when all the tests hold. */
struct rule {
	int call;
	struct test {
		unsigned word; /* of the arguments */
		uint32_t mask, value;
	} test[3]; /* those with a mask */
};

#define ALL UINT32_MAX

static const struct rule checked[] = {
	{SYS_openat, {{ARG2, WRITING, O_RDONLY}}},
#ifdef SYS_open
	{SYS_open, {{ARG1, WRITING, O_RDONLY}}},
#endif
	/* A thread, no process.  clone3 has its flags behind a pointer. */
	{SYS_clone, {{ARG0, CLONE_THREAD | NAMESPACES, CLONE_THREAD}}},
	/* Not F_SETOWN, which sends signals, nor F_SETFL, which changes what
	 * others share. */
	{SYS_fcntl, {{ARG1, ALL, F_DUPFD}}},
	{SYS_fcntl, {{ARG1, ALL, F_DUPFD_CLOEXEC}}},
	{SYS_fcntl, {{ARG1, ALL, F_GETFD}}},
	{SYS_fcntl, {{ARG1, ALL, F_SETFD}}},
	{SYS_fcntl, {{ARG1, ALL, F_GETFL}}},
	/* Not TIOCSTI, which types into a terminal. */
	{SYS_ioctl, {{ARG1, ALL, TCGETS}}},
	{SYS_ioctl, {{ARG1, ALL, FIONREAD}}},
	{SYS_ioctl, {{ARG1, ALL, TIOCGWINSZ}}},
	/* Not PR_SET_PDEATHSIG, nor PR_SET_DUMPABLE. */
	{SYS_prctl, {{ARG0, ALL, PR_SET_NAME}}},
	{SYS_prctl, {{ARG0, ALL, PR_GET_NAME}}},
	{SYS_prctl, {{ARG0, ALL, SET_VMA}}},
	/* Its own limits, to read: root could raise them. */
	{SYS_prlimit64,
	    {{ARG0, ALL, 0}, {ARG2, ALL, 0}, {ARG2_HIGH, ALL, 0}}},
};

/* And for one that connects. */
static const short networking[] = {
	SYS_bind, SYS_connect, SYS_eventfd2, SYS_getpeername, SYS_getsockname,
	SYS_getsockopt, SYS_recvfrom, SYS_recvmmsg, SYS_recvmsg, SYS_sendmmsg,
	SYS_sendmsg, SYS_sendto, SYS_setsockopt, SYS_shutdown, SYS_socketpair,
};

static const struct rule networking_checked[] = {
	/* Not raw ones.  Netlink tells the C library of addresses. */
	{SYS_socket, {{ARG0, ALL, AF_UNIX}}},
	{SYS_socket, {{ARG0, ALL, AF_INET}}},
	{SYS_socket, {{ARG0, ALL, AF_INET6}}},
	{SYS_socket, {{ARG0, ALL, AF_NETLINK}}},
	{SYS_fcntl, {{ARG1, ALL, F_SETFL}}},
	{SYS_ioctl, {{ARG1, ALL, FIONBIO}}},
};

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short n;
};

/* Jumps are over so many instructions.  One that has no room is not lost
 * silently: n goes past the end, and set_seccomp() gives up. */
static void
emit(struct program *p, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
	if (p->n < PROGRAM_MAX)
		p->code[p->n] = (struct sock_filter){(unsigned short)code,
		    (unsigned char)yes, (unsigned char)no, k};
	p->n++;
}

static void
emit_load(struct program *p, size_t at)
{
	emit(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)at, 0, 0);
}

static void
emit_return(struct program *p, uint32_t what)
{
	emit(p, BPF_RET | BPF_K, what, 0, 0);
}

static void
emit_if(struct program *p, int call, uint32_t what)
{
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
	emit_return(p, what);
}

static void
emit_rule(struct program *p, const struct rule *r)
{
	const size_t number = offsetof(struct seccomp_data, nr);
	unsigned left = 2;

	for (unsigned i = 0; i < 3; i++)
		left += r->test[i].mask ? 3 : 0;
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)r->call, 0, left);
	for (unsigned i = 0; i < 3 && r->test[i].mask; i++) {
		const struct test *t = &r->test[i];

		left -= 3;
		emit_load(p, offsetof(struct seccomp_data, args) +
		        sizeof(uint32_t) * t->word);
		emit(p, BPF_ALU | BPF_AND | BPF_K, t->mask, 0, 0);
		emit(p, BPF_JMP | BPF_JEQ | BPF_K, t->value, 0, left - 1);
	}
	emit_return(p, SECCOMP_RET_ALLOW);
	emit_load(p, number);
}

static void
emit_networking(struct program *p)
{
	for (size_t i = 0; i < sizeof networking / sizeof *networking; i++)
		emit_if(p, networking[i], SECCOMP_RET_ALLOW);
	for (size_t i = 0;
	     i < sizeof networking_checked / sizeof *networking_checked; i++)
		emit_rule(p, &networking_checked[i]);
}

static void
emit_all(struct program *p, int network)
{
	const uint32_t unknown = SECCOMP_RET_ERRNO | ENOSYS;
	const uint32_t self = (uint32_t)getpid();
	const struct rule to_self[] = {
	    {SYS_tgkill, {{ARG0, ALL, self}}}, /* abort(3) */
	    {SYS_kill, {{ARG0, ALL, self}}},
	};

	emit_load(p, offsetof(struct seccomp_data, arch));
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	emit_return(p, unknown);
	emit_load(p, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		emit_if(p, plain[i], SECCOMP_RET_ALLOW);
	for (size_t i = 0; i < sizeof checked / sizeof *checked; i++)
		emit_rule(p, &checked[i]);
	for (size_t i = 0; i < sizeof to_self / sizeof *to_self; i++)
		emit_rule(p, &to_self[i]);
	if (network)
		emit_networking(p);
	/* What fontconfig expects of a cache that it cannot write. */
	emit_if(p, SYS_openat, SECCOMP_RET_ERRNO | EROFS);
#ifdef SYS_open
	emit_if(p, SYS_open, SECCOMP_RET_ERRNO | EROFS);
#endif
	emit_if(p, SYS_ioctl, SECCOMP_RET_ERRNO | ENOTTY);
	/* The C library tries older calls in place of those that seem not to
	 * be there.  x32 has numbers beyond all others. */
	emit_if(p, SYS_clone3, unknown);
	emit_if(p, SYS_openat2, unknown);
	emit(p, BPF_JMP | BPF_JGT | BPF_K, LAST_KNOWN, 0, 1);
	emit_return(p, unknown);
	emit_return(p, SECCOMP_RET_ERRNO | EPERM);
}

static int
set_seccomp(int network)
{
	struct program p = {.n = 0};
	struct sock_fprog f = {.filter = p.code};

	emit_all(&p, network);
	if (p.n > PROGRAM_MAX)
		return -1;
	f.len = p.n;
	/* Not 0 is also the number of a thread that it could not confine. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	           SECCOMP_FILTER_FLAG_TSYNC, &f) == 0
	    ? 0
	    : -1;
}

#else

static int
set_seccomp(int network)
{
	(void)network;
	return -1;
}

#endif

unsigned
sandbox_enter(const struct sandbox *s)
{
	unsigned walls = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	if (set_limits(s) == 0)
		walls |= SANDBOX_LIMITS;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return walls;
	if (set_landlock(s) == 0)
		walls |= SANDBOX_LANDLOCK;
	/* Last: it refuses what the others are made with. */
	if (set_seccomp(s->network) == 0)
		walls |= SANDBOX_SECCOMP;
	return walls;
}
