/* report.c - the failure of pc-confine to run a program. */
#include "confine.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char confine_name[] = "pc-confine";

void
confine_not_run(const char *path)
{
	signal(SIGXFSZ, SIG_IGN); /* so that a file size limit does not kill
				   * it at the message */
	fprintf(stderr, "%s: cannot run '%s': %s\n", confine_name, path,
	    strerror(errno));
	exit(CANNOT_RUN);
}
