/* relay.c - an input of which a part was read, relayed whole to a command. */
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Write what is kept, then the rest of fd, to out.  Our standard output and
 * error are closed, so that their readers see the end. */
static _Noreturn void
relay(const struct pc_spool *kept, int fd, int out, pid_t reader)
{
	char buf[64 * 1024];
	ssize_t n = -1;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null >= 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2 &&
	    pc_spool_send(kept, out) == 0)
		while ((n = read(fd, buf, sizeof buf)) > 0)
			if (pc_write_full(out, buf, (size_t)n) < 0)
				break;
	/* The reader must not mistake a part for the whole input. */
	if (n < 0)
		kill(reader, SIGTERM);
	_exit(0);
}

int
relay_input(const struct pc_spool *kept, int fd)
{
	const pid_t self = getpid();
	int fds[2], status = 0, e;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		pid = fork();
		if (pid == 0)
			relay(kept, fd, fds[1], self);
		_exit(pid < 0 ? errno : 0);
	}
	e = errno;
	close(fds[1]);
	if (pid > 0 && waitpid(pid, &status, 0) < 0)
		e = errno;
	else if (pid > 0 && status == 0)
		return fds[0];
	else if (pid > 0)
		e = WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
	close(fds[0]);
	errno = e;
	return -1;
}
