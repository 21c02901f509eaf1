/* walls.h - the parts of the sandbox, which pc-ocr reports too. */
#ifndef WALLS_H
#define WALLS_H

enum {
	SANDBOX_SECCOMP = 1,  /* only the system calls of its role */
	SANDBOX_LANDLOCK = 2, /* only the files that it may read */
	SANDBOX_LIMITS = 4,   /* limits on memory, CPU, descriptors and file
			       * size; no core dump */
	SANDBOX_ROOT = 8,     /* a root directory with only those files */
	SANDBOX_ALL = 15,
};

/* The names of the missing parts, separated by commas; "" if none is missing.
 * Valid until the next call. */
const char *walls_missing(unsigned walls);

#endif
