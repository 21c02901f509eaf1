/* scratch.c - a temporary directory that is removed when the process ends,
 * even by a signal or exit(3). */
#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	NAME_MAX_SIZE = 64, /* bytes of a file's name */
	DEPTH_MAX = 100,    /* of directories, each of which is open */
};

/* ---- the directory ---- */

static char directory[4096]; /* "": none exists */
static volatile int caught;  /* a signal that will end the process */

static void remove_content(int fd, int depth);

/* Remove a file, or a directory and what is in it. */
static void
remove_entry(int in, const char *name, int depth)
{
	if (unlinkat(in, name, 0) == 0 || depth == DEPTH_MAX ||
	    (errno != EISDIR && errno != EPERM))
		return;
	/* Its owner may have closed it. */
	(void)fchmodat(in, name, 0700, AT_SYMLINK_NOFOLLOW);
	remove_content(
	    openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
	    depth + 1);
	unlinkat(in, name, AT_REMOVEDIR);
}

/* Remove what is in the directory, and close it. */
static void
remove_content(int fd, int depth)
{
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			remove_entry(fd, e->d_name, depth);
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
}

static void
remove_directory(void)
{
	const char *name = directory;

	if (!*name)
		return;
	remove_content(
	    open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), 0);
	rmdir(name);
	directory[0] = '\0';
}

static int
make_directory(void)
{
	static int registered;
	const char *tmp = getenv("TMPDIR");
	char name[sizeof directory];
	int n = snprintf(name, sizeof name, "%s/pc-XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");

	if (n >= (int)sizeof name - NAME_MAX_SIZE) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!registered && atexit(remove_directory) != 0)
		return -1;
	registered = 1;
	if (!mkdtemp(name))
		return -1;
	strcpy(directory, name);
	return 0;
}

/* ---- signals ---- */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGIO};

enum { SIGNALS = sizeof signals / sizeof signals[0] };

static void
on_signal(int sig)
{
	/* SIGIO says that the process ended which waits for this one. */
	caught = sig == SIGIO ? SIGTERM : sig;
}

static struct sigaction old[SIGNALS]; /* the previous actions */

static void
hold_signals(void)
{
	const struct sigaction act = {.sa_handler = on_signal};

	caught = 0;
	for (int i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
	}
}

/* End the program if a signal came. */
static void
release_signals(void)
{
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
	if (caught)
		raise(caught);
}

/* ---- both ---- */

int
scratch_begin(void)
{
	hold_signals();
	return make_directory();
}

const char *
scratch_path(void)
{
	return directory;
}

const volatile int *
scratch_signal(void)
{
	return &caught;
}

void
scratch_end(void)
{
	remove_directory();
	release_signals();
}
