/* sandbox.h - confine a process that parses untrusted data. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "walls.h"

#include <stdint.h>

struct sock_filter;

/* A process's purpose decides which calls it can make (calls.c).  Only a
 * converter can start threads and processes, and signal those; no role can
 * listen for connections from outside. */
enum sandbox_role {
	SANDBOX_PARSER, /* parses a document */
	SANDBOX_CLIENT, /* sends requests to servers */
	SANDBOX_TOOL,   /* becomes another program, which parses a document */
	/* Becomes a program that starts others.  They have a network, process
	 * ids and a /tmp of their own, and nothing else that can be written. */
	SANDBOX_CONVERTER,
};

struct sandbox {
	enum sandbox_role role;
	/* Files, and directories with everything below, that can still be
	 * opened for reading, ended by NULL.  A path that does not exist, or
	 * cannot be opened now, is skipped.  NULL: none. */
	const char *const *readable;
	/* For a tool: files that can be run, and for a converter also
	 * directories of such files (in the form of readable); the directory
	 * that a converter has as its /tmp, or NULL; descriptors that can be
	 * opened again as /proc/self/fd/N, ended by -1, or NULL. */
	const char *const *runnable;
	const char *writable;
	const int *lent;
	uint64_t memory_max; /* bytes of address space; 0: unchanged */
	uint64_t file_max;   /* largest size of a written file in bytes */
	unsigned cpu_max;    /* CPU seconds; 0: unchanged */
	unsigned files_max;  /* descriptors; 0: unchanged */
	unsigned tasks_max;  /* processes and threads of the user in this
			      * namespace; 0: unchanged */
	/* Starts the threads that the process needs, as it cannot start any
	 * later; or NULL. */
	void (*start_threads)(void);

	/* Set by sandbox_prepare(). */
	unsigned prepared; /* the parts that are already in place */
	struct sock_filter *filter;
	unsigned short filter_length;
};

/* Set up what is shared by all processes that enter: the filter, and the root,
 * for which the calling process moves into a user namespace.  Of a converter
 * the next child is the first process of the new process namespace, which ends
 * with it.  Call it before there are threads.  Parts that do not work here are
 * left out of s->prepared. */
void sandbox_prepare(struct sandbox *s);

/* Confine the calling process until it ends.  Open descriptors and mappings
 * stay, so close what it should not have.  Call it before there are threads.
 * The process dies with the thread that forked it, and cannot be traced.  A
 * refused call returns an error (EPERM, EACCES, EROFS, ENOSYS or EFBIG); a
 * call for another processor ends the process.  Returns the SANDBOX_ flags of
 * the parts in place. */
unsigned sandbox_enter(const struct sandbox *);

/* Set only the limits.  0, or -1. */
int sandbox_set_limits(const struct sandbox *);

/* The parts that would work for a process like this one.  A child process
 * tries them, because they cannot be undone. */
unsigned sandbox_try(const struct sandbox *);

/* ---- root.c ---- */

/* Move the calling process into a root with only the files above.  0, or -1:
 * it does not work here, and nothing changed. */
int root_enter(const struct sandbox *);
/* Give up all capabilities: root has some, and so does the creator of a
 * namespace. */
int root_drop_capabilities(void);

/* ---- calls.c: the only user of libseccomp ---- */

/* Write a role's filter to a file, as the kernel takes it, or as readable
 * text.  arch is a SCMP_ARCH_ constant; 0: this processor.  -1 with errno. */
int calls_export(enum sandbox_role, uint32_t arch, int readable, int fd);
/* Prepare the filter for sandbox_prepare().  -1: there is none. */
int calls_prepare(struct sandbox *);
/* Enforce the filter from now on, in all threads.  -1: it failed. */
int calls_enter(const struct sandbox *);

#endif
