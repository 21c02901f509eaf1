/* sandbox.c - what a confined process can no longer do, and what it still can.
 *
 * A child enters and tries; what it finds goes to its parent through a mapping,
 * which is one of the things that must still work. */
#include "helper/sandbox/sandbox.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { POINTS_MAX = 96, CPU_MAX = 20, FILES_MAX = 64 };

/* How hard a point depends on the kernel. */
enum need {
	ALWAYS = 0,
	SECCOMP = SANDBOX_SECCOMP,
	LANDLOCK = SANDBOX_LANDLOCK,
	ROOT = SANDBOX_ROOT,
};

static struct found {
	unsigned walls;
	int done;
	double prepared, microseconds; /* us */
	int n;
	struct point {
		int good, error;
		enum need need;
		char name[64];
	} point[POINTS_MAX];
} * found; /* shared */

static void
record(enum need need, int good, const char *name)
{
	struct point *p = &found->point[found->n];

	p->error = errno;
	p->good = good;
	p->need = need;
	snprintf(p->name, sizeof p->name, "%s", name);
	found->n++;
	errno = 0;
}

/* What the root does not hold cannot even be refused. */
static int
hidden(enum need need)
{
	return errno == ENOENT && need == LANDLOCK &&
	    (found->walls & ROOT) != 0;
}

/* A call that must be refused, by an errno that says so.  Without the wall it
 * is not tried: it would do what it says. */
#define REFUSED(need, call, name)                                              \
	do {                                                                   \
		int tried_ = (found->walls & (need)) != 0;                     \
		long r_ = tried_ ? (long)(call) : -1;                          \
		record(need,                                                   \
		    r_ == -1 &&                                                \
			(!tried_ || errno == EPERM || errno == EROFS ||        \
			    errno == ENOSYS || errno == EACCES ||              \
			    hidden(need)),                                     \
		    name);                                                     \
	} while (0)

/* A name that must not be there, whatever is asked of it. */
#define HIDDEN(call, name)                                                     \
	do {                                                                   \
		int tried_ = (found->walls & ROOT) != 0;                       \
		long r_ = tried_ ? (long)(call) : -1;                          \
		record(ROOT, r_ == -1 && (!tried_ || errno == ENOENT), name);  \
	} while (0)

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void *
thread(void *p)
{
	void *m = malloc(1000);

	*(int *)p = m != NULL;
	free(m);
	return NULL;
}

/* Tried over the C library and below it: as many as a compromised worker could
 * start. */
static long
start_threads(void)
{
	enum { THREADS = 8 };
	pthread_t t[THREADS];
	int ran[THREADS] = {0}, n = 0;

	while (n < THREADS && pthread_create(&t[n], NULL, thread, &ran[n]) == 0)
		n++;
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	if (n == 0)
		errno = EPERM;
	return n ? n : -1;
}

/* clone(2) with the flags of a thread, which shares this stack: a child would
 * see 0 and end at once. */
static long
clone_thread(void)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	const unsigned long flags = CLONE_VM | CLONE_FS | CLONE_FILES |
	    CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
	long r = syscall(SYS_clone, flags, stack + sizeof stack, 0, 0, 0);

	if (r == 0)
		syscall(SYS_exit, 0);
	return r;
}

static long
clone3_thread(void)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	struct clone_args a = {.flags = CLONE_VM | CLONE_FS | CLONE_FILES |
		CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM,
	    .stack = (uintptr_t)stack,
	    .stack_size = sizeof stack};
	long r = syscall(SYS_clone3, &a, sizeof a);

	if (r == 0)
		syscall(SYS_exit, 0);
	return r;
}

static int
can_list(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	if (!d)
		return 0;
	while (readdir(d))
		n++;
	closedir(d);
	return n > 0;
}

static int
can_read(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return 0;
	r = read(fd, &byte, 1) == 1;
	close(fd);
	return r;
}

static int
memory_works(void)
{
	size_t n = (size_t)64 << 20;
	char *p = malloc(n);

	if (!p)
		return 0;
	memset(p, 1, n);
	p = realloc(p, 2 * n);
	free(p);
	return p != NULL;
}

