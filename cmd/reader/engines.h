/* engines.h - what computes a text is part of its key. */
#ifndef ENGINES_H
#define ENGINES_H

#include "cli/cli.h"

/* Add the ids of the files that a helper's answers depend on to the spec, as
 * its command argv lists them.  Ends the program when there is no helper or
 * no model. */
void engines_add(struct cli *, char *const *argv);
/* Add the id of this program, which formats the pages. */
void engines_add_self(struct cli *);

#endif
