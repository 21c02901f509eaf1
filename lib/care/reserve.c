/* reserve.c - reserve room for a put; if necessary, evict other records. */
#include "reserve.h"

#include "disk/disk.h"
#include "disk/room.h"
#include "evict.h"

#include <errno.h>
#include <unistd.h>

enum { RESERVE_WAIT = 5000000 }; /* us to wait for others' writes */

int
reserve_room(struct pc_store *s, uint64_t bytes)
{
	int64_t give_up = 0;
	int counted = 0, r;
	uint64_t sum;

	evict_if_due(s);
	if (room_ready(s, bytes))
		return 0;
	while ((r = room_try(s, bytes)) > ROOM_TAKEN) {
		if (r == ROOM_UNCOUNTED && !s->max) {
			room_take_uncounted(s, bytes);
			return 0;
		}
		if (r == ROOM_NEVER && counted) {
			errno = EMSGSIZE;
			return -1;
		}
		counted |= r != ROOM_NONE;
		if (r != ROOM_NONE)
			r = room_count(s, &sum);
		else
			r = evict_now(s, bytes);
		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		/* Other processes are writing records that can be evicted
		 * afterwards. */
		if (!give_up)
			give_up = pc_deadline(RESERVE_WAIT);
		else if (pc_ticks() >= give_up) {
			errno = ENOBUFS;
			return -1;
		}
		usleep(2000);
	}
	return r;
}