/* What a fork returned; a child has no more to do. */
static long
parent_of(long pid)
{
	if (pid == 0)
		_exit(0);
	return pid;
}

static void
processes(void)
{
	char *const argv[] = {"true", NULL};
	struct rlimit r;

	REFUSED(SECCOMP, parent_of(fork()), "fork");
#ifdef SYS_fork
	REFUSED(SECCOMP, parent_of(syscall(SYS_fork)), "the older fork");
#endif
	REFUSED(SECCOMP, parent_of(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)),
	    "clone of a process");
	REFUSED(SECCOMP,
	    parent_of(syscall(SYS_clone3,
		&(struct clone_args){.exit_signal = SIGCHLD},
		sizeof(struct clone_args))),
	    "clone3 of a process");
	REFUSED(SECCOMP, parent_of(vfork()), "vfork");
	REFUSED(SECCOMP, start_threads(), "a thread");
	REFUSED(SECCOMP, clone_thread(), "clone of a thread");
	REFUSED(SECCOMP, clone3_thread(), "clone3 of a thread");
	REFUSED(SECCOMP, execv("/bin/true", argv), "execve");
	REFUSED(SECCOMP,
	    syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, NULL, 0),
	    "execveat");
	REFUSED(SECCOMP, kill(getppid(), 0), "kill of the parent");
	REFUSED(SECCOMP, kill(-1, 0), "kill of all");
	REFUSED(SECCOMP, syscall(SYS_tgkill, getppid(), getppid(), 0),
	    "tgkill of the parent");
	REFUSED(SECCOMP, syscall(SYS_tkill, getppid(), 0), "tkill");
	REFUSED(SECCOMP, syscall(SYS_pidfd_open, getppid(), 0), "pidfd_open");
	REFUSED(SECCOMP, syscall(SYS_ptrace, 0, 0, 0, 0), "ptrace");
	REFUSED(SECCOMP,
	    syscall(SYS_process_vm_readv, getppid(), 0, 0, 0, 0, 0),
	    "process_vm_readv");
	REFUSED(SECCOMP, unshare(CLONE_NEWUSER), "unshare");
	REFUSED(SECCOMP, prctl(PR_SET_PDEATHSIG, 0), "to outlive the parent");
	REFUSED(SECCOMP, prctl(PR_SET_DUMPABLE, 1), "to be traced again");
	getrlimit(RLIMIT_CORE, &r);
	r.rlim_max = RLIM_INFINITY;
	REFUSED(SECCOMP, setrlimit(RLIMIT_CORE, &r), "higher limits");
	REFUSED(SECCOMP, syscall(SYS_bpf, 0, 0, 0), "bpf");
	REFUSED(SECCOMP, syscall(SYS_keyctl, 0, 0, 0, 0, 0), "keyctl");
	REFUSED(SECCOMP, syscall(SYS_io_uring_setup, 1, NULL), "io_uring");
	REFUSED(SECCOMP, syscall(SYS_userfaultfd, 0), "userfaultfd");
	REFUSED(SECCOMP, syscall(SYS_perf_event_open, 0, 0, 0, 0, 0),
	    "perf_event_open");
	REFUSED(SECCOMP, syscall(SYS_memfd_create, "x", 0), "memfd_create");
	REFUSED(SECCOMP, syscall(100000), "a call of a later kernel");
}

