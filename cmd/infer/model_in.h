/* model_in.h - what the files about the model share. */
#ifndef INFER_MODEL_IN_H
#define INFER_MODEL_IN_H

#include "infer.h"

/* ---- model_memo.c ---- */

/* Store what is known about the model, for later runs. */
void model_memo_write(struct infer *);
/* Set the model from what an earlier run stored, if that is younger than most
 * us.  1: there is nothing. */
int model_memo_read(struct infer *, int64_t most);

/* ---- model_list.c ---- */

/* Look for the model in one server's list.  1: it is not there; -1: the server
 * has no list of this API; -2: it does not answer. */
int model_look_up(struct infer *, const char *server, enum api,
    struct pc_error *err);

/* ---- model.c ---- */

/* Ask one server after another for the model, except those known to be down.
 * -1 with the fault of the first one in err. */
int model_ask_servers(struct infer *, struct pc_error *err);

#endif
