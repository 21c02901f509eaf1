/* evict.h - keep the store below its cap; private to lib/. */
#ifndef PC_EVICT_H
#define PC_EVICT_H

#include "pc.h"

/* Evict expired and least recently used records, if this is due and no other
 * process does it. */
void evict_if_due(struct pc_store *);
/* Evict until need bytes fit.  1: they do not fit. */
int evict_now(struct pc_store *, uint64_t need);

#endif
