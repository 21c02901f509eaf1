/* room.c - how much of the disk the store takes, and who may take more.
 *
 * The state file has the bytes that all files take, and the bytes that each
 * process may write besides (area.c).  A put reserves room before it writes.
 * So the sum is never too low, even if a process is killed.  It is too high by
 * the room that was reserved and not used, until all files are counted again:
 * before anything is evicted, and from time to time.  A process reserves a
 * little more than it needs, so most puts need not lock the area. */
#include "room.h"

enum { AHEAD_MAX = 1024 * 1024 }; /* bytes reserved in advance */

#include "area.h"
#include "disk.h"
#include "lock.h"
#include "usage.h"

#include <string.h>

/* Move what this process has written from its reserve to the sum. */
static void
settle(struct pc_store *s, unsigned char *p)
{
	struct room *m = &s->room;

	area_add(p + AREA_USED, m->used);
	area_add(p + AREA_ADDED, m->used);
	m->taken -= m->used < m->taken ? m->used : m->taken;
	m->used = 0;
}

/* Enter what this process may write in its place. */
static void
promise(struct pc_store *s, unsigned char *p)
{
	struct room *m = &s->room;
	const uint64_t bytes = m->taken + m->borrowed;

	if (m->place < 0 && bytes)
		m->place = area_take_place(s, p, bytes);
	else if (m->place >= 0)
		area_set_place(p, (unsigned)m->place, bytes | PLACE_USED);
	/* If no place is free, count the bytes as written. */
	if (m->place < 0)
		area_add(p + AREA_USED, bytes);
}

/* ---- counting ---- */

int
room_count(struct pc_store *s, uint64_t *sum)
{
	unsigned char p[AREA], dead[ROOM_PLACES / 8] = {0};
	uint64_t before = 0, found, fixed;
	int r = area_enter(s, p);

	if (r < 0)
		return -1;
	/* The count includes what dead processes have written.  If one dies
	 * during the count, its files may have been counted before it wrote, so
	 * its place is kept. */
	for (unsigned i = 0; i < ROOM_PLACES; i++)
		if (area_is_dead(s, p, i))
			dead[i / 8] |= (unsigned char)(1 << i % 8);
	if (r == 0) {
		settle(s, p);
		promise(s, p);
		before = pc_decode_u64(p + AREA_ADDED);
	}
	if (area_leave(s, p, r == 0) < 0 || usage_count(s, &found, &fixed) < 0)
		return -1;
	r = area_enter(s, p);
	if (r < 0)
		return -1;
	if (r == 1) {
		memset(p, 0, AREA_PLACES);
		pc_encode_u64(p + AREA_BOOT, s->boot);
	}
	settle(s, p);
	/* The count may have missed what was written meanwhile, so add it. */
	found += pc_decode_u64(p + AREA_ADDED) - before;
	pc_encode_u64(p + AREA_USED, found);
	pc_encode_u64(p + AREA_COUNTED, pc_decode_u64(p + AREA_ADDED));
	pc_encode_u64(p + AREA_FIXED, fixed);
	for (unsigned i = 0; i < ROOM_PLACES; i++)
		if (area_is_set(dead, i) && area_is_dead(s, p, i))
			area_set_place(p, i, 0);
	promise(s, p);
	*sum = area_total(p);
	return area_leave(s, p, 1);
}

/* ---- taking ---- */

/* Leave some room for events and indexes, whose growth is counted late. */
static uint64_t
soft(const struct pc_store *s)
{
	return s->max ? s->max - s->max / 32 : PLACE_BYTES;
}

/* The limit that may be reached until records are evicted. */
static uint64_t
hard(const struct pc_store *s)
{
	return soft(s) + soft(s) / 20;
}

int
room_try(struct pc_store *s, uint64_t bytes)
{
	struct room *m = &s->room;
	unsigned char p[AREA];
	uint64_t all, ahead = 0;
	int r = area_enter(s, p);

	if (r < 0)
		return -1;
	if (r == 1) {
		area_leave(s, p, 0);
		return ROOM_UNCOUNTED;
	}
	settle(s, p);
	m->taken = 0;
	promise(s, p);
	all = area_total(p);
	/* If it does not fit even after everything else is evicted, it would be
	 * evicted at once. */
	if (pc_decode_u64(p + AREA_FIXED) + bytes > soft(s))
		r = ROOM_NEVER;
	else
		r = all + bytes > hard(s) ? ROOM_NONE : ROOM_TAKEN;
	if (r == ROOM_TAKEN) {
		if (all + bytes > soft(s))
			s->evict_due = 1;
		else
			ahead = (soft(s) - all - bytes) / PC_SHARDS;
		m->taken = bytes + (ahead < AHEAD_MAX ? ahead : AHEAD_MAX);
		promise(s, p);
	}
	if (r == ROOM_TAKEN && s->max && all > s->max / 2 &&
	    pc_decode_u64(p + AREA_ADDED) - pc_decode_u64(p + AREA_COUNTED) >
		s->max / 4)
		s->evict_due = 1;
	if (area_leave(s, p, 1) < 0)
		return -1;
	return r;
}

