/* calls.c - which system calls a sandboxed process can make, by libseccomp.
 *
 * The lists hold the calls that poppler, leptonica, tesseract, libcurl, qpdf
 * and the C library were seen to make.  A filter cannot follow pointers: it
 * can check how a file is opened, but not which file.  Landlock and the root
 * do that.
 *
 * Making a filter takes about 1 ms.  It is made once in a helper, and loaded
 * in each worker. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	/* A placeholder for the confined process's id. */
	SELF = 0x5e1f5e1f,
	WRITING = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY),
	VMA = 0x53564d41, /* PR_SET_VMA: the C library labels its memory */
	PROGRAM_MAX = 4096,
	NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
	    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
};

/* Allowed with any arguments. */
static const int plain[] = {
    /* memory */
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(mremap),
    SCMP_SYS(msync),
    SCMP_SYS(munmap),
    /* open descriptors, and file names */
    SCMP_SYS(close),
    SCMP_SYS(close_range),
    SCMP_SYS(dup),
    SCMP_SYS(dup3),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(fadvise64),
    SCMP_SYS(fstat),
    SCMP_SYS(fstatfs),
    SCMP_SYS(getcwd),
    SCMP_SYS(getdents64),
    SCMP_SYS(lseek),
    SCMP_SYS(newfstatat),
    SCMP_SYS(pipe2),
    SCMP_SYS(ppoll),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(pselect6),
    SCMP_SYS(read),
    SCMP_SYS(readlinkat),
    SCMP_SYS(readv),
    SCMP_SYS(statfs),
    SCMP_SYS(statx),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    /* its one thread, or those that were started before */
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(futex),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(membarrier),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_get_priority_max),
    SCMP_SYS(sched_get_priority_min),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(set_tid_address),
    /* its own signals */
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigpending),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigsuspend),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    /* time, random numbers, identity, system */
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getcpu),
    SCMP_SYS(getegid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getuid),
    SCMP_SYS(nanosleep),
    SCMP_SYS(setitimer),
    SCMP_SYS(sysinfo),
    SCMP_SYS(times),
    SCMP_SYS(uname),
    /* Only x86-64 has the older calls too; other processors skip them. */
    SCMP_SYS(access),
    SCMP_SYS(alarm),
    SCMP_SYS(dup2),
    SCMP_SYS(getrlimit),
    SCMP_SYS(lstat),
    SCMP_SYS(pipe),
    SCMP_SYS(poll),
    SCMP_SYS(readlink),
    SCMP_SYS(select),
    SCMP_SYS(stat),
    SCMP_SYS(time),
};

/* Calls that programs are known to try, and that may fail with EPERM.  All
 * other refused calls seem not to exist, as in an older kernel. */
static const int processes[] = {
    SCMP_SYS(clone),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(execveat),
};
static const int sockets[] = {SCMP_SYS(socket), SCMP_SYS(socketpair)};

/* Also allowed to a client. */
static const int networking[] = {
    SCMP_SYS(bind),
    SCMP_SYS(connect),
    SCMP_SYS(eventfd2),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockname),
    SCMP_SYS(getsockopt),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(setsockopt),
    SCMP_SYS(shutdown),
    SCMP_SYS(socketpair),
};

/* Also allowed to a tool: what starting a program needs.  A filter cannot
 * count calls, so the tool could become another program; Landlock says which
 * files it can run. */
static const int starting[] = {SCMP_SYS(arch_prctl), SCMP_SYS(execve)};

