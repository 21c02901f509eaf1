/* zone.c - a cgroup for one command, in which the kernel itself counts what
 * all of its processes have together.
 *
 * A cgroup that has processes of its own gives its children no controllers, so
 * it is made beside ours, where systemd or a container's owner has delegated
 * that and ours has no limits of its own; elsewhere there is none. */
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
file_of(const char *dir, const char *file, char path[1200])
{
	return (size_t)snprintf(path, 1200, "%s/%s", dir, file) < 1200 ? 0
	                                                               : -1;
}

/* Where we are, below the mount point. */
static int
own_cgroup(char dir[1024])
{
	struct stat st;
	const char *mount = "/sys/fs/cgroup";
	char text[8192], *p;
	size_t n;

	if (getenv("PC_MEMSTAT_ROOT") ||
	    host_file("/proc/self/cgroup", text, sizeof text) < 0)
		return -1;
	p = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!p)
		return -1;
	p += *p == '\n';
	n = strcspn(p, "\n");
	p[n] = '\0';
	if (strstr(p, "/.."))
		return -1;
	if (stat("/sys/fs/cgroup/cgroup.controllers", &st) < 0)
		mount = "/sys/fs/cgroup/unified";
	if ((size_t)snprintf(dir, 1024, "%s%s", mount,
	        strcmp(p + 3, "/") == 0 ? "" : p + 3) >= 1024)
		return -1;
	return strcmp(p + 3, "/") == 0; /* 1: the root, which may have any */
}

static ssize_t
slurp(const char *dir, const char *file, char *text, size_t size)
{
	char path[1200];
	ssize_t n;
	int fd;

	if (file_of(dir, file, path) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : pc_read_full(fd, text, size - 1);
	if (fd >= 0)
		close(fd);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

/* A command is not to escape what limits us. */
static int
is_unlimited(const char *dir)
{
	static const char *const files[] = {
	    "memory.max", "memory.high", "memory.swap.max", "pids.max",
	    "cpu.max"};
	char text[128];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (slurp(dir, files[i], text, sizeof text) > 0 &&
		    strncmp(text, "max", 3) != 0)
			return 0;
	return 1;
}

void
zone_open(struct zone *z)
{
	char path[1200], *slash;
	int root = own_cgroup(z->own), len;

	z->dir[0] = '\0';
	if (root < 0 || !is_unlimited(z->own))
		return;
	slash = strrchr(z->own, '/');
	len = root ? (int)strlen(z->own) : (int)(slash - z->own);
	if (snprintf(z->dir, sizeof z->dir, "%.*s/pc-memstat.%ld", len,
	        z->own, (long)getpid()) >= (int)sizeof z->dir ||
	    mkdir(z->dir, 0755) < 0) {
		z->dir[0] = '\0';
		return;
	}
	if (file_of(z->dir, "memory.peak", path) == 0 &&
	    access(path, R_OK) == 0)
		return;
	rmdir(z->dir);
	z->dir[0] = '\0';
}

static int
put(const char *dir, const char *pid)
{
	char path[1200];
	int fd, r;

	if (file_of(dir, "cgroup.procs", path) < 0)
		return -1;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	r = fd < 0 ? -1 : pc_write_full(fd, pid, strlen(pid));
	if (fd >= 0)
		close(fd);
	return r;
}

int
zone_enter(const struct zone *z, pid_t pid)
{
	char text[24];

	if (!z->dir[0])
		return -1;
	snprintf(text, sizeof text, "%ld\n", (long)pid);
	return put(z->dir, text);
}

uint32_t
zone_peak_kib(const struct zone *z)
{
	char text[64];
	unsigned long long v;

	if (!z->dir[0] || slurp(z->dir, "memory.peak", text, sizeof text) <= 0)
		return 0;
	v = strtoull(text, NULL, 10) / 1024;
	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

void
zone_close(struct zone *z)
{
	char text[65536];

	if (!z->dir[0])
		return;
	/* What the command left running goes where it would have been. */
	if (slurp(z->dir, "cgroup.procs", text, sizeof text) > 0)
		for (char *p = strtok(text, "\n"); p; p = strtok(NULL, "\n"))
			(void)put(z->own, p);
	rmdir(z->dir);
	z->dir[0] = '\0';
}
