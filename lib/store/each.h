/* each.h - visit every record of every log; private to lib/. */
#ifndef PC_EACH_H
#define PC_EACH_H

#include "shard/record.h"

/* Call each for every record of every shard, like pc_store_each, but also for
 * removals and touches. */
int store_scan(struct pc_store *, uint64_t newest,
    int (*each)(void *ctx, const struct record *), void *ctx);

#endif
