/* stats.h - pc-stats: what the cache did, as figures, and the formats. */
#ifndef STATS_H
#define STATS_H

#include "cli/cli.h"

#include "ledger.h"

/* The figures of one stage, day, hour or program, or of all together. */
struct figures {
	char name[PC_STAGE_MAX + 1]; /* "all"; a stage, "2026-11-21", ... */
	int64_t from;                /* of a day or hour, else 0 */
	uint64_t count[PC_EVENT_KINDS];
	uint64_t hits, misses; /* look-ups are the sum of both */
	uint64_t saved;        /* us */
	uint64_t tokens_saved, tokens_spent;
	uint64_t price_saved;                 /* millionths */
	uint64_t served, put;                 /* bytes */
	uint64_t hit_us, compute_us, wait_us; /* sums */
	struct pc_histogram hit;              /* us; hits, stale ones too */
	struct pc_histogram compute;          /* us; of commands and helpers */
	struct pc_histogram
	    wait; /* us; of the look-ups that waited for a lock */
	struct pc_histogram peak; /* KiB */
	int64_t first, last;      /* us since the epoch, of events; 0: none */
	struct pc_holding held;   /* valid if stats->held */
};

/* Whether to count the entries of the store. */
enum entries { NO_ENTRIES, QUICK_ENTRIES, ALL_ENTRIES };

/* Bytes; QUICK_ENTRIES skips a store that has a larger log. */
enum { ENTRIES_QUICK = 32 * 1024 * 1024 };

struct stats {
	struct cli *c;
	unsigned by;   /* one of enum pc_by */
	int64_t span;  /* us before now that count; PC_NEVER: all */
	int64_t since; /* us since the epoch; 0: all; set by stats_read */
	enum entries entries;
	int terminal; /* stdout is a terminal with colours */

	/* after stats_read */
	int held;              /* entries were counted */
	struct pc_tally tally; /* grouped by stage, by and also */
	unsigned also;         /* a further grouping that the format needs */
	struct figures *rows;  /* one for each group of by; sorted */
	size_t count;
	struct figures all;
};

/* ---- figures.c ---- */

/* Read the events into the tally, and make the rows and their sum. */
void stats_read(struct stats *);
/* The same; -1 with the reason if the store cannot be read. */
int stats_try(struct stats *, struct pc_error *);
void stats_clear(struct stats *);
/* Make rows, sorted, from the tally; by is stage, day, hour or program.  The
 * sum goes into all, which must not be NULL.  Ends the program if memory runs
 * out. */
struct figures *figures_make(const struct stats *, unsigned by, size_t *count,
    struct figures *all);
void figures_free(struct figures *, size_t count);
void figures_clear(struct figures *);        /* one outside an array */
double figures_rate(const struct figures *); /* 0 to 1 */
/* How many times faster the median hit is than the median computation; 0: one
 * of the two is unknown. */
double figures_speed_up(const struct figures *);
double figures_per_second(const struct figures *); /* look-ups in 1 s */
const char *by_name(unsigned by);                  /* "stage", ... */
/* Days or hours, whichever suits a chart of this time span. */
unsigned by_time(int64_t span);

/* ---- the forms, each at the end of a buffer ---- */

void form_table(const struct stats *, struct pc_buf *);
void form_json(const struct stats *, struct pc_buf *);
void form_memory_json(const struct stats *, struct pc_buf *);
void form_prometheus(const struct stats *, struct pc_buf *);
void form_html(const struct stats *, struct pc_buf *);

/* Quantities in a few characters, in one of several static buffers that are
 * used in turn: times and counts take at most 6 characters, the others 7. */
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

/* Print the buffer and a line end, and free it. */
void stats_print(struct cli *, struct pc_buf *);

#endif
