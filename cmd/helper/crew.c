/* crew.c - a helper's workers, one forked for each channel that it receives.
 *
 * The helper itself reads only what pc-ocr sends.  When a worker crashes or is
 * too late, it dies and so closes its channel; pc-ocr needs no other notice. */
#include "crew.h"
#include "engine.h"
#include "helper/sandbox/sandbox.h"
#include "places.h"
#include "reader/reader_protocol.h"

#include "pc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CONTROL = 0,
	FORKS = 10,            /* retries to start a worker, 100 ms apart */
	MANY = 8,              /* workers */
	FAREWELL = 200,        /* ms that workers have to end by themselves */
	CPU_MAX = 24 * 3600,   /* seconds, for a worker that turned off its
				* alarm */
	MEMORY_MAX_MIB = 4096, /* address space of a worker */
	FILES_MAX = 64,
};

static const char *readable[PLACES_MAX + 1];
static struct sandbox sandbox = {.role = SANDBOX_PARSER,
    .readable = readable,
    .cpu_max = CPU_MAX,
    .files_max = FILES_MAX,
#ifndef __SANITIZE_ADDRESS__
    .memory_max = (uint64_t)MEMORY_MAX_MIB << 20
#endif
};
static int null = -1; /* /dev/null, opened */

/* Runs in the helper, before the first worker. */
static void
prepare(int fonts)
{
	if (fonts)
		places_of_system(readable);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sandbox_prepare(&sandbox);
}

/* In a worker: keep open only the descriptors in w.  Standard output and error
 * are discarded, as libraries print what the document makes them print,
 * without limit. */
static void
keep_open(struct crew_work *w)
{
	enum { FIRST = 3, HIGH = 16 };
	int fds[2] = {w->channel, w->document}, n = 0;

#ifndef __SANITIZE_ADDRESS__
	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		dup2(null, fd);
#endif
	/* First move them away from the numbers that they will get. */
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, HIGH);
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			fds[i] = dup3(fds[i], FIRST + n++, O_CLOEXEC);
	w->channel = fds[0];
	w->document = fds[1];
	engine_close_from(FIRST + n);
}

/* Wait for the next request for a worker.  0: the caller owns fds; 1: there
 * are no more. */
static int
next_wanted(int fds[2])
{
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(2 * sizeof(int))];
	char byte;
	struct iovec v = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &v,
	    .msg_iovlen = 1,
	    .msg_control = room,
	    .msg_controllen = sizeof room};
	struct cmsghdr *c;
	ssize_t n;

	fds[0] = fds[1] = -1;
	do
		n = recvmsg(CONTROL, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return 1;
	memcpy(fds, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
	return 0;
}

static void
reap(int signal)
{
	int e = errno;

	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = e;
}

/* If the limit of processes is reached, fork may work a moment later. */
static pid_t
fork_soon(void)
{
	pid_t pid = fork();

	for (int i = 0; i < FORKS && pid < 0; i++) {
		usleep(100000);
		pid = fork();
	}
	return pid;
}

/* Does the whole sandbox work here?  If not, print what is missing. */
static int
whole(const char *program)
{
	const unsigned walls = sandbox_try(&sandbox);

	if (walls == SANDBOX_ALL)
		return 1;
	fprintf(stderr, "%s: --require-sandbox: not available here: %s\n",
	    program, walls_missing(walls));
	return 0;
}

int
crew_run(const char *program, const struct crew_duty *duty, int how)
{
	struct sigaction on_child = {.sa_handler = reap,
	    .sa_flags = SA_RESTART | SA_NOCLDSTOP};
	int fds[2], any = 0;
	unsigned workers = 0;

	/* A process group of its own can be ended as a whole when pc-ocr has
	 * ended. */
	setpgid(0, 0);
	prepare(how & CREW_FONTS);
	if ((how & CREW_WHOLE_SANDBOX) && !whole(program))
		return PC_EXIT_FAIL;
	sigaction(SIGCHLD, &on_child, NULL);
	signal(SIGPIPE, SIG_DFL);
	while (next_wanted(fds) == 0) {
		pid_t pid;

		if (++workers == MANY && duty->warm_up &&
		    (sandbox.prepared & SANDBOX_ROOT))
			duty->warm_up();
		pid = fork_soon();

		if (pid == 0) {
			struct crew_work w = {.channel = fds[0],
			    .document = fds[1]};

			signal(SIGCHLD, SIG_DFL);
			close(CONTROL);
			keep_open(&w);
			w.walls = sandbox_enter(&sandbox);
			if ((how & CREW_WHOLE_SANDBOX) &&
			    w.walls != SANDBOX_ALL)
				_exit(1);
			duty->serve(duty->ctx, &w);
			/* There is no need to clean up first. */
			_exit(0);
		}
		if (pid < 0) {
			fprintf(stderr, "%s: cannot start a worker: %s%s\n",
			    program, strerror(errno), pc_helper_remedy(errno));
			/* The document is not the cause. */
			if (!any)
				return PC_EXIT_FAIL;
		}
		any = 1;
		close(fds[0]);
		if (fds[1] >= 0)
			close(fds[1]);
	}
	signal(SIGCHLD, SIG_DFL);
	for (int i = 0; i < FAREWELL; i++) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return 0;
		if (pid == 0)
			usleep(1000);
	}
	kill(0, SIGKILL); /* this includes this process */
	return 1;
}

int
crew_next_request(int channel, struct page_request *ask)
{
	return pc_read_full(channel, ask, sizeof *ask) == sizeof *ask ? 0 : 1;
}

void
crew_send_answer(int channel, struct page_answer *a, const void *p)
{
	struct rusage usage;

	a->magic = ANSWER_MAGIC;
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		a->peak_kib = (uint32_t)usage.ru_maxrss;
	if (a->kind == ANSWER_ERROR)
		a->length = 0;
	if (pc_write_full(channel, a, sizeof *a) < 0 ||
	    pc_write_full(channel, p, a->length) < 0)
		_exit(1);
}
