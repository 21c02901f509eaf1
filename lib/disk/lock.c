/* lock.c - byte-range locks on the state file.
 *
 * Open file description locks: the kernel drops them with the process, so
 * nothing is ever left to clean up.  Nobody waits in the kernel, since such a
 * wait could not be bounded without a signal. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	SPINS = 64,   /* tries that only yield the processor */
	NAP_MIN = 50, /* us */
	NAP_MAX = 5000,
	SHARD_WAIT = 10000000, /* us; holders need some 100 us */
};

/* Flights lie above all that the file could ever hold. */
static const uint64_t flight_base = 1ULL << 62;

int
lock_range(int fd, uint64_t at, int how, int64_t wait)
{
	static const short types[] = {F_RDLCK, F_WRLCK, F_UNLCK};
	struct flock l = {.l_type = types[how],
	    .l_whence = SEEK_SET,
	    .l_start = (off_t)at,
	    .l_len = 1};
	int64_t nap = NAP_MIN, give_up = 0;

	for (unsigned i = 0; fcntl(fd, F_OFD_SETLK, &l) < 0; i++) {
		struct timespec t;

		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EACCES)
			return -1;
		if (!give_up)
			give_up = pc_deadline(wait);
		else if (pc_ticks() >= give_up)
			return 1;
		if (wait == 0)
			return 1;
		if (i < SPINS) {
			sched_yield();
			continue;
		}
		t = (struct timespec){.tv_nsec = nap * 1000};
		nanosleep(&t, NULL);
		if (nap < NAP_MAX)
			nap *= 2;
	}
	return 0;
}

int
lock_wait(struct pc_store *s, uint64_t at, int how, int64_t wait)
{
	int r = lock_range(s->state, at, how, wait);

	if (r != 1)
		return r;
	s->timed_out = wait;
	errno = EAGAIN;
	return -1;
}

const char *
pc_store_error(struct pc_store *s, int error)
{
	char *text;

	if (error == EBUSY)
		return "other processes keep changing it; try again";
	if (s && error == EPERM && pc_store_refusal(s))
		return pc_store_refusal(s);
	/* No other call on a store gives these. */
	if (error == EMSGSIZE)
		return "it is larger than caching.max_bytes allows";
	if (error == ENOBUFS)
		return "there is no room for it below caching.max_bytes, and "
		       "nothing more can be evicted";
	if (!s || error != EAGAIN)
		return strerror(error);
	if (asprintf(&text,
		"another process has locked store '%s' for more "
		"than %lld s; try again ('fuser -v %s/state' "
		"lists its users)",
		s->path, (long long)(s->timed_out / 1000000), s->path) < 0)
		return "another process has locked the store; try again";
	free(s->error);
	s->error = text;
	return text;
}

int
lock_shard(struct pc_store *s, unsigned shard, int how)
{
	int64_t before;
	int r = lock_range(s->state, shard, how, 0);

	if (r != 1)
		return r;
	before = pc_ticks();
	r = lock_wait(s, shard, how, SHARD_WAIT);
	s->lock_wait += pc_ticks() - before;
	return r;
}

static uint64_t
flight_place(const struct pc_id *key)
{
	return flight_base | (pc_load_u64(key->b) & (flight_base - 1));
}

int
pc_flight_take(struct pc_store *s, const struct pc_id *key, int64_t wait)
{
	int64_t before = pc_ticks();
	int r = lock_range(s->state, flight_place(key), RANGE_EXCLUSIVE, wait);

	if (pc_ticks() - before > NAP_MIN)
		s->lock_wait += pc_ticks() - before;
	return r;
}

void
pc_flight_land(struct pc_store *s, const struct pc_id *key)
{
	lock_range(s->state, flight_place(key), RANGE_FREE, 0);
	store_relieve(s);
}

void
lock_land(struct pc_store *s)
{
	/* A length of 0 is all that follows. */
	struct flock l = {.l_type = F_UNLCK,
	    .l_whence = SEEK_SET,
	    .l_start = (off_t)flight_base};

	(void)fcntl(s->state, F_OFD_SETLK, &l);
}
