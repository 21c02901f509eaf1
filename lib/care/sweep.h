/* sweep.h - remove values' files that no record names; private to lib/. */
#ifndef PC_SWEEP_H
#define PC_SWEEP_H

#include "live.h"

#include "care.h"

/* Remove the values' files that no record names.  The entries of live that name
 * a file save lookups. */
int sweep_shard(struct pc_store *, unsigned shard, struct live *,
    const struct pc_compact_options *, struct pc_compact_report *);
/* Is it the name of a value's file? */
int sweep_owns(const char *name);
/* Remove all values' files, when no record is left. */
void sweep_all(struct pc_store *, unsigned shard);
/* Add the bytes that a shard's log and its values' files take. */
int sweep_usage(struct pc_store *, unsigned shard, uint64_t *bytes);

#endif
