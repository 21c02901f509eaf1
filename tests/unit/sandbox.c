/* sandbox.c - what a confined process can no longer do, and what it still can.
 *
 * A child enters and tries; what it finds goes to its parent through a mapping,
 * which is one of the things that must still work. */
#include "../../cmd/helper/sandbox.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <sched.h>
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
};

static struct found {
	unsigned walls;
	int done;
	double microseconds;
	int n;
	struct point {
		int good, error;
		enum need need;
		char name[64];
	} point[POINTS_MAX];
} *found; /* shared */

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

/* A call that must be refused, by an errno that says so.  Without the wall it
 * is not tried: it would do what it says. */
#define REFUSED(need, call, name)                                         \
	do {                                                              \
		int tried_ = (found->walls & (need)) != 0;                \
		long r_ = tried_ ? (long)(call) : -1;                     \
		record(need, r_ == -1 && (!tried_ || errno == EPERM ||    \
		                             errno == EROFS ||            \
		                             errno == ENOSYS ||           \
		                             errno == EACCES ||           \
		                             errno == ENOTTY), name);     \
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

static int
threads_work(void)
{
	enum { THREADS = 4 };
	pthread_t t[THREADS];
	int ran[THREADS] = {0}, all = 0;

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&t[i], NULL, thread, &ran[i]) != 0)
			return 0;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(t[i], NULL);
		all += ran[i];
	}
	return all == THREADS;
}

static void *
thread_tries(void *p)
{
	*(int *)p = socket(AF_INET, SOCK_STREAM, 0);
	return NULL;
}

static int
socket_of_thread(void)
{
	pthread_t t;
	int fd = 0;

	if (pthread_create(&t, NULL, thread_tries, &fd) != 0)
		return 0;
	pthread_join(t, NULL);
	if (fd < 0)
		errno = EPERM;
	return fd;
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
	REFUSED(SECCOMP, syscall(SYS_clone3, NULL, 0), "clone3");
	REFUSED(SECCOMP, execv("/bin/true", argv), "execve");
	REFUSED(SECCOMP, syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv,
	        NULL, 0), "execveat");
	REFUSED(SECCOMP, kill(getppid(), 0), "kill of the parent");
	REFUSED(SECCOMP, kill(-1, 0), "kill of all");
	REFUSED(SECCOMP, syscall(SYS_tgkill, getppid(), getppid(), 0),
	    "tgkill of the parent");
	REFUSED(SECCOMP, syscall(SYS_tkill, getppid(), 0), "tkill");
	REFUSED(SECCOMP, syscall(SYS_pidfd_open, getppid(), 0), "pidfd_open");
	REFUSED(SECCOMP, syscall(SYS_ptrace, 0, 0, 0, 0), "ptrace");
	REFUSED(SECCOMP, syscall(SYS_process_vm_readv, getppid(), 0, 0, 0, 0,
	        0), "process_vm_readv");
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
#ifdef __x86_64__
	REFUSED(SECCOMP, syscall(0x40000000 | 39), "x32");
#endif
}

static void
sockets_and_files(const char *dir, int pipe_to)
{
	int pair[2], one = 1;

	REFUSED(SECCOMP, socket(AF_INET, SOCK_STREAM, 0), "socket");
	REFUSED(SECCOMP, socket(AF_UNIX, SOCK_STREAM, 0), "a Unix socket");
	REFUSED(SECCOMP, socketpair(AF_UNIX, SOCK_STREAM, 0, pair),
	    "socketpair");
	REFUSED(SECCOMP, socket_of_thread(), "socket in a thread");

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

static void
still_works(char *mapping, int pipe_to)
{
	int fd;
	FILE *f;

	record(ALWAYS, can_list("given"), "an allowed directory is listed");
	record(ALWAYS, can_read("given/file"), "a file in it is read");
	record(ALWAYS, can_read("single"), "an allowed file is read");
	record(ALWAYS, memory_works(), "memory");
	record(ALWAYS, threads_work(), "threads");
	record(ALWAYS, write(pipe_to, "pipe", 4) == 4, "an inherited pipe");
	memcpy(mapping, "mapping", 8);
	record(ALWAYS, 1, "an inherited mapping is written");
	f = fopen("given/file", "re");
	record(ALWAYS, f && fgetc(f) == 'x' && fseek(f, 0, SEEK_END) == 0 &&
	        ftell(f) == 1, "stdio");
	if (f)
		fclose(f);
	fd = dup(pipe_to);
	record(ALWAYS, fd >= 0 && close(fd) == 0, "dup");
	record(ALWAYS, signal(SIGUSR1, SIG_IGN) != SIG_ERR &&
	        raise(SIGUSR1) == 0, "signals to itself");
	record(ALWAYS, open("nonesuch", O_RDONLY) < 0 && errno == ENOENT,
	    "a file that is not there is just that");
}

static void
limits(int file)
{
	struct rlimit r;

	record(ALWAYS, getrlimit(RLIMIT_CORE, &r) == 0 && r.rlim_max == 0,
	    "no core");
	record(ALWAYS, getrlimit(RLIMIT_NOFILE, &r) == 0 &&
	        r.rlim_max <= FILES_MAX, "few descriptors");
	record(ALWAYS, getrlimit(RLIMIT_CPU, &r) == 0 && r.rlim_max <= CPU_MAX,
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
	const struct sandbox s = {
	    .readable = readable,
#ifndef __SANITIZE_ADDRESS__
	    .memory_max = (uint64_t)1 << 30,
#endif
	    .cpu_max = CPU_MAX,
	    .files_max = FILES_MAX,
	};
	int file = open("single", O_RDWR | O_APPEND | O_CLOEXEC);
	double before = now();

	found->walls = sandbox_enter(&s);
	found->microseconds = now() - before;
	still_works(mapping, pipe_to);
	limits(file);
	processes();
	sockets_and_files(dir, pipe_to);
	found->done = 1;
	abort();
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
			printf("ok %d - %s # SKIP %s\n", ++tap_count, p->name,
			    p->need == LANDLOCK ? "no Landlock in this kernel"
			                        : "no seccomp filter here");
		else
			OK(p->good, "%s%s", p->need ? "refused: " : "", p->name);
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
	printf("# Landlock ABI %ld, walls %u, entered in %.0f us\n",
	    syscall(SYS_landlock_create_ruleset, NULL, 0,
	        LANDLOCK_CREATE_RULESET_VERSION),
	    found->walls, found->microseconds);
	report();
	OK(found->walls & SANDBOX_LIMITS, "limits stand");
	OK(found->done, "all was tried");
	OK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
	    "abort ends it, by SIGABRT (status %d)", status);
	OK(read(fd[0], got, sizeof got) == 4 && memcmp(got, "pipe", 4) == 0,
	    "what it wrote into the pipe came");
	OK(strcmp(mapping, "mapping") == 0, "and into the mapping");
	unlink("given/file");
	unlink("single");
	unlink("other");
	rmdir("given");
	if (chdir("/") < 0 || rmdir(dir) < 0)
		printf("# '%s' is left behind\n", dir);
	return tap_done();
}
