/* sweep.h - values' files that no record names; private to lib/. */
#ifndef PC_SWEEP_H
#define PC_SWEEP_H

#include "live.h"

#include "care.h"

/* Remove the values' files that no record names; live is what was seen of
 * those that do, to spare a look. */
int sweep_shard(struct pc_store *, unsigned shard, struct live *,
    const struct pc_compact_options *, struct pc_compact_report *);
/* Is it the name of a value's file? */
int sweep_owns(const char *name);
/* Remove all of them: no record is left. */
void sweep_all(struct pc_store *, unsigned shard);
/* Add the bytes of a shard's log and of its values' files. */
int sweep_usage(struct pc_store *, unsigned shard, uint64_t *bytes);

#endif
