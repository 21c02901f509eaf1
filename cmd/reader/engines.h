/* engines.h - the programs that compute a text are part of its key. */
#ifndef ENGINES_H
#define ENGINES_H

#include "cli/cli.h"

/* Add to the spec the ids of the files that a helper's answers depend on; its
 * command argv lists them.  Ends the program if the helper or a model is
 * missing. */
void engines_add(struct cli *, char *const *argv);
/* Add the id of this program, which formats the pages. */
void engines_add_self(struct cli *);

#endif
