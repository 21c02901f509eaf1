/* ledger.h - what events and runs come to: histograms, sums, memory.  Part of
 * libpc's public interface; see pc.h for its conventions. */
#ifndef PC_LEDGER_H
#define PC_LEDGER_H

#include "pc.h"

/* ---- histograms (histogram.c) ----------------------------------------- */

/* How often values were met, in buckets that are at most 1/64 of their values
 * wide.  All zero is a valid, empty one. */
struct pc_histogram {
	uint64_t *count;   /* owned */
	uint32_t first, n; /* the buckets that count is of */
	uint64_t total;
	uint64_t max; /* exact */
};

int pc_histogram_add(struct pc_histogram *, uint64_t value, uint64_t times);
int pc_histogram_merge(struct pc_histogram *into, const struct pc_histogram *);
/* The nearest-rank percentile, within 0.8 %, exact below 128; 0 if empty. */
uint64_t pc_histogram_percentile(const struct pc_histogram *, double percent);
/* Step through the buckets: the middle of the next one in which there is
 * something, and how much; count 0 at the end.  *at starts at 0. */
uint64_t pc_histogram_each(const struct pc_histogram *, uint32_t *at,
    uint64_t *count);
void pc_histogram_clear(struct pc_histogram *);

/* ---- sums of events (tally.c, account.c, fold.c) ----------------------- */

/* What events are told apart by, beside their kinds.  Days and hours are
 * those of UTC. */
enum pc_by {
	PC_BY_STAGE = 1,
	PC_BY_PROGRAM = 2,
	PC_BY_DAY = 4,  /* of old events only the month is known */
	PC_BY_HOUR = 8, /* of the newest million or two events only */
};

/* Events of one group and kind, in sum.  Sums stay at their largest value
 * rather than overflow. */
struct pc_sum {
	int64_t from, to; /* the group's hour, day or month; else 0 */
	char stage[PC_STAGE_MAX + 1];
	enum pc_program program;
	enum pc_event_kind kind;
	uint64_t count;
	int64_t first, last; /* when the earliest and the latest was */
	uint64_t duration, lock_wait, saved; /* us */
	uint64_t bytes, tokens, price;
	struct pc_histogram durations;
	struct pc_histogram waits; /* for locks, of those that waited */
	struct pc_histogram peaks; /* KiB, of those that know it */
};

struct pc_tally {
	unsigned by;   /* enum pc_by; set before, as is */
	int64_t since; /* what was earlier is left out, 0: nothing is; where
			* only the day or month is known, a whole one counts */
	struct pc_sum *sums; /* owned; in no order */
	size_t count, cap;
	struct pc_set groups;          /* places in sums */
	uint32_t last[PC_EVENT_KINDS]; /* where each kind was last added */
	int64_t now;
};

/* Add one event.  With too many groups the rest is of no stage and time. */
int pc_tally_add(struct pc_tally *, const struct pc_event *);
int pc_tally_merge(struct pc_tally *into, const struct pc_tally *);
void pc_tally_clear(struct pc_tally *); /* by and since stay */

/* Add all events that the store knows of, summed up or not, each once.  1:
 * what was summed up is damaged, or of a newer format (EPROTONOSUPPORT), and
 * is missing. */
int pc_tally_read(struct pc_store *, struct pc_tally *);

/* Sum up all events there are by stage, program and day, for good: the logs
 * may go then.  Whatever is killed meanwhile, each counts once.  *events (or
 * NULL) is how many were added.  1: another process does so already; -1
 * EROFS, EPROTONOSUPPORT: a newer pc has. */
int pc_event_fold(struct pc_store *, uint64_t *events);

/* ---- memory of runs (runs.c) ------------------------------------------ */

/* What of a run a record is about; the numbers are on the disk. */
enum pc_run_part {
	PC_RUN_COMMAND = 1, /* of pc-memstat run: all its processes */
	PC_RUN_DOC,         /* workers of pc-doc */
	PC_RUN_TESSERACT,   /* workers of pc-tesseract */
	PC_RUN_HTTP,        /* pc-http, and its connections */
	PC_RUN_ENGINE,      /* pc-infer's --engine-cmd */
	PC_RUN_TOOLS,       /* qpdf, img2pdf, pdftohtml of pc-ocr */
	PC_RUN_PARTS,
};

/* How a peak was known. */
enum pc_measured {
	PC_MEASURED_UNTOLD,
	PC_MEASURED_CGROUP2, /* memory.peak, without files that were read */
	PC_MEASURED_CGROUP1, /* memory.max_usage_in_bytes; the same */
	PC_MEASURED_SAMPLES, /* of proportional shares, again and again */
	PC_MEASURED_RUSAGE,  /* wait4(2): the largest process alone */
	PC_MEASURES
};

/* One part of one run that computed something; what only found results
 * leaves none. */
struct pc_run {
	int64_t when; /* 0: now */
	enum pc_program program;
	enum pc_run_part part;
	char stage[PC_STAGE_MAX + 1]; /* "" for none */
	int64_t duration;             /* us, of the run */
	uint32_t start_kib; /* used of the machine before; 0: not known */
	uint32_t end_kib;   /* and after */
	uint32_t peak_kib;  /* of the largest worker; of a command, of all */
	uint32_t freed_kib; /* of a command's peak, not held at its end */
	enum pc_measured measured;
	uint32_t started; /* workers, or connections made */
	uint32_t reused;  /* uses of one that was there already */
	uint32_t idle;    /* of them without work at the end */
	int64_t first;    /* us of their first uses, in sum */
	int64_t later;    /* and of the others */
};

/* One write, no lock; as pc_event_add(). */
int pc_run_add(struct pc_store *, const struct pc_run *);
/* Call each for every record, oldest first.  With newest > 0 only about that
 * many bytes at the end are read. */
int pc_run_each(struct pc_store *, uint64_t newest,
    int (*each)(void *ctx, const struct pc_run *), void *ctx);
const char *pc_run_part_name(enum pc_run_part); /* "pc-doc", ... */
const char *pc_measured_name(enum pc_measured); /* "sampled", ... */

#endif
