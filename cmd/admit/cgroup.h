/* cgroup.h - where this process is among the cgroups that count memory. */
#ifndef MEMORY_CGROUP_H
#define MEMORY_CGROUP_H

#include "pc.h"

enum { CGROUP_MAX = 1024 }; /* bytes of a cgroup's name that are taken */

/* The two kinds (Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/
 * memory.rst of the kernel): what their files are called. */
struct cgroup_kind {
	int version;
	const char *max, *current, *peak;
	const char *inactive, *active; /* files, in memory.stat */
};

extern const struct cgroup_kind cgroup_v1, cgroup_v2;

/* All names are below $PC_MEMSTAT_ROOT. */

/* The whole of a small file, or its beginning, ended by NUL.  Its length, or
 * -1. */
ssize_t host_file(const char *path, char *text, size_t size);
/* The name of this process's own in such a hierarchy.  -1: it is in none. */
int cgroup_own(const struct cgroup_kind *, char name[CGROUP_MAX]);
/* A file of the cgroup of that name, as a path.  -1: it is too long. */
int cgroup_path(const struct cgroup_kind *, const char *name, const char *file,
    char *path, size_t size);
ssize_t cgroup_file(const struct cgroup_kind *, const char *name,
    const char *file, char *text, size_t size);

#endif