static void
sockets_and_files(const char *dir, int pipe_to)
{
	int pair[2], one = 1;

	REFUSED(SECCOMP, socket(AF_INET, SOCK_STREAM, 0), "socket");
	REFUSED(SECCOMP, socket(AF_UNIX, SOCK_STREAM, 0), "a Unix socket");
	REFUSED(SECCOMP, socketpair(AF_UNIX, SOCK_STREAM, 0, pair),
	    "socketpair");

	REFUSED(LANDLOCK, open("/etc/passwd", O_RDONLY), "/etc/passwd");
	REFUSED(LANDLOCK, open("/", O_RDONLY | O_DIRECTORY), "the root");
	REFUSED(LANDLOCK, open("/proc/self/environ", O_RDONLY), "/proc");
	REFUSED(LANDLOCK, open("other", O_RDONLY), "a file beside those");

	REFUSED(SECCOMP | LANDLOCK, open("new", O_WRONLY | O_CREAT, 0600),
	    "a new file");
	REFUSED(SECCOMP | LANDLOCK, open(dir, O_RDWR | O_TMPFILE, 0600),
	    "a file without a name");
	REFUSED(SECCOMP | LANDLOCK, open("given/file", O_WRONLY),
	    "to write what can be read");
	REFUSED(SECCOMP | LANDLOCK, open("given/file", O_RDONLY | O_TRUNC),
	    "to truncate by opening");
	REFUSED(SECCOMP | LANDLOCK, truncate("given/file", 0), "truncate");
	REFUSED(SECCOMP | LANDLOCK, creat("given/new", 0600), "creat");
	REFUSED(SECCOMP, syscall(SYS_openat2, AT_FDCWD, "given/file", NULL, 0),
	    "openat2");
	REFUSED(SECCOMP | LANDLOCK, unlink("given/file"), "unlink");
	REFUSED(SECCOMP | LANDLOCK, rename("given/file", "given/new"),
	    "rename");
	REFUSED(SECCOMP | LANDLOCK, link("given/file", "given/new"), "link");
	REFUSED(SECCOMP | LANDLOCK, symlink("x", "given/new"), "symlink");
	REFUSED(SECCOMP | LANDLOCK, mkdir("given/new", 0700), "mkdir");
	REFUSED(SECCOMP, chmod("given/file", 0777), "chmod");
	REFUSED(SECCOMP, chown("given/file", 1, 1), "chown");
	REFUSED(SECCOMP, chdir("/"), "chdir");
	REFUSED(SECCOMP, chroot("/"), "chroot");
	REFUSED(SECCOMP, ioctl(pipe_to, FIONBIO, &one), "an ioctl that works");
	REFUSED(SECCOMP, fcntl(pipe_to, F_SETOWN, getppid()),
	    "signals by F_SETOWN");
	REFUSED(SECCOMP, fcntl(pipe_to, F_SETFL, O_NONBLOCK),
	    "flags that others share");
}

/* Of what cannot be read not even the names. */
static void
names(const char *dir)
{
	char text[256], path[256];
	struct stat st;

	HIDDEN(stat("/etc/passwd", &st), "stat of /etc/passwd");
	HIDDEN(lstat("/home", &st), "lstat of /home");
	HIDDEN(access("/etc/shadow", F_OK), "access to /etc/shadow");
	HIDDEN(stat("/proc/1", &st), "stat of a process");
	HIDDEN(readlink("/proc/self/exe", text, sizeof text), "readlink");
	HIDDEN(statx(AT_FDCWD, "other", 0, STATX_SIZE,
		   (struct statx *)(void *)text),
	    "statx of a file beside those");
	HIDDEN(stat("../etc/passwd", &st), "a path upwards");
	snprintf(path, sizeof path, "%s/other", dir);
	HIDDEN(stat(path, &st), "its whole name");
	snprintf(path, sizeof path, "%s/given/file", dir);
	record(ALWAYS, stat(path, &st) == 0 && st.st_size == 1,
	    "what can be read has the name that it had");
}

static void
still_works(char *mapping, int pipe_to)
{
	int fd;
	FILE *f;

	record(ALWAYS, can_list("given"), "an allowed directory is listed");
	record(ALWAYS, can_read("given/file"), "a file in it is read");
	record(ALWAYS, can_read("single"), "an allowed file is read");
	record(ALWAYS, memory_works(), "memory");
	record(ALWAYS, write(pipe_to, "pipe", 4) == 4, "an inherited pipe");
	memcpy(mapping, "mapping", 8);
	record(ALWAYS, 1, "an inherited mapping is written");
	f = fopen("given/file", "re");
	record(ALWAYS,
	    f && fgetc(f) == 'x' && fseek(f, 0, SEEK_END) == 0 && ftell(f) == 1,
	    "stdio");
	if (f)
		fclose(f);
	fd = dup(pipe_to);
	record(ALWAYS, fd >= 0 && close(fd) == 0, "dup");
	record(ALWAYS,
	    signal(SIGUSR1, SIG_IGN) != SIG_ERR && raise(SIGUSR1) == 0,
	    "signals to itself");
	record(ALWAYS, open("nonesuch", O_RDONLY) < 0 && errno == ENOENT,
	    "a file that is not there is just that");
}