/* Also allowed to a converter: writing files. */
static const int files[] = {
    SCMP_SYS(fsync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(pwrite64),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
};

/* Also allowed to a converter: what office programs and language runtimes
 * need.  Signals reach only processes of its own namespace, and sockets only
 * those, as no other socket is in its network or its root. */
static const int converting[] = {
    /* processes and threads */
    SCMP_SYS(capget),
    SCMP_SYS(fork),
    SCMP_SYS(getgroups),
    SCMP_SYS(getpgid),
    SCMP_SYS(getpgrp),
    SCMP_SYS(getpriority),
    SCMP_SYS(getresgid),
    SCMP_SYS(getresuid),
    SCMP_SYS(getsid),
    SCMP_SYS(kill),
    SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_setparam),
    SCMP_SYS(sched_setscheduler),
    SCMP_SYS(setpgid),
    SCMP_SYS(setpriority),
    SCMP_SYS(setsid),
    SCMP_SYS(tgkill),
    SCMP_SYS(tkill),
    SCMP_SYS(umask),
    SCMP_SYS(vfork),
    SCMP_SYS(wait4),
    SCMP_SYS(waitid),
    /* events and timers */
    SCMP_SYS(epoll_create),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(eventfd2),
    SCMP_SYS(getitimer),
    SCMP_SYS(inotify_add_watch),
    SCMP_SYS(inotify_init1),
    SCMP_SYS(inotify_rm_watch),
    SCMP_SYS(pause),
    SCMP_SYS(signalfd4),
    SCMP_SYS(timer_create),
    SCMP_SYS(timer_delete),
    SCMP_SYS(timer_getoverrun),
    SCMP_SYS(timer_gettime),
    SCMP_SYS(timer_settime),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_gettime),
    SCMP_SYS(timerfd_settime),
    /* memory */
    SCMP_SYS(memfd_create),
    SCMP_SYS(mincore),
    SCMP_SYS(mlock),
    SCMP_SYS(munlock),
    /* files */
    SCMP_SYS(chdir),
    SCMP_SYS(chmod),
    SCMP_SYS(copy_file_range),
    SCMP_SYS(creat),
    SCMP_SYS(fallocate),
    SCMP_SYS(fchdir),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(fcntl),
    SCMP_SYS(fdatasync),
    SCMP_SYS(fgetxattr),
    SCMP_SYS(flistxattr),
    SCMP_SYS(flock),
    SCMP_SYS(getxattr),
    SCMP_SYS(lgetxattr),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(listxattr),
    SCMP_SYS(llistxattr),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(preadv2),
    SCMP_SYS(pwritev),
    SCMP_SYS(pwritev2),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(rmdir),
    SCMP_SYS(sendfile),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(truncate),
    SCMP_SYS(utime),
    SCMP_SYS(utimensat),
    SCMP_SYS(utimes),
    /* sockets between its own processes */
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(bind),
    SCMP_SYS(connect),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockname),
    SCMP_SYS(getsockopt),
    SCMP_SYS(listen),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(setsockopt),
    SCMP_SYS(shutdown),
};

/* A call that is allowed, or refused, if the tests hold.  32-bit arguments are
 * compared as such, because the other half may hold anything. */
struct rule {
	int call;
	struct scmp_arg_cmp test[2];
	unsigned tests;
};

#define ARG(n, mask, value)                                                    \
	{                                                                      \
		n, SCMP_CMP_MASKED_EQ, mask, value                             \
	}
#define IS(n, value) ARG(n, UINT32_MAX, (value))

