/* child.c - run a command or helper to its end, and pass on its output. */
#include "base.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
	GRACE = 2000000, /* us from SIGTERM to SIGKILL, then to giving up */
	NAP = 20000,     /* us between looks if the kernel has no pidfd */
};

/* One stream of the child: a pipe, and the function that takes its bytes. */
struct stream {
	int read, write;
	int (*sink)(void *, const void *, size_t);
	uint64_t left; /* bytes that may still come */
};

/* Put the pairs of add before those of environ, so that they win. */
static char **
environ_with(const char *const *add)
{
	size_t na = 0, ne = 0;
	char **all;

	while (add && add[na])
		na++;
	while (environ[ne])
		ne++;
	all = calloc(na + ne + 1, sizeof *all);
	if (!all)
		return NULL;
	for (size_t i = 0; i < na; i++)
		all[i] = (char *)(uintptr_t)add[i];
	memcpy(all + na, environ, ne * sizeof *all);
	return all;
}

int
pc_spawn(char *const *argv, int search, const int files[3],
    const char *const *env, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t defaults;
	char **all = environ_with(env);
	int e = ENOMEM;

	*pid = 0;
	if (!all)
		goto out;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	for (int i = 0; i < 3; i++)
		if (files[i] < 0)
			posix_spawn_file_actions_addopen(&actions, i,
			    "/dev/null", i ? O_WRONLY : O_RDONLY, 0);
		else if (files[i] != i)
			posix_spawn_file_actions_adddup2(&actions, files[i], i);
	/* The child must not inherit the signals that we ignore. */
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	e = (search ? posix_spawnp : posix_spawn)(pid, argv[0], &actions, &attr,
	    argv, all);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	if (e)
		*pid = 0;
out:
	free(all);
	errno = e;
	return e ? -1 : 0;
}

/* Read once from the stream.  0: it continues or has ended; -1 with errno; 1:
 * the child must end. */
static int
drain(struct pc_child *c, struct stream *t)
{
	char buf[64 * 1024];
	ssize_t n = read(t->read, buf, sizeof buf);

	if (n < 0)
		return errno == EINTR ? 0 : -1;
	if (n == 0) {
		close(t->read);
		t->read = -1;
		return 0;
	}
	if ((uint64_t)n > t->left) {
		c->overflowed = 1;
		return 1;
	}
	t->left -= (uint64_t)n;
	if (t->sink(c->ctx, buf, (size_t)n) < 0) {
		c->stopped = 1;
		return 1;
	}
	return 0;
}

/* Read both streams until they have ended.  1: the child must end. */
static int
pump(struct pc_child *c, struct stream *streams)
{
	int64_t deadline = pc_ticks() + c->idle_max;

	for (;;) {
		struct pollfd p[2];
		int64_t wait = PC_NEVER;
		int n;

		if (streams[0].read < 0 && streams[1].read < 0)
			return 0;
		if (c->stop && *c->stop) {
			c->stopped = 1;
			return 1;
		}
		if (c->idle_max) {
			wait = deadline - pc_ticks();
			if (wait <= 0) {
				c->timed_out = 1;
				return 1;
			}
		}
		for (int i = 0; i < 2; i++)
			p[i] = (struct pollfd){.fd = streams[i].read,
			    .events = POLLIN};
		n = pc_poll(p, 2, wait, c->stop);
		if (n < 0 && errno != EINTR)
			return -1;
		for (int i = 0; n > 0 && i < 2; i++) {
			int r = p[i].revents ? drain(c, &streams[i]) : 0;

			if (r != 0)
				return r;
			if (p[i].revents)
				deadline = pc_ticks() + c->idle_max;
		}
	}
}

/* Wait for the child; if there is a deadline, kill it then.  A child that a
 * driver or a dead file server holds in the kernel does not end even so; it is
 * left behind. */
static void
reap(struct pc_child *c, pid_t pid, int64_t deadline)
{
	struct pollfd p = {.fd = (int)syscall(SYS_pidfd_open, pid, 0),
	    .events = POLLIN};
	struct rusage usage = {0};
	int killed = 0;

	for (;;) {
		pid_t r = wait4(pid, &c->status, WNOHANG, &usage);
		int64_t wait = PC_NEVER;

		if (r == pid || (r < 0 && errno != EINTR))
			break;
		if (c->stop && *c->stop && !c->stopped) {
			c->stopped = 1;
			kill(pid, *c->stop);
			deadline = pc_ticks() + GRACE;
		}
		if (deadline && pc_ticks() >= deadline) {
			if (killed) {
				/* The status that waitpid(2) gives for a killed
				 * child. */
				c->status = SIGKILL;
				break;
			}
			c->timed_out |= !c->stopped && !c->overflowed;
			kill(pid, SIGKILL);
			killed = 1;
			deadline = pc_ticks() + GRACE;
		}
		if (deadline)
			wait = deadline - pc_ticks();
		if (p.fd < 0 && wait > NAP)
			wait = NAP;
		if (wait > 0)
			pc_poll(&p, 1, wait, c->stopped ? NULL : c->stop);
	}
	if (p.fd >= 0)
		close(p.fd);
	c->peak_kib = (uint32_t)usage.ru_maxrss;
}

