/* area.c - how much of the disk the store uses, as the state file has it behind
 * the slots: the bytes that all files take, and a place for each process that
 * is writing, with the bytes that it may still write.
 *
 * A process keeps its place locked.  If a place is not locked, its process has
 * died. */
#include "area.h"

#include "disk.h"
#include "lock.h"
#include "owner.h"
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum {
	PLACE = 8,
	AREA_WAIT = 5000000, /* us; holders need some us */
};

static void
check_bytes(const unsigned char *p, unsigned char out[8])
{
	struct pc_id id;

	pc_sha256(p, AREA_CHECK, &id);
	memcpy(out, id.b, 8);
}

static int
valid(const struct pc_store *s, const unsigned char *p)
{
	unsigned char check[8];

	check_bytes(p, check);
	return memcmp(check, p + AREA_CHECK, sizeof check) == 0 &&
	    pc_decode_u64(p + AREA_BOOT) == s->boot;
}

int
area_enter(struct pc_store *s, unsigned char p[AREA])
{
	ssize_t n;
	int r;

	if (s->flags & PC_STORE_READ_ONLY) {
		errno = EROFS;
		return -1;
	}
	if (owner_refused(s))
		return -1;
	r = lock_range(s->state, LOCK_ROOM, RANGE_EXCLUSIVE, AREA_WAIT);
	if (r == LOCK_BUSY)
		errno = EAGAIN;
	if (r != LOCK_TAKEN)
		return -1;
	n = pc_pread_full(s->state, p, AREA, STATE_BYTES);
	if (n < 0) {
		const int e = errno;

		lock_range(s->state, LOCK_ROOM, RANGE_FREE, 0);
		errno = e;
		return -1;
	}
	memset(p + n, 0, (size_t)(AREA - n));
	return !valid(s, p);
}

int
area_leave(struct pc_store *s, unsigned char p[AREA], int changed)
{
	int r = 0, e;

	if (changed) {
		check_bytes(p, p + AREA_CHECK);
		r = pc_pwrite_full(s->state, p, AREA, STATE_BYTES);
	}
	e = errno;
	lock_range(s->state, LOCK_ROOM, RANGE_FREE, 0);
	errno = e;
	return r;
}

void
area_add(unsigned char *p, uint64_t bytes)
{
	pc_encode_u64(p, pc_decode_u64(p) + bytes);
}

uint64_t
area_place(const unsigned char *p, unsigned i)
{
	return pc_decode_u64(p + AREA_PLACES + i * PLACE);
}

void
area_set_place(unsigned char *p, unsigned i, uint64_t value)
{
	pc_encode_u64(p + AREA_PLACES + i * PLACE, value);
}

int
area_is_set(const unsigned char *places, unsigned i)
{
	return places[i / 8] >> i % 8 & 1;
}

int
area_is_dead(struct pc_store *s, const unsigned char *p, unsigned i)
{
	struct flock l = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = LOCK_PLACE + (off_t)i,
	    .l_len = 1};

	return area_place(p, i) && !area_is_set(s->room.mine, i) &&
	    fcntl(s->state, F_OFD_GETLK, &l) == 0 && l.l_type == F_UNLCK;
}

int
area_take_place(struct pc_store *s, unsigned char *p, uint64_t value)
{
	for (unsigned i = 0; i < ROOM_PLACES; i++) {
		if (area_place(p, i) || area_is_set(s->room.mine, i) ||
		    lock_range(s->state, LOCK_PLACE + i, RANGE_EXCLUSIVE, 0) !=
			LOCK_TAKEN)
			continue;
		s->room.mine[i / 8] |= (unsigned char)(1 << i % 8);
		area_set_place(p, i, value | PLACE_USED);
		return (int)i;
	}
	return -1;
}

void
area_free_place(struct pc_store *s, unsigned char *p, unsigned i)
{
	area_set_place(p, i, 0);
	s->room.mine[i / 8] &= (unsigned char)~(1 << i % 8);
	lock_range(s->state, LOCK_PLACE + i, RANGE_FREE, 0);
}

uint64_t
area_total(const unsigned char *p)
{
	uint64_t sum = pc_decode_u64(p + AREA_USED);

	for (unsigned i = 0; i < ROOM_PLACES; i++)
		sum += area_place(p, i) & PLACE_BYTES;
	return sum;
}

uint64_t
area_spooled(const unsigned char *p)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < ROOM_PLACES; i++)
		if (area_place(p, i) & PLACE_SPOOL)
			sum += area_place(p, i) & PLACE_BYTES;
	return sum;
}
