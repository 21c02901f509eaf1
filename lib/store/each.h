/* each.h - every record of every log; private to lib/. */
#ifndef PC_EACH_H
#define PC_EACH_H

#include "shard/record.h"

/* Call each for every record of every shard in turn, as pc_store_each does,
 * but for removals and touches too. */
int store_scan(struct pc_store *, uint64_t newest,
    int (*each)(void *ctx, const struct record *), void *ctx);

#endif
