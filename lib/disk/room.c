/* room.c - how much of the disk the store takes, and who may take more.
 *
 * Behind the slots of its shards the state file says how many bytes all files
 * of the store take, and has a place for each process that is writing: what it
 * may write besides.  A put takes room first and writes then.  So the sum is
 * never too low, whichever process is killed; it is too high by what was taken
 * and not used, until it is counted again from the files, which are the truth:
 * before anything is evicted, and now and then.  A process takes a little more
 * than it needs, so that most puts look at nothing.  A process keeps its place
 * locked, so the place of one that died is known. */
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	AREA = 4032,     /* with the slots it fills two pages */
	AT_USED = 0,     /* bytes on the disk */
	AT_ADDED = 8,    /* bytes that were ever added to it */
	AT_COUNTED = 16, /* what that was when it was counted */
	AT_FIXED = 24,   /* of the bytes, those that cannot be evicted */
	AT_BOOT = 32,
	AT_NEXT = 40, /* the shard that is next to be relieved */
	AT_CHECK = 56,
	AT_PLACES = 64,
	PLACE = 8,
	BLOCK = 512,             /* what st_blocks counts in */
	ROOM_WAIT = 5000000,     /* us; holders need some us */
	AHEAD_MAX = 1024 * 1024, /* bytes that are taken in advance */
};

static const uint64_t place_used = 1ULL << 63, place_spool = 1ULL << 62;
static const uint64_t place_bytes = (1ULL << 62) - 1;

/* ---- the area ---- */

static void
check_bytes(const unsigned char *p, unsigned char out[8])
{
	struct pc_id id;

	pc_sha256(p, AT_CHECK, &id);
	memcpy(out, id.b, 8);
}

static int
valid(const struct pc_store *s, const unsigned char *p)
{
	unsigned char check[8];

	check_bytes(p, check);
	return memcmp(check, p + AT_CHECK, sizeof check) == 0 &&
	    pc_load_u64(p + AT_BOOT) == s->boot;
}

/* Take the lock and read.  0; 1: it says nothing. */
static int
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
	r = lock_range(s->state, LOCK_ROOM, RANGE_EXCLUSIVE, ROOM_WAIT);
	if (r == 1)
		errno = EAGAIN;
	if (r != 0)
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

static int
area_leave(struct pc_store *s, unsigned char p[AREA], int changed)
{
	int r = 0, e;

	if (changed) {
		check_bytes(p, p + AT_CHECK);
		r = pc_pwrite_full(s->state, p, AREA, STATE_BYTES);
	}
	e = errno;
	lock_range(s->state, LOCK_ROOM, RANGE_FREE, 0);
	errno = e;
	return r;
}

static void
add(unsigned char *p, uint64_t bytes)
{
	pc_store_u64(p, pc_load_u64(p) + bytes);
}

static uint64_t
place_read(const unsigned char *p, unsigned i)
{
	return pc_load_u64(p + AT_PLACES + i * PLACE);
}

static void
place_write(unsigned char *p, unsigned i, uint64_t value)
{
	pc_store_u64(p + AT_PLACES + i * PLACE, value);
}

static int
is_set(const unsigned char places[ROOM_PLACES / 8], unsigned i)
{
	return places[i / 8] >> i % 8 & 1;
}

/* Is that the place of a process that died? */
static int
is_dead(struct pc_store *s, const unsigned char *p, unsigned i)
{
	struct flock l = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = LOCK_PLACE + (off_t)i,
	    .l_len = 1};

	return place_read(p, i) && !is_set(s->room.mine, i) &&
	    fcntl(s->state, F_OFD_GETLK, &l) == 0 && l.l_type == F_UNLCK;
}

/* A free place, from now on this process's; -1: there is none. */
static int
place_take(struct pc_store *s, unsigned char *p, uint64_t value)
{
	for (unsigned i = 0; i < ROOM_PLACES; i++) {
		if (place_read(p, i) || is_set(s->room.mine, i) ||
		    lock_range(s->state, LOCK_PLACE + i, RANGE_EXCLUSIVE, 0) !=
			0)
			continue;
		s->room.mine[i / 8] |= (unsigned char)(1 << i % 8);
		place_write(p, i, value | place_used);
		return (int)i;
	}
	return -1;
}

