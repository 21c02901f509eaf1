/* sandbox.h - walls around a process that parses what a stranger made. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdint.h>

struct sandbox {
	/* Files, and directories with all beneath, that can still be opened,
	 * for reading; NULL at the end.  One that does not exist, or cannot
	 * be opened now, is passed over.  NULL: none. */
	const char *const *readable;
	uint64_t memory_max; /* bytes of address space; 0: as before */
	unsigned cpu_max;    /* seconds, of all threads together; 0: as before */
	unsigned files_max;  /* descriptors; 0: as before */
	int network;         /* it may connect, and ask for names */
};

enum {
	SANDBOX_SECCOMP = 1,  /* only the calls in sandbox.c: no process, socket,
	                       * signal to others, or open for writing */
	SANDBOX_LANDLOCK = 2, /* only the files in readable */
	SANDBOX_LIMITS = 4,   /* memory, CPU, descriptors; nothing written to
	                       * files, no core */
};

/* Confine the calling process until it ends.  What is open or mapped stays as
 * it is: close what it should not have.  Call it before there are threads, as
 * Landlock holds only for this one and those it starts.  The process dies with
 * the thread that forked it, and cannot be traced; SIGXFSZ is ignored, so that
 * a write to a file is EFBIG.  Calls that are refused return EPERM, EROFS,
 * ENOTTY or ENOSYS; none kills.  Returns the SANDBOX_ walls that stand: fewer
 * on an old kernel, or where there already were limits on limits. */
unsigned sandbox_enter(const struct sandbox *);

#endif
