/* ghost_store.h - the store as its events describe it, with what is no longer
 * in it. */
#ifndef STATS_GHOST_STORE_H
#define STATS_GHOST_STORE_H

#include "recency.h"

#include "ledger.h"

enum ghost_state {
	GHOST_UNKNOWN,
	GHOST_STORED,
	GHOST_EVICTED,
	GHOST_EXPIRED,
	GHOST_REMOVED,
};

/* What is known of a key. */
struct ghost {
	unsigned char key[16];
	int64_t put, ttl; /* us; when it was stored, and its TTL */
	uint64_t bytes;
	uint32_t used;        /* place of its last use */
	uint32_t run;         /* the run of eviction that took it */
	unsigned char state;  /* enum ghost_state */
	unsigned char missed; /* 1 + number of the step that would have kept it;
				 0: none */
};

/* Zero but for config is an empty one. */
struct ghost_store {
	const struct pc_config *config;
	struct ghost *all; /* owned */
	size_t count, cap;
	struct pc_set keys; /* places in all */
	struct recency recency;
	uint64_t held;  /* bytes in the store, as far as its events are known */
	uint64_t *kept; /* owned; the least that each run of eviction left */
	uint32_t runs, run_cap;
	int64_t evicted; /* when the last one was; 0: that run is over */
};

/* What is known of the event's key; NULL: nothing.  The next call of ghost_use
 * makes the pointer invalid. */
struct ghost *ghost_find(const struct ghost_store *, const struct pc_event *);
/* The record of an event's key was used, so it is in the store; g is unknown,
 * or what ghost_find gave.  -1: ENOMEM. */
int ghost_use(struct ghost_store *, struct ghost *, const struct pc_event *);
int ghost_evict(struct ghost_store *, struct ghost *, const struct pc_event *);
void ghost_remove(struct ghost_store *, struct ghost *,
    const struct pc_event *);
/* Had its TTL passed at that time? */
int ghost_expired(const struct ghost *, int64_t when);
/* How many bytes larger the store should have been to keep it until now. */
uint64_t ghost_lack(const struct ghost_store *, const struct ghost *);
void ghost_store_clear(struct ghost_store *);

#endif