static void
place_free(struct pc_store *s, unsigned char *p, unsigned i)
{
	place_write(p, i, 0);
	s->room.mine[i / 8] &= (unsigned char)~(1 << i % 8);
	lock_range(s->state, LOCK_PLACE + i, RANGE_FREE, 0);
}

static uint64_t
total(const unsigned char *p)
{
	uint64_t sum = pc_load_u64(p + AT_USED);

	for (unsigned i = 0; i < ROOM_PLACES; i++)
		sum += place_read(p, i) & place_bytes;
	return sum;
}

static uint64_t
spooled(const unsigned char *p)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < ROOM_PLACES; i++)
		if (place_read(p, i) & place_spool)
			sum += place_read(p, i) & place_bytes;
	return sum;
}

/* Have the sum know what this process has written. */
static void
settle(struct pc_store *s, unsigned char *p)
{
	struct room *m = &s->room;

	add(p + AT_USED, m->used);
	add(p + AT_ADDED, m->used);
	m->taken -= m->used < m->taken ? m->used : m->taken;
	m->used = 0;
}

/* Say what this process may write. */
static void
promise(struct pc_store *s, unsigned char *p)
{
	struct room *m = &s->room;
	const uint64_t bytes = m->taken + m->borrowed;

	if (m->place < 0 && bytes)
		m->place = place_take(s, p, bytes);
	else if (m->place >= 0)
		place_write(p, (unsigned)m->place, bytes | place_used);
	/* All places are taken: it counts as written. */
	if (m->place < 0)
		add(p + AT_USED, bytes);
}

/* ---- counting ---- */

static uint64_t
blocks(int dir, const char *name, mode_t *mode)
{
	struct stat st;

	*mode = 0;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	*mode = st.st_mode;
	return (uint64_t)st.st_blocks * BLOCK;
}

/* Add what is in a directory; of the store's own, *fixed what is in no shard.
 * -1: it cannot be read. */
