/* scratch.h - the one temporary directory of the process.  It is removed with
 * its files when it ends, also by exit(3); signals that end the program wait
 * until then. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include "pc.h"

/* Hold signals, and make it in $TMPDIR.  -1 with errno; scratch_end() has to
 * come then too. */
int scratch_begin(void);
/* Its path, until scratch_end(). */
const char *scratch_path(void);
/* The signal that came meanwhile, or 0. */
const volatile int *scratch_signal(void);
/* Append the bytes of one of its files, at most max, and remove the file.  -1
 * with errno. */
int scratch_take(const char *name, struct pc_buf *, size_t max);
/* Remove it; a signal that came meanwhile has its effect now. */
void scratch_end(void);

#endif
