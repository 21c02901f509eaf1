/* evict.h - the store kept below its cap; private to lib/. */
#ifndef PC_EVICT_H
#define PC_EVICT_H

#include "pc.h"

/* Evict what has expired or is old, if it is time to and no other process
 * does. */
void evict_if_due(struct pc_store *);
/* Do so until need bytes have room.  1: it was not enough. */
int evict_now(struct pc_store *, uint64_t need);

#endif
