/* reserve.h - room for a put; private to lib/. */
#ifndef PC_RESERVE_H
#define PC_RESERVE_H

#include "pc.h"

/* Have room for so many bytes more, before they are written: no shard's lock
 * is held.  -1 EMSGSIZE: that is more than the cap; ENOBUFS: others take it,
 * and nothing can be evicted. */
int reserve_room(struct pc_store *, uint64_t bytes);

#endif
