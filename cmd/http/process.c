/* process.c - start and end the helper's process. */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FAREWELL = 100, /* ms in which it has to end by itself */
	NAP = 50,       /* us, about the time from its last answer to its end */
};

static int
spawn(const struct http_options *o, char *path, int fd, pid_t *pid)
{
	const int files[3] = {fd, fd, 2};
	char connect[24], attempts[16], at_once[16], per_host[16];
	char speed_min[16], speed_time[24];
	char *const argv[] = {path, (char *)"serve",
	    (char *)"--connect-timeout", connect, (char *)"--attempts",
	    attempts, (char *)"--at-once", at_once, (char *)"--per-host",
	    per_host, (char *)"--min-speed", speed_min,
	    (char *)"--min-speed-time", speed_time,
	    o->allow_private ? (char *)"--allow-private" : NULL, NULL};

	snprintf(connect, sizeof connect, "%lld",
	    (long long)(o->connect_max / 1000));
	snprintf(attempts, sizeof attempts, "%u", o->attempts);
	snprintf(at_once, sizeof at_once, "%u", o->at_once);
	snprintf(per_host, sizeof per_host, "%u", o->per_host);
	snprintf(speed_min, sizeof speed_min, "%u", o->speed_min);
	snprintf(speed_time, sizeof speed_time, "%lld",
	    (long long)(o->speed_time / 1000));
	return pc_spawn(argv, 0, files, NULL, pid);
}

int
http_process_start(struct http *h)
{
	char *path = pc_helper_path("pc-http");
	int fds[2], r, e;

	if (!path)
		return -1;
	if (!h->in)
		h->in = malloc(sizeof(struct http_answer) + HTTP_LENGTH_MAX);
	if (!h->in ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		free(path);
		return -1;
	}
	r = spawn(&h->options, path, fds[1], &h->pid);
	e = errno;
	free(path);
	close(fds[1]);
	if (r < 0) {
		close(fds[0]);
		errno = e;
		return -1;
	}
	h->fd = fds[0];
	h->have = h->written = h->cancels.len = 0;
	h->silent = 0;
	return 0;
}

void
http_process_end(struct http *h)
{
	/* Its end of the socket is closed when it has ended. */
	struct pollfd p = {.fd = h->fd};
	int status;

	if (!h->pid)
		return;
	shutdown(h->fd, SHUT_WR);
	poll(&p, 1, FAREWELL);
	close(h->fd);
	h->fd = -1;
	for (int i = 0; i < FAREWELL * 1000 / NAP; i++) {
		if (waitpid(h->pid, &status, WNOHANG) != 0) {
			h->pid = 0;
			return;
		}
		usleep(NAP);
	}
	kill(h->pid, SIGKILL);
	while (waitpid(h->pid, &status, 0) < 0 && errno == EINTR)
		;
	h->pid = 0;
}