static void
limits(int file)
{
	struct rlimit r;

	record(ALWAYS, getrlimit(RLIMIT_CORE, &r) == 0 && r.rlim_max == 0,
	    "no core");
	record(ALWAYS,
	    getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_max <= FILES_MAX,
	    "few descriptors");
	record(ALWAYS,
	    getrlimit(RLIMIT_CPU, &r) == 0 && r.rlim_cur <= CPU_MAX &&
		r.rlim_max <= CPU_MAX + 1,
	    "little CPU");
#ifndef __SANITIZE_ADDRESS__
	void *p = mmap(NULL, (size_t)8 << 30, PROT_READ,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	record(ALWAYS, p == MAP_FAILED, "little memory");
#endif
	record(ALWAYS, write(file, "x", 1) < 0 && errno == EFBIG,
	    "nothing is added to an inherited file");
}

static void
child(const char *dir, char *mapping, int pipe_to)
{
	const char *const readable[] = {"given", "single", "nonesuch", NULL};
	struct sandbox s = {
	    .role = SANDBOX_PARSER,
	    .readable = readable,
#ifndef __SANITIZE_ADDRESS__
	    .memory_max = (uint64_t)1 << 30,
#endif
	    .cpu_max = CPU_MAX,
	    .files_max = FILES_MAX,
	};
	int file = open("single", O_RDWR | O_APPEND | O_CLOEXEC);
	double before = now(), between;

	sandbox_prepare(&s);
	between = now();
	found->walls = sandbox_enter(&s);
	found->microseconds = now() - between;
	found->prepared = between - before;
	still_works(mapping, pipe_to);
	limits(file);
	processes();
	sockets_and_files(dir, pipe_to);
	names(dir);
	found->done = 1;
	abort();
}

/* ---- calls of another kind of processor ---- */

#ifdef __x86_64__
static void
call_as_i386(void)
{
	long r;

	/* getpid, by the 32-bit way into the kernel */
	__asm__ volatile("int $0x80" : "=a"(r) : "a"(20) : "memory");
	_exit(r > 0 ? 0 : 1);
}

static void
call_as_x32(void)
{
	_exit(syscall(0x40000000 | SYS_getpid) > 0 ? 0 : 1);
}

/* The signal that a confined process gets for it; 0: it went on. */
static int
signal_of(void (*call)(void))
{
	struct sandbox s = {.role = SANDBOX_PARSER};
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGSEGV, SIG_DFL); /* ASan has a handler */
		sandbox_prepare(&s);
		if (!(sandbox_enter(&s) & SANDBOX_SECCOMP))
			_exit(77);
		call();
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
#endif

/* Could the filter be made on ARM, and does it know these calls there? */
static void
other_processors(void)
{
	static const char *const calls[] = {"openat", "clone", "execveat",
	    "socket", "ppoll", "newfstatat", "readlinkat", "tgkill", "rseq"};
	static char text[256 * 1024];
	int r;

	for (int role = SANDBOX_PARSER; role <= SANDBOX_TOOL; role++) {
		int fd = memfd_create("text", MFD_CLOEXEC), all = 1;
		ssize_t n;

		r = calls_export((enum sandbox_role)role, SCMP_ARCH_AARCH64, 1,
		    fd);
		n = pread(fd, text, sizeof text - 1, 0);

		text[n > 0 ? n : 0] = '\0';
		close(fd);
		for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
			char name[64];

			snprintf(name, sizeof name, "\"%s\"", calls[i]);
			if (!strstr(text, name)) {
				printf("# %s is not known\n", calls[i]);
				all = 0;
			}
		}
		OK(r == 0 && strstr(text, "aarch64") &&
			!strstr(text, "x86_64") && !strstr(text, "UNKNOWN"),
		    "role %d: a filter for 64-bit ARM is made", role);
		OK(all,
		    "role %d: it names the calls that are allowed or refused",
		    role);
	}
#ifdef __x86_64__
	r = signal_of(call_as_i386);
	/* SIGSEGV: this kernel has no such way. */
	OK(r == SIGSYS || r == SIGSEGV,
	    "a call by the 32-bit way into the kernel ends the process");
	OK(signal_of(call_as_x32) == SIGSYS, "so does a call of x32");
#endif
}

