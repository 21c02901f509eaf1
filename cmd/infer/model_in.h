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

/* ---- model_identity.c ---- */

/* Give the model a digest if its server has none. */
void model_identify(struct infer *);

/* ---- model_list.c ---- */

enum model_look {
	LOOK_FOUND,     /* the model is set */
	LOOK_ABSENT,    /* the list does not have it */
	LOOK_NO_LIST,   /* the server has no list of this API */
	LOOK_NO_SENSE,  /* it sent something else, such as a web page */
	LOOK_NO_KEY,    /* it wants a key, or another one */
	LOOK_NO_SERVER, /* it does not answer, or refuses */
};

/* Look for the model in one server's list. */
enum model_look model_look_up(struct infer *, const char *server, enum api,
    struct pc_error *err);
/* Set the model to the wanted one on a server that does not list it. */
void model_take_unlisted(struct infer *, const char *server);

/* ---- model.c ---- */

/* Ask one server after another for the model, except those known to be down.
 * -1 with the fault of the first one in err. */
int model_ask_servers(struct infer *, struct pc_error *err);

#endif
