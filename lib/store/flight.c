/* flight.c - single-flight: if several processes miss a key, one computes it.
 *
 * A flight is a byte-range lock on the state file; the key gives the offset.
 * Two keys can have the same offset by chance: then one process waits although
 * it need not, and computes afterwards. */
#include "flight.h"

#include "care/evict.h"
#include "disk/disk.h"
#include "disk/lock.h"

#include <fcntl.h>

enum { WAITED = 50 }; /* us; a shorter time does not count as waiting */

static uint64_t
flight_place(const struct pc_id *key)
{
	return LOCK_FLIGHT | (pc_decode_u64(key->b) & (LOCK_FLIGHT - 1));
}

int
pc_flight_take(struct pc_store *s, const struct pc_id *key, int64_t wait)
{
	int64_t before = pc_ticks();
	int r = lock_range(s->state, flight_place(key), RANGE_EXCLUSIVE, wait);

	if (pc_ticks() - before > WAITED)
		s->lock_wait += pc_ticks() - before;
	return r == LOCK_BUSY ? PC_FLIGHT_BUSY : r;
}

void
pc_flight_land(struct pc_store *s, const struct pc_id *key)
{
	lock_range(s->state, flight_place(key), RANGE_FREE, 0);
	evict_if_due(s);
}

void
flight_land_all(struct pc_store *s)
{
	/* A length of 0 means up to the end. */
	struct flock l = {.l_type = F_UNLCK,
	    .l_whence = SEEK_SET,
	    .l_start = (off_t)LOCK_FLIGHT};

	(void)fcntl(s->state, F_OFD_SETLK, &l);
}
