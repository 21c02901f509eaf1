/* usage.h - bytes of the disk that a store takes; private to lib/. */
#ifndef PC_USAGE_H
#define PC_USAGE_H

#include "pc.h"

/* Count the bytes of the disk that all files of the store take, and how many of
 * these cannot be evicted. */
int usage_count(struct pc_store *, uint64_t *sum, uint64_t *fixed);

#endif
