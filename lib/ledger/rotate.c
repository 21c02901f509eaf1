/* rotate.c - begin a new event log, once the old one is summed up.
 *
 * Each process that appends does a small part of the work: now and then it sums
 * up a part of the old log, if no other process does.  The layer below
 * (event/event.c) only appends; work that is due is done with the next event,
 * or when the store is closed. */
#include "rotate.h"

#include "disk/disk.h"
#include "disk/file.h"
#include "disk/lock.h"
#include "event/event.h"
#include "fold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	/* While a log grows to its full size, the old one is summed up in at
	 * least this many steps. */
	STEPS_MIN = 4,
	ROTATE_WAIT = 1000000, /* us; readers need some 100 us */
};

/* Sum up a step of the old log, if there is one and no other process does.
 * Begin a new log when this one is full and all of the old one is summed up:
 * it then takes the old one's name. */
static void
take_step(struct pc_store *s)
{
	const off_t max = (off_t)event_log_max(s);
	struct stat st;
	int left;

	if (lock_range(s->state, LOCK_FOLD, RANGE_EXCLUSIVE, 0) != LOCK_TAKEN)
		return;
	left = fold_step(s);
	if (fstatat(s->dir, EVENT_LIVE, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_size >= max &&
	    /* Losing events is better than filling the disk. */
	    (left == 0 || st.st_size >= 2 * max)) {
		lock_range(s->state, LOCK_ROTATE, RANGE_EXCLUSIVE, ROTATE_WAIT);
		renameat(s->dir, EVENT_LIVE, s->dir, EVENT_OLD);
		lock_range(s->state, LOCK_ROTATE, RANGE_FREE, 0);
	}
	lock_range(s->state, LOCK_FOLD, RANGE_FREE, 0);
}

/* Is a step due?  The log has size bytes, the last of which this process
 * appended without looking at the log, and n more are to be appended. */
static int
step_is_due(const struct pc_store *s, uint64_t size, size_t n)
{
	const uint64_t max = event_log_max(s);
	const uint64_t step = max / STEPS_MIN < FOLD_STEP ? max / STEPS_MIN
							  : FOLD_STEP;
	const uint64_t seen = size > s->events_ahead ? size - s->events_ahead
						     : 0;

	return size >= max || seen / step != (size + n) / step;
}

/* Open the log to which n more bytes are appended.  1: there is none. */
static int
begin(struct pc_store *s, size_t n)
{
	uint64_t size;
	const int r = event_begin(s, n, &size);
	int due;

	if (r != 0)
		return r;
	due = step_is_due(s, size, n);
	s->events_ahead = 0;
	if (!due)
		return 0;
	take_step(s);
	close(s->events);
	s->events = -1;
	return event_begin(s, 0, &size);
}

int
pc_event_add(struct pc_store *s, const struct pc_event *e)
{
	unsigned char p[EVENT_BYTES];
	const int r = begin(s, sizeof p);

	if (r != 0)
		return r < 0 ? -1 : 0;
	event_encode(e, p);
	return event_write(s, p, sizeof p);
}

void
rotate_if_due(struct pc_store *s)
{
	const int e = errno;

	if (s->events_ahead)
		(void)begin(s, 0);
	errno = e;
}

int
pc_event_reset(struct pc_store *s)
{
	enum { WAIT = 10000000 };
	int r = 0;

	if (s->flags & PC_STORE_READ_ONLY) {
		errno = EROFS;
		return -1;
	}
	if (lock_wait(s, LOCK_FOLD, RANGE_EXCLUSIVE, WAIT) < 0)
		return -1;
	lock_range(s->state, LOCK_ROTATE, RANGE_EXCLUSIVE, ROTATE_WAIT);
	if (fold_forget(s) < 0 ||
	    (unlinkat(s->dir, EVENT_OLD, 0) < 0 && errno != ENOENT))
		r = -1;
	/* Truncate the logs instead of removing them, because programs have
	 * them open. */
	if (r == 0) {
		int fd = file_open(s, STORE_TOP, EVENT_LIVE, O_WRONLY);

		if (fd < 0 ? errno != ENOENT : ftruncate(fd, 0) < 0)
			r = -1;
		if (fd >= 0)
			close(fd);
	}
	lock_range(s->state, LOCK_ROTATE, RANGE_FREE, 0);
	lock_range(s->state, LOCK_FOLD, RANGE_FREE, 0);
	return r;
}
