/* converter.c - run a converter, a program that starts others.
 *
 * It is the first process of its own process namespace, so that whatever it
 * started ends with it.  Its home and its directory for temporary files are
 * new, and its environment says nothing else about the user. */
#include "confine.h"

#include "pc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;
static int whole_group; /* nothing else ends what the child started */

/* End the child, then this process by the same signal. */
static void
on_signal(int sig)
{
	kill(whole_group ? -child : child, SIGKILL);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
set_variable(const char *name, const char *directory, const char *rest)
{
	char value[4096];

	snprintf(value, sizeof value, "%s%s", directory, rest);
	if (setenv(name, value, 1) < 0)
		exit(NO_SANDBOX);
}

static void
set_environment(const char *directory)
{
	const char *path = getenv("PATH");
	char *search = path ? strdup(path) : NULL;

	if (clearenv() != 0)
		exit(NO_SANDBOX);
	set_variable("PATH", search ? search : "/usr/bin:/bin", "");
	set_variable("LC_ALL", "C.UTF-8", "");
	set_variable("HOME", directory, "/home");
	set_variable("TMPDIR", directory, "/tmp");
	free(search);
}

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "%s: cannot start a converter: %s: %s\n", confine_name,
	    what, strerror(errno));
	exit(NO_SANDBOX);
}

/* End as the process with this wait status did. */
static _Noreturn void
end_as(int status)
{
	if (WIFEXITED(status))
		exit(WEXITSTATUS(status));
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	exit(NO_SANDBOX);
}

static int
wait_for(pid_t pid)
{
	int status;
	pid_t ended;

	while ((ended = wait(&status)) != pid)
		if (ended < 0 && errno != EINTR)
			fail("wait");
	return status;
}

/* The first process of a namespace cannot be killed by signals that it does not
 * catch, so the program is the second.  Its end is sent to this descriptor. */
static _Noreturn void
be_first(const char *path, char **argv, int ends)
{
	const pid_t pid = fork();
	int status;

	if (pid < 0)
		fail(path);
	if (pid == 0) {
		execv(path, argv);
		confine_not_run(path);
	}
	status = wait_for(pid);
	exit(pc_write_full(ends, &status, sizeof status) == 0 ? 0 : NO_SANDBOX);
}

static _Noreturn void
confine(const struct sandbox *s, const char *path, char **argv, int ends)
{
	const unsigned walls = sandbox_enter(s);

	if (walls == SANDBOX_ALL)
		be_first(path, argv, ends);
	fprintf(stderr,
	    "%s: a converter requires the whole sandbox; not available here: "
	    "%s\n",
	    confine_name, walls_missing(walls));
	exit(NO_SANDBOX);
}

static _Noreturn void
limit(const struct sandbox *s, const char *path, char **argv)
{
	if (setpgid(0, 0) < 0 || sandbox_set_limits(s) < 0)
		fail("limits");
	execv(path, argv);
	confine_not_run(path);
}

static void
pass_signals(unsigned seconds)
{
	static const int signals[] = {SIGALRM, SIGTERM, SIGINT, SIGHUP,
	    SIGQUIT};

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], on_signal);
	alarm(seconds);
}

/* Move to the new root, and start the first process there. */
static _Noreturn void
run_confined(struct sandbox *s, const struct converter_options *c,
    const char *path, char **argv)
{
	int ends[2], status, first;

	set_environment("/tmp");
	needs_of_converter(s, path, argv + 1);
	sandbox_prepare(s);
	if (chdir("/tmp") < 0 || pipe2(ends, O_CLOEXEC) < 0)
		fail(path);
	child = fork();
	if (child < 0)
		fail(path);
	if (child == 0)
		confine(s, path, argv, ends[1]);
	close(ends[1]);
	pass_signals(c->seconds);
	first = wait_for(child);
	end_as(read(ends[0], &status, sizeof status) == sizeof status ? status
								      : first);
}

static _Noreturn void
run_unconfined(struct sandbox *s, const struct converter_options *c,
    const char *path, char **argv)
{
	int status;

	set_environment(s->writable);
	if (chdir(s->writable) < 0)
		fail(path);
	whole_group = 1;
	child = fork();
	if (child < 0)
		fail(path);
	if (child == 0)
		limit(s, path, argv);
	pass_signals(c->seconds);
	status = wait_for(child);
	kill(-child, SIGKILL);
	end_as(status);
}

void
converter_run(struct sandbox *s, const struct converter_options *c,
    const char *path, char **argv)
{
	/* Names relative to this directory would be made in the new root. */
	s->writable = realpath(c->directory, NULL);
	if (!s->writable || chdir("/") < 0)
		fail(c->directory);
	s->role = SANDBOX_CONVERTER;
	s->files_max = 1024;
	if (c->unconfined)
		run_unconfined(s, c, path, argv);
	s->tasks_max = 512;
	run_confined(s, c, path, argv);
}
