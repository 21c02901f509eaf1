/* usage.h - how much of the disk a store takes; private to lib/. */
#ifndef PC_USAGE_H
#define PC_USAGE_H

#include "pc.h"

/* Bytes of the disk that all files of the store take, and of these what cannot
 * be evicted. */
int usage_count(struct pc_store *, uint64_t *sum, uint64_t *fixed);

#endif