int
room_ready(const struct pc_store *s, uint64_t bytes)
{
	const struct room *m = &s->room;

	return m->taken >= m->used && m->taken - m->used >= bytes;
}

void
room_take_uncounted(struct pc_store *s, uint64_t bytes)
{
	s->room.taken = s->room.used + bytes + AHEAD_MAX;
}

void
room_use(struct pc_store *s, uint64_t bytes)
{
	s->room.used += bytes;
}

void
room_grow(struct pc_store *s, uint64_t bytes)
{
	struct room *m = &s->room;
	unsigned char p[AREA];
	int r;

	m->used += bytes;
	if (m->used <= m->taken || !s->max || s->flags & PC_STORE_READ_ONLY)
		return;
	r = area_enter(s, p);
	if (r < 0)
		return;
	if (r == 0) {
		settle(s, p);
		promise(s, p);
	}
	(void)area_leave(s, p, r == 0);
}

int
room_borrow(struct pc_store *s, uint64_t bytes)
{
	const uint64_t most = soft(s) + soft(s) / 12;
	unsigned char p[AREA];
	int r = area_enter(s, p);

	if (r != 0) {
		if (r > 0)
			area_leave(s, p, 0);
		return r > 0 && s->max ? 1 : 0;
	}
	settle(s, p);
	s->room.borrowed = 0;
	promise(s, p);
	r = area_total(p) + bytes > most;
	if (r == 0) {
		s->room.borrowed = bytes;
		promise(s, p);
	}
	(void)area_leave(s, p, 1);
	return r;
}

unsigned
room_next(struct pc_store *s, unsigned next)
{
	unsigned char p[AREA];
	unsigned was = 0;
	int r = area_enter(s, p);

	if (r < 0)
		return 0;
	if (r == 0) {
		was = pc_decode_u32(p + AREA_NEXT) % PC_SHARDS;
		if (next < PC_SHARDS)
			pc_encode_u32(p + AREA_NEXT, next);
	}
	(void)area_leave(s, p, r == 0 && next < PC_SHARDS);
	return was;
}

void
room_close(struct pc_store *s)
{
	struct room *m = &s->room;
	unsigned char p[AREA];

	if (m->place < 0 && !m->used)
		return;
	if (area_enter(s, p) == 0) {
		settle(s, p);
		if (m->place >= 0)
			area_free_place(s, p, (unsigned)m->place);
		(void)area_leave(s, p, 1);
	} else {
		lock_range(s->state, LOCK_ROOM, RANGE_FREE, 0);
	}
	m->place = -1;
	m->taken = m->used = m->borrowed = 0;
}

/* ---- spools ---- */

int
room_spool(struct pc_store *s, int *place, uint64_t bytes)
{
	unsigned char p[AREA];
	uint64_t mine;
	int r;

	if (!s->max)
		return 0;
	r = area_enter(s, p);
	if (r != 0) {
		if (r > 0)
			area_leave(s, p, 0);
		return r > 0;
	}
	if (*place < 0)
		*place = area_take_place(s, p, PLACE_SPOOL);
	r = *place < 0;
	if (r == 0) {
		mine = area_place(p, (unsigned)*place) & PLACE_BYTES;
		if (bytes > mine &&
		    (area_total(p) - mine + bytes > soft(s) ||
			area_spooled(p) - mine + bytes > soft(s) / 2))
			r = 1;
		else
			area_set_place(p, (unsigned)*place,
			    bytes | PLACE_USED | PLACE_SPOOL);
	}
	(void)area_leave(s, p, 1);
	return r;
}

void
room_spool_end(struct pc_store *s, int *place, uint64_t stored)
{
	unsigned char p[AREA];
	int r;

	if (*place < 0) {
		room_use(s, stored);
		return;
	}
	r = area_enter(s, p);
	if (r >= 0) {
		area_add(p + AREA_USED, stored);
		area_add(p + AREA_ADDED, stored);
		area_free_place(s, p, (unsigned)*place);
		(void)area_leave(s, p, r == 0);
	}
	*place = -1;
}