/* ---- threads that were started before ---- */

static pthread_barrier_t barrier;

static void *
try_socket(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&barrier);
	return (void *)(intptr_t)socket(AF_PACKET, SOCK_RAW, 0);
}

static pthread_t early;

static void
start_early(void)
{
	pthread_create(&early, NULL, try_socket, NULL);
}

/* A client: its threads are started before the filter, and are under it. */
static void
threads_of_client(void)
{
	struct sandbox s = {.role = SANDBOX_CLIENT,
	    .start_threads = start_early};
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		void *fd = NULL;

		pthread_barrier_init(&barrier, NULL, 2);
		sandbox_prepare(&s);
		if (!(sandbox_enter(&s) & SANDBOX_SECCOMP))
			_exit(77);
		pthread_barrier_wait(&barrier);
		pthread_join(early, &fd);
		_exit(((intptr_t)fd == -1 ? 0 : 1) +
		    (start_threads() == -1 ? 0 : 2) +
		    (socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 4));
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	OK(WIFEXITED(status) &&
		(WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 0),
	    "a client's threads are confined, and it can start no more "
	    "(status %d)",
	    status);
}

static void
make_file(const char *path)
{
	FILE *f = fopen(path, "we");

	if (!f || fputc('x', f) == EOF || fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

static void *
shared(size_t n)
{
	int fd = memfd_create("sandbox", MFD_CLOEXEC);
	void *p = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, (off_t)n) == 0)
		p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		perror("memfd");
		exit(1);
	}
	close(fd);
	return p;
}

static void
report(void)
{
	for (int i = 0; i < found->n; i++) {
		const struct point *p = &found->point[i];

		if (p->need && !(p->need & found->walls))
			printf("ok %d - %s # SKIP no %s here\n", ++tap_count,
			    p->name, walls_missing(SANDBOX_ALL & ~p->need));
		else
			OK(p->good, "%s%s",
			    p->need == ROOT ? "not there: "
				: p->need   ? "refused: "
					    : "",
			    p->name);
		if (!p->good)
			printf("# %s\n", strerror(p->error));
	}
}

int
main(void)
{
	char dir[] = "/tmp/pc-sandbox-XXXXXX", got[8] = {0}, *mapping;
	int fd[2], status = 0;
	pid_t pid;

	if (!mkdtemp(dir) || chdir(dir) < 0 || mkdir("given", 0700) < 0 ||
	    pipe(fd) < 0) {
		perror(dir);
		return 1;
	}
	make_file("given/file");
	make_file("single");
	make_file("other");
	found = shared(sizeof *found);
	mapping = shared(4096);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		child(dir, mapping, fd[1]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	printf("# Landlock ABI %ld, walls %u, prepared in %.0f us, entered in "
	       "%.0f us\n",
	    syscall(SYS_landlock_create_ruleset, NULL, 0,
		LANDLOCK_CREATE_RULESET_VERSION),
	    found->walls, found->prepared, found->microseconds);
	report();
	OK(found->walls & SANDBOX_LIMITS, "limits stand");
	OK(found->done, "all was tried");
	OK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
	    "abort ends it, by SIGABRT (status %d)", status);
	OK(read(fd[0], got, sizeof got) == 4 && memcmp(got, "pipe", 4) == 0,
	    "what it wrote into the pipe came");
	OK(strcmp(mapping, "mapping") == 0, "and into the mapping");
	other_processors();
	threads_of_client();
	unlink("given/file");
	unlink("single");
	unlink("other");
	rmdir("given");
	if (chdir("/") < 0 || rmdir(dir) < 0)
		printf("# '%s' is left behind\n", dir);
	return tap_done();
}
