/* stage_all.h - many results of cached stages at once.
 *
 *	stage_find_all(all, n, states);    hits and misses
 *	stage_claim_all(all, n, states);   of the misses, those that this
 *	                                   process computes: STAGE_CLAIMED
 *	stage_release_all(all, n);         after the results were stored
 *
 * No lock is waited for.  A key that another process has locked is STAGE_BUSY:
 * the caller computes, stores and releases what it claimed, and claims the rest
 * later.  So a process that waits always has results of its own under way, or
 * no locks; processes that want the same keys in different orders share the
 * work, and cannot wait for each other in a circle.  (With sorted keys and
 * locks that wait, all but one of them would do nothing meanwhile.)
 *
 * The keys of the entries differ: a process does not lock itself out. */
#ifndef CLI_STAGE_ALL_H
#define CLI_STAGE_ALL_H

#include "stage.h"

/* Look each up, as stage_find() does. */
void stage_find_all(struct stage_entry *const all[], size_t n,
    enum stage_state states[]);
/* Claim each, as stage_claim() does: it is looked up again after its lock was
 * taken. */
void stage_claim_all(struct stage_entry *const all[], size_t n,
    enum stage_state states[]);
/* Unlock the keys that are locked. */
void stage_release_all(struct stage_entry *const all[], size_t n);

#endif
