/* program.h - what a command is: the bytes of its program, and its words. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "cli.h"

/* The content id of the program that a command's first word names, looked up
 * in $PATH.  Ends this program if it cannot be found or read. */
void program_identify(struct cli *, const char *word, struct pc_id *);
/* Add the program's digest and all words of the command to a key.  -1 with
 * errno. */
int program_add_key(struct cli *, char *const *command, struct pc_spec *);

#endif
