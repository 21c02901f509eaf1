/* scratch.h - the process's one temporary directory.  It is removed with its
 * files when work with it ends, even by exit(3).  Signals that end the program
 * are held until then. */
#ifndef SCRATCH_H
#define SCRATCH_H

/* Hold signals, and make the directory in $TMPDIR.  -1 with errno; even then,
 * call scratch_end(). */
int scratch_begin(void);
/* Its path, valid until scratch_end(). */
const char *scratch_path(void);
/* The signal that came since, or 0. */
const volatile int *scratch_signal(void);
/* Remove it.  A signal that came meanwhile takes effect now. */
void scratch_end(void);

#endif
