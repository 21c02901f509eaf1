/* account.c - sum up all events of a store. */
#include "disk/disk.h"
#include "disk/lock.h"
#include "event/event.h"
#include "eventlog.h"
#include "fold.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

enum {
	THREADS = 4,
	PART_MIN = 4 * 1024 * 1024, /* bytes that are worth a thread */
	LOOK_WAIT = 1000000,        /* us */
};

/* Clocks step back, and events that are appended at the same time have no
 * order. */
static const int64_t disorder = 3600 * 1000000LL;

static int
add_event(void *ctx, const struct pc_event *e)
{
	return pc_tally_add(ctx, e);
}

/* ---- a log, by several threads ---- */

struct log_part {
	pthread_t thread;
	int fd, started, result;
	uint64_t from, to;
	struct pc_tally tally;
};

static void *
read_part(void *p)
{
	struct log_part *part = p;

	part->result = event_scan(part->fd, &part->from, part->to, add_event,
	    &part->tally);
	return NULL;
}

static int
read_log(struct pc_tally *t, int fd, uint64_t from, uint64_t to)
{
	struct log_part parts[THREADS] = {0};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t share;
	int n = 1, r = 0;

	while (n < THREADS && n < processors &&
	    (to - from) / PART_MIN > (uint64_t)n)
		n++;
	if (n == 1)
		return event_scan(fd, &from, to, add_event, t);
	share = (to - from) / (uint64_t)n;
	share -= share % EVENT_BYTES;
	for (int i = 0; i < n; i++) {
		struct log_part *p = &parts[i];

		*p = (struct log_part){.fd = fd,
		    .from = from + (uint64_t)i * share,
		    .to = i == n - 1 ? to : from + (uint64_t)(i + 1) * share,
		    .tally = {.by = t->by, .since = t->since}};
		p->started = i < n - 1 &&
		    pthread_create(&p->thread, NULL, read_part, p) == 0;
		if (!p->started)
			read_part(p);
	}
	for (int i = 0; i < n; i++) {
		struct log_part *p = &parts[i];

		if (p->started)
			pthread_join(p->thread, NULL);
		if (p->result < 0 || pc_tally_merge(t, &p->tally) < 0)
			r = -1;
		pc_tally_clear(&p->tally);
	}
	return r;
}

/* Find the place to begin so that no event later than since is missed: events
 * are roughly in the order of time. */
static uint64_t
begin_at(int fd, uint64_t size, int64_t since)
{
	uint64_t low = 0, high = size / EVENT_BYTES, mid;
	struct pc_event e;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (event_at(fd, mid * EVENT_BYTES, &e) != 0)
			return 0; /* a torn write shifted it */
		if (e.when < since - disorder)
			low = mid + 1;
		else
			high = mid;
	}
	return low * EVENT_BYTES;
}

/* Are the logs alone enough?  The sums have no hours. */
static int
logs_suffice(const struct pc_tally *t, const int logs[LOGS],
    const uint64_t sizes[LOGS])
{
	struct pc_event e;

	if (t->by & PC_BY_HOUR)
		return 1;
	if (!t->since)
		return 0;
	for (int i = 0; i < LOGS; i++)
		if (sizes[i])
			return event_at(logs[i], 0, &e) == 0 && e.when >= 0 &&
			    e.when <= t->since;
	return 0;
}

int
pc_tally_read(struct pc_store *s, struct pc_tally *t)
{
	struct fold fold;
	uint64_t sizes[LOGS];
	int logs[LOGS], folded, why, locked, r;

	/* Logs and sums are replaced together, so look at both under the
	 * lock. */
	locked = lock_range(s->state, LOCK_ROTATE, RANGE_SHARED, LOOK_WAIT);
	r = event_open(s, logs, sizes);
	why = errno;
	folded = fold_read(s, &fold);
	if (r == 0)
		why = errno;
	if (locked == LOCK_TAKEN)
		lock_range(s->state, LOCK_ROTATE, RANGE_FREE, 0);
	if (r < 0)
		goto out;
	if (logs_suffice(t, logs, sizes)) {
		for (int i = 0; i < LOGS && r == 0; i++)
			if (sizes[i])
				r = read_log(t, logs[i],
				    begin_at(logs[i], sizes[i], t->since),
				    sizes[i]);
		folded = 0;
	} else {
		r = pc_tally_merge(t, &fold.tally);
		for (int i = 0; i < LOGS && r == 0; i++)
			if (sizes[i])
				r = read_log(t, logs[i],
				    fold_covers(&fold, logs[i], sizes[i]),
				    sizes[i]);
	}
	event_close(logs);
	if (r < 0)
		why = errno;
out:
	fold_clear(&fold);
	errno = why;
	return r < 0 ? -1 : folded < 0;
}
