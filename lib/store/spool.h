/* spool.h - a value on its way into the store; private to lib/store/. */
#ifndef PC_SPOOL_H
#define PC_SPOOL_H

#include "pc.h"

/* The bytes of the spool if all are in memory, else NULL. */
const unsigned char *spool_bytes(const struct pc_spool *);
/* Is the spool's file in the store, with room reserved for it? */
int spool_in_store(const struct pc_spool *);
/* Store the spool's bytes as a file of that name in a shard that is locked for
 * writing. */
int spool_link(struct pc_spool *, struct pc_store *, unsigned shard,
    const char *name);

#endif
