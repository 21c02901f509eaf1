/* ledger.h - statistics of events and runs: histograms, sums, memory.  Part of
 * libpc's public interface; see pc.h for its conventions. */
#ifndef PC_LEDGER_H
#define PC_LEDGER_H

#include "pc.h"

/* ---- histograms (histogram.c) ----------------------------------------- */

/* Counts values in buckets; the width of a bucket is at most 1/64 of its
 * values.  All zero is a valid, empty one. */
struct pc_histogram {
	uint64_t *count;   /* owned */
	uint32_t first, n; /* count has n buckets from this one */
	uint64_t total;
	uint64_t max; /* exact */
};

int pc_histogram_add(struct pc_histogram *, uint64_t value, uint64_t times);
int pc_histogram_merge(struct pc_histogram *into, const struct pc_histogram *);
/* The nearest-rank percentile, exact below 128, else within 0.8 %; 0 if
 * empty. */
uint64_t pc_histogram_percentile(const struct pc_histogram *, double percent);
/* Step through the buckets that are not empty: returns the middle of the next
 * one, with the number of its values in *count; 0 at the end.  *at starts at
 * 0. */
uint64_t pc_histogram_each(const struct pc_histogram *, uint32_t *at,
    uint64_t *count);
void pc_histogram_clear(struct pc_histogram *);

/* ---- sums of events (tally.c, account.c, fold.c) ----------------------- */

/* By what, besides their kind, events are grouped.  Days and hours are in
 * UTC. */
enum pc_by {
	PC_BY_STAGE = 1,
	PC_BY_PROGRAM = 2,
	PC_BY_DAY = 4,  /* old events are grouped by month */
	PC_BY_HOUR = 8, /* only for the newest 1 to 2 million events */
};

/* The sums of the events of one group and kind.  They stop at the largest value
 * instead of overflowing. */
struct pc_sum {
	int64_t from, to; /* of the group's hour, day or month; else 0 */
	char stage[PC_STAGE_MAX + 1];
	enum pc_program program;
	enum pc_event_kind kind;
	uint64_t count;
	int64_t first, last; /* times of the earliest and latest event */
	uint64_t duration, lock_wait, saved; /* us */
	uint64_t bytes, tokens, price;
	struct pc_histogram durations;
	struct pc_histogram waits; /* us, for locks, of events that waited */
	struct pc_histogram peaks; /* KiB, of events that have a peak */
};

struct pc_tally {
	/* set by the caller */
	unsigned by;   /* enum pc_by */
	int64_t since; /* ignore earlier events; 0: ignore none.  If only the
			* day or month of events is known, count it whole */
	struct pc_sum *sums; /* owned; in no order */
	size_t count, cap;
	struct pc_set groups;          /* places in sums */
	uint32_t last[PC_EVENT_KINDS]; /* place in sums where each kind was last
					  added */
	int64_t now;
};

/* Add one event.  If there are too many groups, the other events are added to
 * one without a stage and time. */
int pc_tally_add(struct pc_tally *, const struct pc_event *);
int pc_tally_merge(struct pc_tally *into, const struct pc_tally *);
void pc_tally_clear(struct pc_tally *); /* keeps by and since */

/* Add all events of the store once, from the logs and from the saved sums.  1:
 * the saved sums are damaged or have a newer format (EPROTONOSUPPORT), and are
 * missing. */
int pc_tally_read(struct pc_store *, struct pc_tally *);

/* Add all logged events to the saved sums by stage, program and day, after
 * which their logs can be deleted.  Even if a process is killed meanwhile, each
 * event counts once.  *events (may be NULL): the number of events added.  1:
 * another process is doing it; -1 EROFS; -1 EPROTONOSUPPORT: the sums have a
 * newer format. */
int pc_event_fold(struct pc_store *, uint64_t *events);

/* ---- memory of runs (runs.c) ------------------------------------------ */

/* The part of a run that a record describes; the numbers are on the disk. */
enum pc_run_part {
	PC_RUN_COMMAND = 1, /* of pc-memstat run: all its processes */
	PC_RUN_DOC,         /* workers of pc-doc */
	PC_RUN_TESSERACT,   /* workers of pc-tesseract */
	PC_RUN_HTTP,        /* pc-http, and its connections */
	PC_RUN_ENGINE,      /* pc-infer's --engine-cmd */
	PC_RUN_TOOLS,       /* qpdf, img2pdf and pc-doc of pc-ocr */
	PC_RUN_PARTS,
};

/* How a peak was measured. */
enum pc_measured {
	PC_MEASURED_UNTOLD,
	PC_MEASURED_CGROUP2, /* memory.peak, without files that were read */
	PC_MEASURED_CGROUP1, /* memory.max_usage_in_bytes; the same */
	PC_MEASURED_SAMPLES, /* of the proportional set size, at intervals */
	PC_MEASURED_RUSAGE,  /* wait4(2): the largest process alone */
	PC_MEASURES
};

/* One part of a run that computed something.  Runs with hits only have none. */
struct pc_run {
	int64_t when; /* 0: now */
	enum pc_program program;
	enum pc_run_part part;
	char stage[PC_STAGE_MAX + 1]; /* "" for none */
	int64_t duration;             /* us, of the run */
	uint32_t start_kib; /* used memory of the machine before; 0: unknown */
	uint32_t end_kib;   /* and after */
	uint32_t peak_kib;  /* of the largest worker, or of a whole command */
	uint32_t freed_kib; /* part of a command's peak, freed before its end */
	enum pc_measured measured;
	uint32_t started; /* workers, or connections made */
	uint32_t reused;  /* uses of a worker that already existed */
	uint32_t idle;    /* workers without work at the end */
	int64_t first;    /* us, sum of the workers' first uses */
	int64_t later;    /* us, sum of the later uses */
};

/* Append a record with one write(2) and no lock, as pc_event_add() does. */
int pc_run_add(struct pc_store *, const struct pc_run *);
/* Call each for every record, oldest first.  If newest is not 0, read only
 * about the newest that many bytes.  If each returns non-zero, stop and return
 * that. */
int pc_run_each(struct pc_store *, uint64_t newest,
    int (*each)(void *ctx, const struct pc_run *), void *ctx);
const char *pc_run_part_name(enum pc_run_part); /* "pc-doc", ... */
const char *pc_measured_name(enum pc_measured); /* "sampled", ... */

#endif
