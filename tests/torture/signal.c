/* signal.c - SIGTERM at every system call of a program that then waits.
 *
 * torture-signal COMMAND...
 *
 * The command is run many times, with SIGTERM at its first call, at its second,
 * and so on, until a run waits before it reaches that call.  The signal must
 * end each run, even between a check whether a signal has come and the wait.
 * Prints the number of calls. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	WAITS = 1,  /* s asleep without a call: it waits */
	MOST = 300, /* s until it counts as a hang */
};

static volatile sig_atomic_t late;

static void
on_alarm(int sig)
{
	(void)sig;
	late = 1;
}

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "torture-signal: %s: %s\n", what, strerror(errno));
	exit(2);
}

static pid_t
start(char **argv)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		setpgid(0, 0);
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			fail("PTRACE_TRACEME");
		execvp(argv[0], argv);
		fail(argv[0]);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL,
		PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) < 0)
		fail("cannot trace it");
	return pid;
}

/* True if it sleeps; else it only had no processor for a while. */
static int
sleeps(pid_t pid)
{
	char path[64], state = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	if (!f)
		return 1;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(f);
	return state == 'S';
}

/* Wait for its next stop or its end.  Returns 0, or 1 if it sleeps instead. */
static int
next_stop(pid_t pid, int *status, int sent)
{
	while (waitpid(pid, status, 0) < 0) {
		if (errno != EINTR || !late)
			fail("waitpid");
		if (sent || sleeps(pid))
			return 1;
		late = 0;
		alarm(WAITS);
	}
	return 0;
}

/* Returns 0 if the signal at that call ended it; 1 if it waits before that
 * call; -1 if it waits in spite of the signal, or ended otherwise: see status.
 */
static int
run(char **argv, unsigned call, int *status)
{
	const pid_t pid = start(argv);
	unsigned stops = 0;
	int sent = 0;
	long pass = 0;

	late = 0;
	*status = 0;
	alarm(WAITS);
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, pass) < 0)
			fail("PTRACE_SYSCALL");
		if (next_stop(pid, status, sent)) {
			kill(-pid, SIGKILL);
			waitpid(pid, status, 0);
			return sent ? -1 : 1;
		}
		if (!WIFSTOPPED(*status)) {
			kill(-pid, SIGKILL);
			return WIFSIGNALED(*status) &&
				WTERMSIG(*status) == SIGTERM
			    ? 0
			    : -1;
		}
		/* A call stops it twice: at its begin and at its end. */
		pass = WSTOPSIG(*status) == (SIGTRAP | 0x80)
		    ? 0
		    : WSTOPSIG(*status);
		stops += pass == 0;
		if (pass || sent || stops != 2 * call - 1)
			continue;
		kill(pid, SIGTERM);
		sent = 1;
		alarm(MOST);
	}
}

int
main(int argc, char **argv)
{
	const struct sigaction act = {.sa_handler = on_alarm};
	unsigned call = 1;
	int status = 0, r;

	if (argc < 2)
		return 2;
	sigaction(SIGALRM, &act, NULL);
	while ((r = run(argv + 1, call, &status)) == 0)
		call++;
	if (r < 0) {
		printf("SIGTERM at call %u: it %s (%#x)\n", call,
		    late ? "timed out" : "ended otherwise", (unsigned)status);
		return 1;
	}
	printf("%u\n", call - 1);
	return 0;
}
