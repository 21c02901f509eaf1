/* sandbox.h - walls around a process that parses what others made. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "walls.h"

#include <stdint.h>

struct sock_filter;

/* What a process is for decides which calls it can make (calls.c).  None can
 * start a thread or a process, signal others or listen for connections. */
enum sandbox_role {
	SANDBOX_PARSER, /* parse a document */
	SANDBOX_CLIENT, /* ask servers */
	SANDBOX_TOOL,   /* become another program, which parses a document */
	SANDBOX_WRITER, /* and fills a directory */
};

struct sandbox {
	enum sandbox_role role;
	/* Files, and directories with everything below, that can still be
	 * opened, for reading; NULL at the end.  A path that does not exist, or
	 * cannot be opened now, is skipped.  NULL: none. */
	const char *const *readable;
	/* Of a tool: files that can be run, as readable; a directory in which
	 * files can be made, or NULL; descriptors, -1 at the end, that can be
	 * opened again as /proc/self/fd/N, or NULL. */
	const char *const *runnable;
	const char *writable;
	const int *lent;
	uint64_t memory_max; /* bytes of address space; 0: as before */
	uint64_t file_max;   /* bytes of a file that is written */
	unsigned cpu_max;    /* seconds; 0: as before */
	unsigned files_max;  /* descriptors; 0: as before */
	/* Starts the threads that the process needs, which is its last chance;
	 * or NULL. */
	void (*start_threads)(void);

	/* Set by sandbox_prepare(). */
	unsigned prepared; /* the walls that stand already */
	struct sock_filter *filter;
	unsigned short filter_length;
};

/* Make what all that enter share: the root, in a user namespace, into which
 * the calling process moves, and the filter of calls.  Call it before there
 * are threads.  What does not work here is left out of s->prepared. */
void sandbox_prepare(struct sandbox *s);

/* Confine the calling process until it ends.  What is open or mapped stays as
 * it is: close what it should not have.  Call it before there are threads.
 * The process dies with the thread that forked it, and cannot be traced.  A
 * call that is refused returns an error (EPERM, EACCES, EROFS, ENOSYS or
 * EFBIG); one for another processor ends the process.  Returns the SANDBOX_
 * walls that stand. */
unsigned sandbox_enter(const struct sandbox *);

/* The walls that would stand around a process like this one: found out in a
 * child, as it cannot be undone. */
unsigned sandbox_try(const struct sandbox *);

/* ---- root.c ---- */

/* Move the calling process into a root that holds only the files above.  0, or
 * -1: it does not work here, and nothing changed. */
int root_enter(const struct sandbox *);
/* Give up all capabilities, which root has, and the maker of a namespace. */
int root_drop_capabilities(void);

/* ---- calls.c: the only user of libseccomp ---- */

/* Write the filter of a role to a file: as the kernel takes it, or to read it.
 * arch is a SCMP_ARCH_ constant; 0: this processor.  -1 with errno. */
int calls_export(enum sandbox_role, uint32_t arch, int readable, int fd);
/* As sandbox_prepare(): the filter.  -1: there is none. */
int calls_prepare(struct sandbox *);
/* Have it checked from now on, in all threads.  -1: it is not. */
int calls_enter(const struct sandbox *);

#endif
