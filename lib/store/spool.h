/* spool.h - a value on its way into the store; private to lib/store/. */
#ifndef PC_SPOOL_H
#define PC_SPOOL_H

#include "pc.h"

/* The spool's bytes when they are all in memory, else NULL. */
const unsigned char *spool_bytes(const struct pc_spool *);
/* Does its file lie in the store, with room taken for it? */
int spool_in_store(const struct pc_spool *);
/* Give its bytes that name in a shard, which is locked for writing. */
int spool_link(struct pc_spool *, struct pc_store *, unsigned shard,
    const char *name);

#endif