static const struct rule checked[] = {
    /* Not F_SETOWN, which sends signals, nor F_SETFL, which changes
     * descriptors that others share. */
    {SCMP_SYS(fcntl), {IS(1, F_DUPFD)}, 1},
    {SCMP_SYS(fcntl), {IS(1, F_DUPFD_CLOEXEC)}, 1},
    {SCMP_SYS(fcntl), {IS(1, F_GETFD)}, 1},
    {SCMP_SYS(fcntl), {IS(1, F_SETFD)}, 1},
    {SCMP_SYS(fcntl), {IS(1, F_GETFL)}, 1},
    /* Not TIOCSTI, which types into a terminal. */
    {SCMP_SYS(ioctl), {IS(1, TCGETS)}, 1},
    {SCMP_SYS(ioctl), {IS(1, FIOCLEX)}, 1},
    {SCMP_SYS(ioctl), {IS(1, FIONREAD)}, 1},
    {SCMP_SYS(ioctl), {IS(1, TIOCGWINSZ)}, 1},
    /* Not PR_SET_PDEATHSIG, nor PR_SET_DUMPABLE. */
    {SCMP_SYS(prctl), {IS(0, PR_SET_NAME)}, 1},
    {SCMP_SYS(prctl), {IS(0, PR_GET_NAME)}, 1},
    {SCMP_SYS(prctl), {IS(0, VMA)}, 1},
    /* Only reading its own limits, as root could raise them. */
    {SCMP_SYS(prlimit64), {IS(0, 0), {2, SCMP_CMP_EQ, 0, 0}}, 2},
    /* abort(3) */
    {SCMP_SYS(tgkill), {IS(0, SELF)}, 1},
    {SCMP_SYS(kill), {IS(0, SELF)}, 1},
};

static const struct rule reading[] = {
    {SCMP_SYS(openat), {ARG(2, WRITING, O_RDONLY)}, 1},
    {SCMP_SYS(open), {ARG(1, WRITING, O_RDONLY)}, 1},
};

/* Calls that fontconfig makes on a cache that it cannot write. */
static const struct rule writing[] = {
    {SCMP_SYS(openat), {ARG(2, O_WRONLY, O_WRONLY)}, 1},
    {SCMP_SYS(openat), {ARG(2, O_RDWR, O_RDWR)}, 1},
    {SCMP_SYS(openat), {ARG(2, O_CREAT, O_CREAT)}, 1},
    {SCMP_SYS(openat), {ARG(2, O_TRUNC, O_TRUNC)}, 1},
    {SCMP_SYS(open), {ARG(1, O_WRONLY, O_WRONLY)}, 1},
    {SCMP_SYS(open), {ARG(1, O_RDWR, O_RDWR)}, 1},
    {SCMP_SYS(open), {ARG(1, O_CREAT, O_CREAT)}, 1},
    {SCMP_SYS(open), {ARG(1, O_TRUNC, O_TRUNC)}, 1},
};

static const struct rule networking_checked[] = {
    /* No raw sockets.  The C library needs netlink for its addresses. */
    {SCMP_SYS(socket), {IS(0, AF_UNIX)}, 1},
    {SCMP_SYS(socket), {IS(0, AF_INET)}, 1},
    {SCMP_SYS(socket), {IS(0, AF_INET6)}, 1},
    {SCMP_SYS(socket), {IS(0, AF_NETLINK)}, 1},
    {SCMP_SYS(fcntl), {IS(1, F_SETFL)}, 1},
    {SCMP_SYS(ioctl), {IS(1, FIONBIO)}, 1},
};

/* A converter's threads and processes, but no more namespaces, in which it
 * would have capabilities; and sockets without a network. */
