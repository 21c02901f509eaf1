/* fold.c - sum up old events, a step at a time.
 *
 * The file of sums itself says which part of which log it contains, and is
 * replaced by one rename.  So an event is either in the file or still to be
 * read from its log, never both, even if a process dies.  A log is identified
 * by its first event, so that neither a new log with the same name nor a copied
 * store is mistaken for it. */
#include "fold.h"

#include "disk/disk.h"
#include "disk/lock.h"
#include "event/event.h"
#include "fold_file.h"

#include <errno.h>
#include <string.h>

static int
log_id(int log, unsigned char id[16])
{
	unsigned char p[EVENT_BYTES];
	struct pc_id sum;

	if (pc_pread_full(log, p, sizeof p, 0) != sizeof p)
		return 1;
	pc_sha256(p, sizeof p, &sum);
	memcpy(id, sum.b, 16);
	return 0;
}

uint64_t
fold_covers(const struct fold *f, int log, uint64_t size)
{
	unsigned char id[16];

	if (log_id(log, id) != 0)
		return 0;
	for (int i = 0; i < LOGS; i++)
		if (f->logs[i].end && memcmp(f->logs[i].id, id, sizeof id) == 0)
			return f->logs[i].end < size ? f->logs[i].end : size;
	return 0;
}

struct adding {
	struct pc_tally *tally;
	uint64_t events;
};

static int
add_event(void *ctx, const struct pc_event *e)
{
	struct adding *a = ctx;

	a->events++;
	return pc_tally_add(a->tally, e);
}

/* Sum up the logs up to number last, at most max bytes of each.  1: some of it
 * remains. */
static int
sum_up(struct pc_store *s, int last, uint64_t max, uint64_t *events)
{
	struct fold f;
	struct adding adding = {.tally = &f.tally};
	uint64_t sizes[LOGS];
	struct fold_log now[LOGS] = {0};
	int logs[LOGS], r, left = 0, moved = 0;

	r = fold_read_or_set_aside(s, &f);
	if (r == 0)
		r = event_open(s, logs, sizes);
	if (r < 0)
		goto out;
	for (int i = 0; i < LOGS && r == 0; i++) {
		uint64_t to;

		if (!sizes[i] || log_id(logs[i], now[i].id) != 0)
			continue;
		now[i].end = fold_covers(&f, logs[i], sizes[i]);
		if (i > last)
			continue;
		to = sizes[i] - now[i].end > max ? now[i].end + max : sizes[i];
		left |= to < sizes[i];
		moved |= to > now[i].end;
		r = event_scan(logs[i], &now[i].end, to, add_event, &adding);
	}
	event_close(logs);
	memcpy(f.logs, now, sizeof now);
	if (r == 0 && moved)
		r = fold_write(s, &f, !left);
	if (r == 0 && events)
		*events = adding.events;
out:
	fold_clear(&f);
	return r == 0 ? left : r;
}

/* Is all of the old log summed up?  The file's check is not read: if its
 * beginning is wrong, a step finds nothing to do, or reads the whole file and
 * finds the damage. */
static int
old_is_done(struct pc_store *s)
{
	struct fold f = {0};
	uint64_t sizes[LOGS];
	int logs[LOGS], done;

	if (event_open(s, logs, sizes) < 0)
		return 0;
	done = sizes[LOG_OLD] < EVENT_BYTES ||
	    (fold_read_logs(s, f.logs) == 0 &&
		sizes[LOG_OLD] -
			fold_covers(&f, logs[LOG_OLD], sizes[LOG_OLD]) <
		    EVENT_BYTES);
	event_close(logs);
	return done;
}

int
fold_step(struct pc_store *s)
{
	if (old_is_done(s))
		return 0;
	return sum_up(s, LOG_OLD, FOLD_STEP, NULL);
}

int
pc_event_fold(struct pc_store *s, uint64_t *events)
{
	int r, e;

	if (events)
		*events = 0;
	if (s->flags & PC_STORE_READ_ONLY) {
		errno = EROFS;
		return -1;
	}
	r = lock_range(s->state, LOCK_FOLD, RANGE_EXCLUSIVE, 0);
	if (r != LOCK_TAKEN)
		return r;
	r = sum_up(s, LOG_LIVE, UINT64_MAX, events);
	e = errno;
	lock_range(s->state, LOCK_FOLD, RANGE_FREE, 0);
	errno = e;
	return r;
}
