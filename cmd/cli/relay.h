/* relay.h - an input of which a part was read, relayed whole to a command. */
#ifndef RELAY_H
#define RELAY_H

#include "pc.h"

/* Open a pipe that gives what is kept, then the rest of fd.  A detached process
 * writes it; if fd cannot be read to its end, it sends SIGTERM to the caller,
 * or to the command that the caller has become.  -1: errno. */
int relay_input(const struct pc_spool *kept, int fd);

#endif
