/* ghost.h - hits that were lost to eviction and expiry. */
#ifndef STATS_GHOST_H
#define STATS_GHOST_H

#include "stats.h"

enum { GHOST_STEPS = 5 };
/* Days by which times to live, then GiB by which the store, could be larger. */
extern const int ghost_steps[2 * GHOST_STEPS];

struct ghost_losses {
	uint64_t misses;
	uint64_t back; /* of them: stored before, and not removed by a user */
	/* What each step would give; larger ones include smaller ones. */
	struct ghost_gain {
		uint64_t hits;
		uint64_t saved; /* us */
	} gains[2 * GHOST_STEPS];
};

/* Count the misses since then (us since the epoch).  -1 with errno. */
int ghost_count(struct cli *, int64_t since, struct ghost_losses *);

#endif
