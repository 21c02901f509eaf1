/* cgroup.h - find this process's cgroup among those that count memory. */
#ifndef MEMORY_CGROUP_H
#define MEMORY_CGROUP_H

#include "pc.h"

enum { CGROUP_MAX = 1024 }; /* longest accepted name of a cgroup, bytes */

/* The names of the files in each of the two versions (kernel documentation:
 * admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst). */
struct cgroup_kind {
	int version;
	const char *max, *current, *peak;
	const char *inactive, *active; /* fields of memory.stat */
};

extern const struct cgroup_kind cgroup_v1, cgroup_v2;

/* All names are below $PC_MEMSTAT_ROOT. */

/* Read a small file, or its beginning, and end it with NUL.  Returns its
 * length, or -1. */
ssize_t host_file(const char *path, char *text, size_t size);
/* Find the name of this process's cgroup in such a hierarchy.  -1: it is in
 * none. */
int cgroup_own(const struct cgroup_kind *, char name[CGROUP_MAX]);
/* Make the path of a file in that cgroup.  -1: it is too long. */
int cgroup_path(const struct cgroup_kind *, const char *name, const char *file,
    char *path, size_t size);
ssize_t cgroup_file(const struct cgroup_kind *, const char *name,
    const char *file, char *text, size_t size);

#endif
