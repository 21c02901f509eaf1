/* setup_in.h - what the files of a run's setup share. */
#ifndef INFER_SETUP_IN_H
#define INFER_SETUP_IN_H

#include "setup.h"

/* All three end the program with a message if they fail. */

/* Take the API key from --key-file or $PC_INFER_KEY. */
void read_keys(struct infer *, const struct given *);
/* Take the schema from --schema, or else from the template. */
void read_schema(struct infer *, const struct given *);
/* Add the parameters that the command line does not give. */
void set_default_params(struct infer *);

#endif
