/* engines.h - the programs that compute a text are part of its key. */
#ifndef ENGINES_H
#define ENGINES_H

#include "cli/cli.h"

/* Add to the spec the ids of the files that a helper's answers depend on; its
 * command argv lists them.  Ends the program if the helper or a model is
 * missing. */
void engines_add(struct cli *, char *const *argv);
/* Add them to another spec if an earlier run remembered the list, without
 * starting the helper.  1: it is not remembered, or a file that it lists is
 * gone; nothing is added. */
int engines_recall(struct cli *, struct pc_spec *, char *const *argv);
/* Add the id of pc-ocr, which formats the pages.  path: where it is.  -1 with
 * errno. */
int engines_add_program(struct cli *, struct pc_spec *, const char *path);

#endif