static void
stream_close(struct stream *t)
{
	if (t->read >= 0)
		close(t->read);
	if (t->write >= 0)
		close(t->write);
	t->read = t->write = -1;
}

static int
stream_open(struct stream *t, int (*sink)(void *, const void *, size_t),
    uint64_t max)
{
	int fd[2];

	t->sink = sink;
	t->left = max ? max : UINT64_MAX;
	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	t->read = fd[0];
	t->write = fd[1];
	return 0;
}

int
pc_child_run(struct pc_child *c)
{
	struct stream streams[2] = {{.read = -1, .write = -1},
	    {.read = -1, .write = -1}};
	int64_t began = pc_ticks(), deadline = 0;
	int files[3] = {c->in, -1, 2}, moved = -1, e;
	pid_t pid;

	c->timed_out = c->overflowed = c->stopped = 0;
	if (stream_open(&streams[0], c->out, c->out_max) < 0 ||
	    (c->err && stream_open(&streams[1], c->err, 0) < 0))
		goto out;
	files[1] = streams[0].write;
	if (c->err)
		files[2] = streams[1].write;
	if (pc_spawn(c->argv, c->path, files, c->env, &pid) < 0)
		goto out;
	for (int i = 0; i < 2; i++) {
		if (streams[i].write >= 0)
			close(streams[i].write);
		streams[i].write = -1;
	}
	moved = pump(c, streams);
	e = errno;
	stream_close(&streams[0]);
	stream_close(&streams[1]);
	if (moved != 0) {
		kill(pid, c->stop && *c->stop ? *c->stop : SIGTERM);
		deadline = pc_ticks() + GRACE;
	} else if (c->idle_max) {
		deadline = pc_ticks() + c->idle_max;
	}
	reap(c, pid, deadline);
	c->wall = pc_ticks() - began;
	errno = e;
out:
	e = errno;
	stream_close(&streams[0]);
	stream_close(&streams[1]);
	errno = e;
	return moved < 0 ? -1 : 0;
}

char *
pc_program_path(const char *name)
{
	const char *path = getenv("PATH");
	struct pc_buf b = {0};
	struct stat st;
	size_t n;

	if (strchr(name, '/'))
		return strdup(name);
	for (path = path ? path : "/bin:/usr/bin";; path += n + 1) {
		n = strcspn(path, ":");
		b.len = 0;
		/* An empty entry of PATH is the current directory. */
		if (pc_buf_addf(&b, "%.*s%s/%s", (int)n, path, n ? "" : ".",
			name) == 0 &&
		    stat((char *)b.data, &st) == 0 && S_ISREG(st.st_mode) &&
		    access((char *)b.data, X_OK) == 0)
			return (char *)b.data;
		if (!path[n])
			break;
	}
	pc_buf_clear(&b);
	errno = ENOENT;
	return NULL;
}

#ifndef PC_LIBEXECDIR
#define PC_LIBEXECDIR "/usr/local/libexec/pc"
#endif

char *
pc_helper_path(const char *name)
{
	/* Helpers are beside a program that was built but not installed; an
	 * installed program has them at a relative path, so the installation
	 * can be moved as a whole. */
	static const char *const places[] = {"", "../libexec/pc/"};
	const char *dir = getenv("PC_LIBEXEC");
	char self[4096], *slash;
	struct pc_buf b = {0};
	ssize_t n;

	if (dir && *dir) {
		pc_buf_addf(&b, "%s/%s", dir, name);
		return (char *)b.data;
	}
	n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; slash && i < 2; i++) {
		b.len = 0;
		if (pc_buf_addf(&b, "%.*s/%s%s", (int)(slash - self), self,
			places[i], name) == 0 &&
		    access((char *)b.data, X_OK) == 0)
			return (char *)b.data;
	}
	b.len = 0;
	pc_buf_addf(&b, "%s/%s", PC_LIBEXECDIR, name);
	return (char *)b.data;
}

const char *
pc_helper_remedy(int error)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
		return "; raise 'ulimit -n' or lower -j";
	case EAGAIN:
	case ENOMEM:
		return "; raise 'ulimit -u' or lower -j";
	default:
		return "; is pc installed?  PC_LIBEXEC names its helpers' "
		       "directory";
	}
}
