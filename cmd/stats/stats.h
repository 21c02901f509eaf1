/* stats.h - pc-stats: figures of what the cache did, and their forms. */
#ifndef STATS_H
#define STATS_H

#include "cli/cli.h"

#include "ledger.h"

/* Where hit rates, times and savings of one stage, day, hour or program, or
 * of all, stand. */
struct figures {
	char name[PC_STAGE_MAX + 1]; /* "all"; a stage, "2026-11-21", ... */
	int64_t from;                /* of a day or hour, else 0 */
	uint64_t count[PC_EVENT_KINDS];
	uint64_t hits, misses; /* look-ups, which are their sum */
	uint64_t saved;        /* us */
	uint64_t tokens_saved, tokens_spent;
	uint64_t price_saved;                 /* millionths */
	uint64_t served, put;                 /* bytes */
	uint64_t hit_us, compute_us, wait_us; /* in sum */
	struct pc_histogram hit;              /* us; hits and stale ones */
	struct pc_histogram compute;          /* us; of commands and helpers */
	struct pc_histogram wait; /* us; for locks, of those that waited */
	struct pc_histogram peak; /* KiB */
	int64_t first, last;      /* events; 0: none */
	struct pc_holding held;   /* with stats->held */
};

/* Is what is stored to be counted? */
enum entries { NO_ENTRIES, QUICK_ENTRIES, ALL_ENTRIES };

/* Logs with more bytes are not counted quickly. */
enum { ENTRIES_QUICK = 32 * 1024 * 1024 };

struct stats {
	struct cli *c;
	unsigned by;   /* one of enum pc_by */
	int64_t span;  /* us until now that count; PC_NEVER: all */
	int64_t since; /* us since the epoch; 0: all; by stats_read */
	enum entries entries;
	int terminal; /* stdout is one that may have colours */

	/* after stats_read */
	int held;              /* what is stored was counted */
	struct pc_tally tally; /* by stage, and by `by` and `also` */
	unsigned also;         /* what else a form wants to tell apart */
	struct figures *rows;  /* by `by`; sorted */
	size_t count;
	struct figures all;
};

/* ---- figures.c ---- */

/* Read events into the tally and make rows and their sum of it. */
void stats_read(struct stats *);
/* The same, but -1 with the reason when the store cannot be read. */
int stats_try(struct stats *, struct pc_error *);
void stats_clear(struct stats *);
/* Rows of a tally by stage, day, hour or program, sorted; into all, which is
 * not NULL, goes the sum.  Ends the program when there is no memory. */
struct figures *figures_make(const struct stats *, unsigned by, size_t *count,
    struct figures *all);
void figures_free(struct figures *, size_t count);
void figures_clear(struct figures *);        /* one that is not of an array */
double figures_rate(const struct figures *); /* 0 to 1 */
/* How many times quicker the median hit is than the median computing; 0: one
 * of the two is not known. */
double figures_speed_up(const struct figures *);
double figures_per_second(const struct figures *); /* look-ups */
const char *by_name(unsigned by);                  /* "stage", ... */
/* Days or hours, which show best what went on in a span of time. */
unsigned by_time(int64_t span);

/* ---- the forms, each at the end of a buffer ---- */

void form_table(const struct stats *, struct pc_buf *);
void form_json(const struct stats *, struct pc_buf *);
void form_memory_json(const struct stats *, struct pc_buf *);
void form_prometheus(const struct stats *, struct pc_buf *);
void form_html(const struct stats *, struct pc_buf *);

/* Quantities for people, in a ring of buffers: spans and counts in at most 6
 * characters, the others in 7. */
const char *human_span(uint64_t us);
const char *human_bytes(uint64_t);
const char *human_count(uint64_t);
const char *human_money(uint64_t millionths);
const char *human_rate(double per_second);

/* ---- what else there is to ask; each gives the exit status ---- */

int cgi_answer(struct stats *);
int lineage_print(struct stats *, const char *file, int json);
int targets_print(struct stats *, int json);
int baseline_compare(struct stats *, const char *file, int64_t tolerance,
    int json);
int doctor_run(struct stats *, int json);
int ghost_print(struct stats *, int json);
int stage_params_print(struct cli *, const char *stage);
int settings_print(struct cli *, int json);

/* Print a buffer, a line end after it, and free it. */
void stats_print(struct cli *, struct pc_buf *);

#endif
