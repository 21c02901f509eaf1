/* zone.c - a cgroup for one command, in which the kernel counts the memory of
 * all its processes.
 *
 * Version 1: it is created below our own cgroup, whose limits hold there, too.
 * Version 2: a cgroup that has processes cannot give controllers to its
 * children, so it is created beside ours, if systemd or the owner of the
 * container has delegated that and our cgroup has no limits that the command
 * would escape.  Otherwise there is none. */
#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_SIZE = 16 * 1024 }; /* bytes of memory.stat that are read */

#define PREFIX "pc-memstat." /* followed by the creator's process id */

static ssize_t
slurp(const struct zone *z, const char *file, char *text, size_t size)
{
	return cgroup_file(z->kind, z->name, file, text, size);
}

static int
is_unlimited(const char *own)
{
	static const char *const files[] = {"memory.max", "memory.high",
	    "memory.swap.max", "pids.max", "cpu.max"};
	char text[128];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (cgroup_file(&cgroup_v2, own, files[i], text, sizeof text) >
			0 &&
		    strncmp(text, "max", 3) != 0)
			return 0;
	return 1;
}

/* Choose its name; -1: it would be at a place that is not allowed. */
static int
place(struct zone *z)
{
	const char *slash;
	int len;

	if (cgroup_own(z->kind, z->own) < 0)
		return -1;
	slash = strrchr(z->own, '/');
	len = (int)strlen(z->own);
	if (strcmp(z->own, "/") == 0)
		len = 0; /* the root may have children and processes */
	else if (z->kind == &cgroup_v2 && !is_unlimited(z->own))
		return -1;
	else if (z->kind == &cgroup_v2)
		len = (int)(slash - z->own);
	return snprintf(z->name, sizeof z->name, "%.*s/" PREFIX "%ld", len,
		   z->own, (long)getpid()) < (int)sizeof z->name
	    ? 0
	    : -1;
}

/* Does it count memory, and do the limits above it hold? */
static int
is_good(const struct zone *z)
{
	char text[64];

	if (slurp(z, z->kind->peak, text, sizeof text) <= 0)
		return 0;
	return z->kind == &cgroup_v2 ||
	    (slurp(z, "memory.use_hierarchy", text, sizeof text) > 0 &&
		text[0] == '1');
}

static void
unmake(struct zone *z)
{
	char path[CGROUP_MAX + 128];

	if (cgroup_path(z->kind, z->name, "", path, sizeof path) == 0)
		rmdir(path);
	z->kind = NULL;
}

/* Remove cgroups that killed runs left, also one with our own process id.  One
 * that has a process in it stays. */
static void
sweep(char *path)
{
	char *slash = strrchr(path, '/');
	struct dirent *e;
	DIR *d;

	rmdir(path);
	*slash = '\0';
	d = opendir(path);
	while (d && (e = readdir(d))) {
		long pid;
		int n = 0;

		if (sscanf(e->d_name, PREFIX "%ld%n", &pid, &n) == 1 &&
		    !e->d_name[n] && pid > 0 && kill((pid_t)pid, 0) < 0 &&
		    errno == ESRCH)
			unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
	}
	if (d)
		closedir(d);
	*slash = '/';
}

void
zone_open(struct zone *z)
{
	static const struct cgroup_kind *const kinds[] = {&cgroup_v2,
	    &cgroup_v1};
	char path[CGROUP_MAX + 128];

	z->kind = NULL;
	/* The command runs on this machine, even if the figures are read
	 * elsewhere. */
	for (int i = 0; i < 2 && !getenv("PC_MEMSTAT_ROOT"); i++) {
		z->kind = kinds[i];
		if (place(z) < 0 ||
		    cgroup_path(z->kind, z->name, "", path, sizeof path) < 0)
			continue;
		sweep(path);
		if (mkdir(path, 0755) < 0)
			continue;
		if (is_good(z))
			return;
		unmake(z);
	}
	z->kind = NULL;
}

static int
put(const struct zone *z, const char *name, const char *pid)
{
	char path[CGROUP_MAX + 128];
	int fd, r;

	if (cgroup_path(z->kind, name, "cgroup.procs", path, sizeof path) < 0)
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

	if (!z->kind)
		return -1;
	snprintf(text, sizeof text, "%ld\n", (long)pid);
	return put(z, z->name, text);
}

static uint32_t
kib_of(const struct zone *z, const char *file)
{
	char text[64];
	unsigned long long v;

	if (slurp(z, file, text, sizeof text) <= 0)
		return 0;
	v = strtoull(text, NULL, 10) / 1024;
	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

uint32_t
zone_files_kib(const struct zone *z)
{
	char text[FILE_SIZE];
	uint64_t inactive = 0, active = 0, kib;

	if (!z->kind || slurp(z, "memory.stat", text, sizeof text) <= 0)
		return 0;
	(void)host_field(text, z->kind->inactive, 1, &inactive);
	(void)host_field(text, z->kind->active, 1, &active);
	kib = (inactive + active) / 1024;
	return kib > UINT32_MAX ? UINT32_MAX : (uint32_t)kib;
}

uint32_t
zone_peak_kib(const struct zone *z)
{
	return z->kind ? kib_of(z, z->kind->peak) : 0;
}

uint32_t
zone_held_kib(const struct zone *z)
{
	return z->kind ? kib_of(z, z->kind->current) : 0;
}

void
zone_close(struct zone *z)
{
	char text[65536];

	if (!z->kind)
		return;
	/* Processes that the command left running go where they would have
	 * been. */
	if (slurp(z, "cgroup.procs", text, sizeof text) > 0)
		for (char *p = strtok(text, "\n"); p; p = strtok(NULL, "\n"))
			(void)put(z, z->own, p);
	unmake(z);
}
