/* reserve.h - reserve room for a put; private to lib/. */
#ifndef PC_RESERVE_H
#define PC_RESERVE_H

#include "pc.h"

/* Reserve room for bytes before they are written; the caller must not hold a
 * shard's lock.  -1 EMSGSIZE: this is more than the cap; ENOBUFS: other
 * processes use the room, and nothing can be evicted. */
int reserve_room(struct pc_store *, uint64_t bytes);

#endif
