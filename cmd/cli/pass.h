/* pass.h - an input of which some was read, for who reads all of it. */
#ifndef PASS_H
#define PASS_H

#include "pc.h"

/* A pipe that gives what is kept, and then the rest of fd.  A process writes
 * it that nobody waits for; it sends the caller, or the command that has taken
 * its place, SIGTERM when that cannot be had whole.  -1: errno. */
int pass_on(const struct pc_spool *kept, int fd);

#endif
