/* rotate.h - begin a new event log when one is full; private to lib/. */
#ifndef PC_ROTATE_H
#define PC_ROTATE_H

#include "pc.h"

/* Do the work that is due after event_append(). */
void rotate_if_due(struct pc_store *);

#endif
