/* cgroup.c - find this process's cgroup among those that count memory. */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_SIZE = 16 * 1024 };

const struct cgroup_kind cgroup_v2 = {2, "memory.max", "memory.current",
    "memory.peak", "inactive_file ", "active_file "};
const struct cgroup_kind cgroup_v1 = {1, "memory.limit_in_bytes",
    "memory.usage_in_bytes", "memory.max_usage_in_bytes",
    "total_inactive_file ", "total_active_file "};

static int
host_path(const char *path, char *full, size_t size)
{
	const char *root = getenv("PC_MEMSTAT_ROOT");

	if ((size_t)snprintf(full, size, "%s%s", root ? root : "", path) < size)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

ssize_t
host_file(const char *path, char *text, size_t size)
{
	char full[4096];
	ssize_t n;
	int fd, e;

	if (host_path(path, full, sizeof full) < 0)
		return -1;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	n = pc_read_full(fd, text, size - 1);
	e = errno;
	close(fd);
	errno = e;
	if (n >= 0)
		text[n] = '\0';
	return n;
}

int
cgroup_own(const struct cgroup_kind *k, char name[CGROUP_MAX])
{
	char text[FILE_SIZE];

	if (host_file("/proc/self/cgroup", text, sizeof text) < 0)
		return -1;
	/* In v2 the name follows "0::"; in v1, the list of controllers that
	 * includes memory. */
	for (const char *p = text; p && *p; p = strchr(p, '\n')) {
		const char *list, *own;
		size_t n;

		p += *p == '\n';
		list = strchr(p, ':');
		own = list ? strchr(list + 1, ':') : NULL;
		if (!own)
			return -1;
		n = strcspn(own + 1, "\n");
		if (k == &cgroup_v2 ? strncmp(p, "0::", 3) != 0
				    : strncmp(list, ":memory:", 8) != 0)
			continue;
		/* A cgroup outside the container's view does not belong to
		 * this process. */
		if (n == 0 || n >= CGROUP_MAX || own[1] != '/' ||
		    memmem(own + 1, n, "/..", 3))
			n = 1;
		snprintf(name, CGROUP_MAX, "%.*s", (int)n,
		    n == 1 ? "/" : own + 1);
		return 0;
	}
	return -1;
}

/* Find where a hierarchy is mounted.  Beside a v1 hierarchy, v2 is mounted
 * elsewhere. */
static const char *
mount_of(const struct cgroup_kind *k)
{
	static const char beside[] = "/sys/fs/cgroup/unified";
	char path[4096];

	if (k == &cgroup_v1)
		return "/sys/fs/cgroup/memory";
	return host_path(beside, path, sizeof path) == 0 &&
		access(path, F_OK) == 0
	    ? beside
	    : "/sys/fs/cgroup";
}

int
cgroup_path(const struct cgroup_kind *k, const char *name, const char *file,
    char *path, size_t size)
{
	return (size_t)snprintf(path, size, "%s%s%s%s", mount_of(k),
		   strcmp(name, "/") == 0 ? "" : name, *file ? "/" : "",
		   file) < size
	    ? 0
	    : -1;
}

ssize_t
cgroup_file(const struct cgroup_kind *k, const char *name, const char *file,
    char *text, size_t size)
{
	char path[CGROUP_MAX + 128];

	if (cgroup_path(k, name, file, path, sizeof path) < 0)
		return -1;
	return host_file(path, text, size);
}
