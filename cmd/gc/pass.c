/* pass.c - one pass over all shards.
 *
 * The long part of the work runs in a thread of the lowest priority.  Whatever
 * holds a shard's lock does not: if the scheduler stopped a thread of low
 * priority that holds a lock, all other processes would wait for it. */
#include "gc.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	/* linux/ioprio.h */
	IOPRIO_WHO = 1, /* a process, here a thread */
	IOPRIO_IDLE = 3 << 13,
	NICE = 10,
	WAIT = 60 * 1000 * 1000, /* us; for a put that compacts */
	TRIES = 8,
};

static volatile int stop_signal;
const volatile int *gc_stop = &stop_signal;
static const char *end_why, *end_part;

static void
on_stop(int signal)
{
	stop_signal = signal;
}

static void
on_end(int signal)
{
	(void)signal;
	if (end_part)
		unlink(end_part);
	if (end_why)
		(void)!write(2, end_why, strlen(end_why));
	_exit(PC_EXIT_LATER);
}

void
gc_catch_signals(void)
{
	cli_catch_signals(on_stop, 0);
}

void
gc_end_by_signals(const struct gc *g, const char *why, const char *part)
{
	end_why = g->cli->quiet ? NULL : why;
	end_part = part;
	cli_catch_signals(on_end, 0);
}

struct shard_pass {
	struct pc_compact *compact;
	int result, error;
};

static void *
work(void *arg)
{
	struct shard_pass *w = arg;

	/* If the system refuses a low priority, the pass runs all the same. */
	(void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
	(void)syscall(SYS_ioprio_set, IOPRIO_WHO, 0, IOPRIO_IDLE);
	w->result = pc_compact_copy(w->compact);
	w->error = errno;
	return NULL;
}

static int
pass_shard(struct gc *g, unsigned shard, const struct pc_compact_options *o,
    struct pc_compact_report *report)
{
	struct shard_pass w = {0};
	pthread_t thread;
	int r = pc_compact_begin(g->cli->store, shard, o, report, &w.compact);

	if (r != 0 || !w.compact)
		return r;
	if (pthread_create(&thread, NULL, work, &w) == 0)
		pthread_join(thread, NULL);
	else
		work(&w);
	errno = w.error;
	return pc_compact_end(w.compact, w.result);
}

static int
retry_shard(struct gc *g, unsigned shard, const struct pc_compact_options *o,
    struct pc_compact_report *report)
{
	const uint64_t deleted = g->deleted, bytes = g->deleted_bytes;
	struct pc_compact_report one;
	int r = PC_COMPACT_AGAIN;

	for (int i = 0; i < TRIES && r == PC_COMPACT_AGAIN; i++) {
		g->deleted = deleted;
		g->deleted_bytes = bytes;
		one = *report;
		r = pass_shard(g, shard, o, &one);
	}
	if (r == 0) {
		*report = one;
		return 0;
	}
	g->deleted = deleted;
	g->deleted_bytes = bytes;
	return r;
}

int
gc_pass(struct gc *g, const struct pc_compact_options *given,
    struct pc_compact_report *report)
{
	struct pc_compact_options o = *given;
	unsigned char left[PC_SHARDS];
	unsigned again = 0;

	o.stop = gc_stop;
	o.wait = WAIT;
	for (unsigned i = 0; i < PC_SHARDS; i++)
		left[i] = !g->shards || g->shards >> i & 1;
	/* If the disk is full, the shards that shrink most make room for the
	 * others. */
	for (int round = 0; round < 2; round++) {
		again = 0;
		for (unsigned i = 0; i < PC_SHARDS; i++) {
			int r;

			if (!left[i])
				continue;
			r = retry_shard(g, i, &o, report);
			if (r < 0 && errno == ECANCELED)
				return -1;
			if (r < 0 && pc_store_refusal(g->cli->store)) {
				gc_refused(g);
				return 0;
			}
			left[i] = r < 0 && round == 0 &&
			    (errno == ENOSPC || errno == EDQUOT);
			again += left[i];
			if (r > 0)
				g->busy++;
			if (r < 0 && !left[i]) {
				g->failed++;
				cli_warn(g->cli, "shard %02x: %s", i,
				    pc_store_error(g->cli->store, errno));
			}
			cli_progress(g->cli, i + 1, PC_SHARDS);
		}
		if (!again)
			break;
	}
	return 0;
}

void
gc_stopped(struct gc *g)
{
	if (errno != ECANCELED)
		cli_store_die(g->cli, "read the store");
	if (!g->cli->quiet)
		cli_warn(g->cli,
		    "stopped; the remaining records were not changed");
	cli_exit(g->cli, PC_EXIT_LATER);
}