static const struct rule converting_checked[] = {
    {SCMP_SYS(clone), {ARG(0, NAMESPACES, 0)}, 1},
    {SCMP_SYS(socket), {IS(0, AF_UNIX)}, 1},
    {SCMP_SYS(socketpair), {IS(0, AF_UNIX)}, 1},
    {SCMP_SYS(ioctl), {IS(1, FIONBIO)}, 1},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Add rules.  Returns 0 or a negative errno. */
static int
add_calls(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = seccomp_rule_add_array(f, action, calls[i], 0, NULL);
	return r;
}

static int
add_rules(scmp_filter_ctx f, uint32_t action, const struct rule *rules,
    size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = seccomp_rule_add_array(f, action, rules[i].call,
		    rules[i].tests, rules[i].test);
	return r;
}

static int
add_converter(scmp_filter_ctx f)
{
	const uint32_t yes = SCMP_ACT_ALLOW;
	int r = add_calls(f, yes, starting, COUNT(starting));

	if (r == 0)
		r = add_calls(f, yes, files, COUNT(files));
	if (r == 0)
		r = add_calls(f, yes, converting, COUNT(converting));
	return r < 0
	    ? r
	    : add_rules(f, yes, converting_checked, COUNT(converting_checked));
}

/* Refuse to start processes. */
static int
add_alone(scmp_filter_ctx f)
{
	return add_calls(f, SCMP_ACT_ERRNO(EPERM), processes, COUNT(processes));
}

static int
add_role(scmp_filter_ctx f, enum sandbox_role role)
{
	static const int program[] = {SCMP_SYS(execve)};
	const uint32_t yes = SCMP_ACT_ALLOW, no = SCMP_ACT_ERRNO(EPERM);
	int r;

	if (role == SANDBOX_CONVERTER)
		return add_converter(f);
	r = add_alone(f);
	if (r < 0)
		return r;
	if (role == SANDBOX_TOOL)
		r = add_calls(f, yes, starting, COUNT(starting));
	else
		r = add_calls(f, no, program, COUNT(program));
	if (r == 0)
		r = add_rules(f, yes, reading, COUNT(reading));
	if (r == 0)
		r = add_rules(f, SCMP_ACT_ERRNO(EROFS), writing,
		    COUNT(writing));
	if (r == 0 && role != SANDBOX_CLIENT)
		r = add_calls(f, no, sockets, COUNT(sockets));
	if (r < 0 || role != SANDBOX_CLIENT)
		return r;
	r = add_calls(f, yes, networking, COUNT(networking));
	return r < 0
	    ? r
	    : add_rules(f, yes, networking_checked, COUNT(networking_checked));
}

int
calls_export(enum sandbox_role role, uint32_t arch, int readable, int fd)
{
	/* Unknown calls fail with ENOSYS, so that the C library falls back to
	 * older ones. */
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int r = f ? 0 : -ENOMEM;

	if (r == 0 && arch && arch != seccomp_arch_native()) {
		r = seccomp_arch_remove(f, SCMP_ARCH_NATIVE);
		if (r == 0)
			r = seccomp_arch_add(f, arch);
	}
	if (r == 0)
		r = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH,
		    SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = add_calls(f, SCMP_ACT_ALLOW, plain, COUNT(plain));
	if (r == 0)
		r = add_rules(f, SCMP_ACT_ALLOW, checked, COUNT(checked));
	if (r == 0)
		r = add_role(f, role);
	if (r == 0)
		r = readable ? seccomp_export_pfc(f, fd)
			     : seccomp_export_bpf(f, fd);
	if (f)
		seccomp_release(f);
	errno = -r;
	return r < 0 ? -1 : 0;
}

int
calls_prepare(struct sandbox *s)
{
	const size_t size = sizeof(struct sock_filter);
	int fd = memfd_create("filter", MFD_CLOEXEC);
	off_t n;

	if (fd < 0)
		return -1;
	n = calls_export(s->role, 0, 0, fd) == 0 ? lseek(fd, 0, SEEK_END) : 0;
	s->filter = n > 0 && n <= (off_t)(PROGRAM_MAX * size)
	    ? malloc((size_t)n)
	    : NULL;
	if (s->filter && pread(fd, s->filter, (size_t)n, 0) != n) {
		free(s->filter);
		s->filter = NULL;
	}
	close(fd);
	s->filter_length = (unsigned short)((size_t)n / size);
	return s->filter ? 0 : -1;
}

int
calls_enter(const struct sandbox *s)
{
	const uint32_t self = (uint32_t)getpid();
	struct sock_fprog program = {.len = s->filter_length,
	    .filter = s->filter};

	if (!s->filter)
		return -1;
	for (unsigned i = 0; i < program.len; i++)
		if (BPF_CLASS(s->filter[i].code) == BPF_JMP &&
		    s->filter[i].k == SELF)
			s->filter[i].k = self;
	/* A positive result is the id of a thread that could not be
	 * confined. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		   SECCOMP_FILTER_FLAG_TSYNC, &program) == 0
	    ? 0
	    : -1;
}
