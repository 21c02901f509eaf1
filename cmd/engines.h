/* engines.h - what computes a text is part of its key. */
#ifndef ENGINES_H
#define ENGINES_H

#include "cli.h"

/* Add the ids of the files that helper's answer for lang depends on to the
 * spec.  Ends the program when there is no helper or no model. */
void engines_add(struct cli *, char *helper, const char *lang);

#endif
