/* rotate.h - a new event log in time; private to lib/. */
#ifndef PC_ROTATE_H
#define PC_ROTATE_H

#include "pc.h"

/* Do what is due after what event_append() added. */
void rotate_if_due(struct pc_store *);

#endif
