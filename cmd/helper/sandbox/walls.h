/* walls.h - the parts of the sandbox, which pc-ocr reports, too. */
#ifndef WALLS_H
#define WALLS_H

enum {
	SANDBOX_SECCOMP = 1,  /* only the calls of its role */
	SANDBOX_LANDLOCK = 2, /* only the files that it may read */
	SANDBOX_LIMITS = 4,   /* memory, CPU, descriptors, size of files; no
			       * core */
	SANDBOX_ROOT = 8,     /* a root that holds only those files */
	SANDBOX_ALL = 15,
};

/* The names of those that are missing, with commas between, as a text that
 * stays until the next call; "" for none. */
const char *walls_missing(unsigned walls);

#endif
