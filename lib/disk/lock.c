/* lock.c - byte-range locks on the state file.
 *
 * Open file description locks: the kernel drops them with the process, so
 * nothing is left to clean up.  No process waits in the kernel, since only a
 * signal could end such a wait. */
#include "lock.h"

#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <time.h>

enum {
	SPINS = 64,   /* tries that only yield the processor */
	NAP_MIN = 50, /* us */
	NAP_MAX = 5000,
	SHARD_WAIT = 10000000, /* us; holders need some 100 us */
};

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
			return LOCK_BUSY;
		if (wait == 0)
			return LOCK_BUSY;
		if (i < SPINS) {
			sched_yield();
			continue;
		}
		t = (struct timespec){.tv_nsec = nap * 1000};
		nanosleep(&t, NULL);
		if (nap < NAP_MAX)
			nap *= 2;
	}
	return LOCK_TAKEN;
}

int
lock_wait(struct pc_store *s, uint64_t at, int how, int64_t wait)
{
	int r = lock_range(s->state, at, how, wait);

	if (r != LOCK_BUSY)
		return r;
	s->timed_out = wait;
	errno = EAGAIN;
	return -1;
}

int
lock_shard(struct pc_store *s, unsigned shard, int how)
{
	int64_t before;
	int r = lock_range(s->state, shard, how, 0);

	if (r != LOCK_BUSY)
		return r;
	before = pc_ticks();
	r = lock_wait(s, shard, how, SHARD_WAIT);
	s->lock_wait += pc_ticks() - before;
	return r;
}