static int
count_dir(struct pc_store *s, const char *name, uint64_t *sum, uint64_t *fixed)
{
	const int fd = openat(s->dir, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int r = 0, e;

	if (!d) {
		e = errno;
		if (fd >= 0)
			close(fd);
		errno = e;
		return e == ENOENT ? 0 : -1;
	}
	while (r == 0 && (entry = readdir(d))) {
		mode_t mode;
		uint64_t n = blocks(fd, entry->d_name, &mode);

		/* A shard's directory is an entry of the store's. */
		if (strcmp(entry->d_name, "..") == 0 ||
		    (!fixed && strcmp(entry->d_name, ".") == 0))
			continue;
		*sum += n;
		if (fixed && S_ISDIR(mode) && entry->d_name[0] != '.')
			r = count_dir(s, entry->d_name, sum, NULL);
		else if (fixed)
			*fixed += n;
	}
	e = errno;
	closedir(d);
	errno = e;
	return r;
}

int
room_disk(struct pc_store *s, uint64_t *sum, uint64_t *fixed)
{
	*sum = *fixed = 0;
	return count_dir(s, ".", sum, fixed);
}

int
room_count(struct pc_store *s, uint64_t *sum)
{
	unsigned char p[AREA], dead[ROOM_PLACES / 8] = {0};
	uint64_t before = 0, found, fixed;
	int r = area_enter(s, p);

	if (r < 0)
		return -1;
	/* What these have written is found.  One that dies from now on may
	 * have written where files were already counted. */
	for (unsigned i = 0; i < ROOM_PLACES; i++)
		if (is_dead(s, p, i))
			dead[i / 8] |= (unsigned char)(1 << i % 8);
	if (r == 0) {
		settle(s, p);
		promise(s, p);
		before = pc_load_u64(p + AT_ADDED);
	}
	if (area_leave(s, p, r == 0) < 0 || room_disk(s, &found, &fixed) < 0)
		return -1;
	r = area_enter(s, p);
	if (r < 0)
		return -1;
	if (r == 1) {
		memset(p, 0, AT_PLACES);
		pc_store_u64(p + AT_BOOT, s->boot);
	}
	settle(s, p);
	/* What was written meanwhile may be found or not. */
	found += pc_load_u64(p + AT_ADDED) - before;
	pc_store_u64(p + AT_USED, found);
	pc_store_u64(p + AT_COUNTED, pc_load_u64(p + AT_ADDED));
	pc_store_u64(p + AT_FIXED, fixed);
	for (unsigned i = 0; i < ROOM_PLACES; i++)
		if (is_set(dead, i) && is_dead(s, p, i))
			place_write(p, i, 0);
	promise(s, p);
	*sum = total(p);
	return area_leave(s, p, 1);
}

/* ---- taking ---- */

/* What grows by itself, as events and indexes do, is known a little later. */
static uint64_t
soft(const struct pc_store *s)
{
	return s->max ? s->max - s->max / 32 : place_bytes;
}

/* So much may be taken while room is made. */
static uint64_t
hard(const struct pc_store *s)
{
	return soft(s) + soft(s) / 20;
}

/* 0; 1: there is no room; 2: it is to be counted; 3: there can be none, if what
 * was counted last still holds. */
static int
try_take(struct pc_store *s, uint64_t bytes)
{
	struct room *m = &s->room;
	unsigned char p[AREA];
	uint64_t all, ahead = 0;
	int r = area_enter(s, p);

	if (r < 0)
		return -1;
	if (r == 1) {
		area_leave(s, p, 0);
		return 2;
	}
	settle(s, p);
	m->taken = 0;
	promise(s, p);
	all = total(p);
	/* What has no room when all else is evicted would go as soon as it is
	 * there. */
	r = pc_load_u64(p + AT_FIXED) + bytes > soft(s) ? 3
							: all + bytes > hard(s);
	if (r == 0) {
		if (all + bytes > soft(s))
			s->relieve = 1;
		else
			ahead = (soft(s) - all - bytes) / PC_SHARDS;
		m->taken = bytes + (ahead < AHEAD_MAX ? ahead : AHEAD_MAX);
		promise(s, p);
	}
	if (r == 0 && s->max && all > s->max / 2 &&
	    pc_load_u64(p + AT_ADDED) - pc_load_u64(p + AT_COUNTED) >
		s->max / 4)
		s->relieve = 1;
	if (area_leave(s, p, 1) < 0)
		return -1;
	return r;
}

/* No process counts yet, and this one need not. */
static int
take_uncounted(struct pc_store *s, uint64_t bytes)
{
	s->room.taken = s->room.used + bytes + AHEAD_MAX;
	return 0;
}

int
room_take(struct pc_store *s, uint64_t bytes)
{
	struct room *m = &s->room;
	int64_t give_up = 0;
	int counted = 0, r;
	uint64_t sum;

	if (s->relieve)
		store_relieve(s);
	if (m->taken >= m->used && m->taken - m->used >= bytes)
		return 0;
	while ((r = try_take(s, bytes)) > 0) {
		if (r == 2 && !s->max)
			return take_uncounted(s, bytes);
		if (r == 3 && counted) {
			errno = EMSGSIZE;
			return -1;
		}
		counted |= r >= 2;
		if (r >= 2)
			r = room_count(s, &sum);
		else
			r = relieve_now(s, bytes);
		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		/* Others are writing what will be theirs to evict. */
		if (!give_up)
			give_up = pc_deadline(ROOM_WAIT);
		else if (pc_ticks() >= give_up) {
			errno = ENOBUFS;
			return -1;
		}
		usleep(2000);
	}
	return r;
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
	r = total(p) + bytes > most;
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
		was = pc_load_u32(p + AT_NEXT) % PC_SHARDS;
		if (next < PC_SHARDS)
			pc_store_u32(p + AT_NEXT, next);
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
			place_free(s, p, (unsigned)m->place);
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
		*place = place_take(s, p, place_spool);
	r = *place < 0;
	if (r == 0) {
		mine = place_read(p, (unsigned)*place) & place_bytes;
		if (bytes > mine &&
		    (total(p) - mine + bytes > soft(s) ||
			spooled(p) - mine + bytes > soft(s) / 2))
			r = 1;
		else
			place_write(p, (unsigned)*place,
			    bytes | place_used | place_spool);
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
		add(p + AT_USED, stored);
		add(p + AT_ADDED, stored);
		place_free(s, p, (unsigned)*place);
		(void)area_leave(s, p, r == 0);
	}
	*place = -1;
}
