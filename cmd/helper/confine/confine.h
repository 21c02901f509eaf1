/* confine.h - what the files of pc-confine share. */
#ifndef CONFINE_H
#define CONFINE_H

#include "helper/sandbox/sandbox.h"

enum {
	NO_SANDBOX = 125,
	CANNOT_RUN = 126,
	NOT_FOUND = 127, /* as env(1) */
};

/* ---- report.c ---- */

extern const char confine_name[];

/* Report that a program cannot be run (errno), and exit. */
_Noreturn void confine_not_run(const char *path);

/* ---- needs.c: what a program needs ---- */

/* Set what the program at this path, which must stay valid, can read and
 * run. */
void needs_of_tool(struct sandbox *, const char *path);
/* The same for a converter, which can run all installed programs.  Of its
 * words, those that name files can be read. */
void needs_of_converter(struct sandbox *, const char *path, char **words);

/* ---- converter.c: a program that starts others ---- */

struct converter_options {
	const char *directory; /* of its files, home and tmp; NULL: this is
				* no converter */
	int unconfined;        /* without a sandbox, only with limits */
	unsigned seconds;      /* time limit; 0: none */
};

/* Run it to its end, and exit as it did.  It dies by SIGALRM after its time. */
_Noreturn void converter_run(struct sandbox *, const struct converter_options *,
    const char *path, char **argv);

#endif
