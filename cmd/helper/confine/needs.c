/* needs.c - which files a confined program can read and run. */
#include "confine.h"
#include "helper/places.h"

#include "pc.h"

#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	RUNNABLE_MAX = 16,
	WORDS_MAX = 64, /* files that a converter's words name */
	READABLE_MAX = PLACES_MAX + 3 * RUNNABLE_MAX + WORDS_MAX,
};

static const char *readable[READABLE_MAX + 1];
static const char *runnable[RUNNABLE_MAX + 1];
static size_t readables, runnables;

/* For X/bin/name: add X/lib, and the file that makes X a Python virtual
 * environment. */
static void
add_prefix(const char *path)
{
	static const char *const parts[] = {"lib", "lib64", "pyvenv.cfg"};
	const char *slash = strrchr(path, '/');
	const int n = (int)(slash - path) - 4;
	struct pc_buf b = {0};

	if (n <= 0 || strncmp(slash - 4, "/bin", 4) != 0 ||
	    (n == 4 && strncmp(path, "/usr", 4) == 0))
		return;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		b = (struct pc_buf){0};
		if (readables < READABLE_MAX &&
		    pc_buf_addf(&b, "%.*s/%s", n, path, parts[i]) == 0)
			readable[readables++] = (char *)b.data;
	}
}

/* Add a path, which must stay valid. */
static void
add_runnable(const char *path)
{
	if (runnables == RUNNABLE_MAX)
		return;
	runnable[runnables++] = path;
	add_prefix(path);
}

/* Add the interpreters that a script's first line names, including the one
 * that env(1) finds. */
static void
add_interpreters(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char line[256], *word, *at = NULL, *found;
	ssize_t n = fd < 0 ? -1 : pc_read_full(fd, line, sizeof line - 1);

	if (fd >= 0)
		close(fd);
	if (n < 3 || memcmp(line, "#!", 2) != 0)
		return;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	for (word = strtok_r(line + 2, " \t", &at); word;
	     word = strtok_r(NULL, " \t", &at)) {
		const char *slash = strrchr(word, '/');

		found = *word == '-' ? NULL : pc_program_path(word);
		if (found)
			add_runnable(found);
		if (!slash || strcmp(slash, "/env") != 0)
			break;
	}
}

/* Add the loader of shared programs, which also loaded this one. */
static int
add_loader(struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void)size;
	(void)ctx;
	for (unsigned i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_INTERP)
			add_runnable((const char *)(info->dlpi_addr +
			    info->dlpi_phdr[i].p_vaddr));
	return 1; /* the first object is this program */
}

static void
add_program(struct sandbox *s, const char *path)
{
	readables = places_of_system(readable);
	add_runnable(path);
	add_interpreters(path);
	dl_iterate_phdr(add_loader, NULL);
	s->readable = readable;
	s->runnable = runnable;
}

void
needs_of_tool(struct sandbox *s, const char *path)
{
	add_program(s, path);
}

/* ---- what a converter needs ---- */

static void
add_readable(const char *path)
{
	if (readables < READABLE_MAX)
		readable[readables++] = path;
}

void
needs_of_converter(struct sandbox *s, const char *path, char **words)
{
	/* Programs, their settings, and what LibreOffice reads of /proc. */
	static const char *const programs[] = {"/usr/bin", "/bin",
	    "/usr/local/bin", "/usr/lib", "/usr/libexec", "/usr/local/lib",
	    "/lib", "/lib64"};
	static const char *const files[] = {"/etc/alternatives",
	    "/etc/libreoffice", "/etc/groff", "/etc/papersize", "/etc/texmf",
	    "/var/lib/texmf", "/proc/cpuinfo", "/proc/meminfo",
	    "/proc/version"};
	struct stat st;

	add_program(s, path);
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		add_runnable(programs[i]);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		add_readable(files[i]);
	for (; *words; words++)
		if (**words == '/' && stat(*words, &st) == 0 &&
		    S_ISREG(st.st_mode))
			add_readable(*words);
}
