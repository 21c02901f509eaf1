/* history.c - what was recorded of memory: by stage and by component. */
#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 16 }; /* of a row's time line */

struct row {
	char name[PC_STAGE_MAX + 1];
	uint64_t runs;
	uint64_t peak, least; /* KiB */
	double sum;           /* KiB */
	double took;          /* us */
	uint64_t started, reused, idle;
	int64_t first, later; /* us; see pc_run */
	struct pc_run last;   /* the newest of the record of runs */
	unsigned measured;    /* of those, by which ways: bits */
	uint32_t bins[BINS];  /* the peak of each part of the time */
};

struct table {
	struct cli *c;
	const struct history *h;
	struct row *rows;
	size_t count, cap;
	int64_t from, to;
};

static struct row *
row_of(struct table *t, const char *name)
{
	struct row *rows;

	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->rows[i].name, name) == 0)
			return &t->rows[i];
	if (t->count == t->cap) {
		rows = realloc(t->rows,
		    (t->cap ? 2 * t->cap : 16) * sizeof *rows);
		if (!rows)
			return NULL;
		t->rows = rows;
		t->cap = t->cap ? 2 * t->cap : 16;
	}
	t->rows[t->count] = (struct row){.runs = 0};
	snprintf(t->rows[t->count].name, sizeof t->rows->name, "%s", name);
	return &t->rows[t->count++];
}

static void
add_bin(const struct table *t, struct row *r, int64_t when, uint64_t kib)
{
	const int64_t span = t->to - t->from;
	int64_t bin = span > 0 ? (when - t->from) / (span / BINS + 1) : 0;

	bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
	if (kib > r->bins[bin])
		r->bins[bin] = (uint32_t)kib;
}

/* So many runs of one peak. */
static void
add_runs(struct row *r, uint64_t kib, uint64_t times)
{
	if (kib > r->peak)
		r->peak = kib;
	if (r->runs == 0 || kib < r->least)
		r->least = kib;
	r->sum += (double)kib * (double)times;
	r->runs += times;
}

static struct row *
need_row(struct table *t, const char *name)
{
	struct row *r = row_of(t, name);

	if (!r)
		cli_die(t->c, "%s", strerror(ENOMEM));
	return r;
}

/* A failed command held memory too. */
static int
is_run(const struct pc_sum *s)
{
	return s->peaks.total > 0 &&
	    (s->kind == PC_EVENT_COMPUTE || s->kind == PC_EVENT_ERROR);
}

static void
take_sum(struct table *t, const struct pc_sum *s)
{
	uint64_t kib, times;
	uint32_t at = 0;
	struct row *r;

	/* Those of pc-memstat are the commands of the other record. */
	if (!is_run(s) || (t->h->stage && strcmp(t->h->stage, s->stage) != 0) ||
	    (t->h->by_component && s->program == PC_PROGRAM_MEMSTAT))
		return;
	r = need_row(t,
	    t->h->by_component ? pc_program_name(s->program) : s->stage);
	while ((kib = pc_histogram_each(&s->peaks, &at, &times)), times > 0)
		add_runs(r, kib < s->peaks.max ? kib : s->peaks.max, times);
	if (s->peaks.max > r->peak)
		r->peak = s->peaks.max;
	r->took += (double)s->duration / (double)s->count *
	    (double)s->peaks.total;
	add_bin(t, r, s->last, s->peaks.max);
}

static int
take_memory(void *ctx, const struct pc_run *m)
{
	struct table *t = ctx;
	struct row *r;

	if (m->when < t->h->since ||
	    (t->h->stage && strcmp(t->h->stage, m->stage) != 0))
		return 0;
	r = need_row(t,
	    t->h->by_component ? pc_run_part_name(m->part) : m->stage);
	if (t->h->by_component) {
		add_runs(r, m->peak_kib, 1);
		add_bin(t, r, m->when, m->peak_kib);
		r->took += (double)m->duration;
	}
	r->started += m->started;
	r->reused += m->reused;
	r->idle += m->idle;
	r->first += m->first;
	r->later += m->later;
	if (m->when >= r->last.when)
		r->last = *m;
	r->measured |= 1u << m->measured;
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->name,
	    ((const struct row *)b)->name);
}

/* Summed up or not; of a damaged sum what is left. */
static void
read_events(struct cli *c, struct pc_tally *tally)
{
	int r = pc_tally_read(c->store, tally);

	if (r < 0)
		cli_store_die(c, "read what was recorded");
	if (r > 0 && !c->quiet)
		cli_warn(c,
		    "old events are missing: their summary is damaged, or a newer pc wrote it");
}

static void
read_all(struct cli *c, struct table *t)
{
	/* us; what is shorter is drawn by the hour */
	const int64_t days = 3 * 24 * 3600 * INT64_C(1000000);
	struct pc_tally tally = {.by = PC_BY_STAGE | PC_BY_PROGRAM,
	    .since = t->h->since};

	t->c = c;
	t->to = pc_now();
	t->from = t->h->since ? t->h->since : t->to;
	if (!c->store)
		return;
	tally.by |= t->h->since && t->to - t->from < days ? PC_BY_HOUR
							  : PC_BY_DAY;
	read_events(c, &tally);
	for (size_t i = 0; !t->h->since && i < tally.count; i++)
		if (is_run(&tally.sums[i]) && tally.sums[i].first < t->from)
			t->from = tally.sums[i].first;
	for (size_t i = 0; i < tally.count; i++)
		take_sum(t, &tally.sums[i]);
	pc_tally_clear(&tally);
	if (pc_run_each(c->store, 0, take_memory, t) < 0)
		cli_store_die(c, "read what was recorded");
	if (t->count)
		qsort(t->rows, t->count, sizeof *t->rows, by_name);
}

/* ---- forms ---- */

static double
mib(double kib)
{
	return kib / 1024;
}

static double
average(const struct row *r)
{
	return r->runs ? r->sum / (double)r->runs : 0;
}

/* Seconds: had each use made a worker or connection of its own, it would have
 * taken as long as a first one. */
static double
saved(const struct row *r)
{
	double one;

	if (!r->started || !r->reused)
		return 0;
	one = (double)r->first / (double)r->started -
	    (double)r->later / (double)r->reused;
	return one > 0 ? one * (double)r->reused / 1e6 : 0;
}

static void
print_stages(const struct table *t)
{
	printf("%-16s %6s %8s %8s %8s %8s  %s\n", "STAGE", "RUNS", "PEAK MB",
	    "MEAN MB", "LEAST MB", "TIME s", "OVER TIME");
	for (size_t i = 0; i < t->count; i++) {
		const struct row *r = &t->rows[i];
		struct pc_buf line = {0};

		if (!r->runs)
			continue;
		sparkline(&line, r->bins, BINS, BINS);
		printf("%-16.16s %6llu %8.1f %8.1f %8.1f %8.2f  %s\n",
		    r->name[0] ? r->name : "-", (unsigned long long)r->runs,
		    mib((double)r->peak), mib(average(r)),
		    mib((double)r->least), r->took / 1e6 / (double)r->runs,
		    line.failed ? "" : (char *)line.data);
		pc_buf_clear(&line);
	}
}

static void
print_components(const struct table *t)
{
	printf("%-12s %5s %7s %7s %8s %7s %7s %6s %8s\n", "COMPONENT", "RUNS",
	    "PEAK MB", "MEAN MB", "LEAST MB", "STARTED", "REUSED", "IDLE",
	    "SAVED s");
	for (size_t i = 0; i < t->count; i++) {
		const struct row *r = &t->rows[i];

		printf("%-12.12s %5llu %7.1f %7.1f %8.1f %7llu %7llu %6llu "
		       "%8.2f\n",
		    r->name, (unsigned long long)r->runs, mib((double)r->peak),
		    mib(average(r)), mib((double)r->least),
		    (unsigned long long)r->started,
		    (unsigned long long)r->reused, (unsigned long long)r->idle,
		    saved(r));
	}
}

/* Of the newest run: what it found in use, had, left and gave back. */
static void
last_json(struct pc_buf *b, const struct row *r)
{
	const struct pc_run *m = &r->last;

	pc_json_begin_array(b, "measured");
	for (unsigned i = 1; i < PC_MEASURES; i++)
		if (r->measured & 1u << i)
			pc_json_add_text(b, NULL, pc_measured_name(i));
	pc_json_end_array(b);
	if (!m->when)
		return;
	pc_json_begin_object(b, "last");
	pc_json_add_fixed(b, "time", (double)m->when / 1e6, 3);
	pc_json_add_fixed(b, "duration_s", (double)m->duration / 1e6, 6);
	pc_json_add_uint(b, "peak_kib", m->peak_kib);
	/* A helper is gone with all it had. */
	pc_json_add_uint(b, "freed_kib",
	    m->part == PC_RUN_COMMAND ? m->freed_kib : m->peak_kib);
	if (m->start_kib && m->end_kib) {
		pc_json_add_uint(b, "start_kib", m->start_kib);
		pc_json_add_uint(b, "end_kib", m->end_kib);
	}
	pc_json_end_object(b);
}

static void
row_json(struct pc_buf *b, const struct row *r, const char *what)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, what, r->name);
	pc_json_add_uint(b, "runs", r->runs);
	pc_json_add_uint(b, "peak_kib", r->peak);
	pc_json_add_fixed(b, "avg_kib", average(r), 1);
	pc_json_add_uint(b, "valley_kib", r->least);
	pc_json_add_fixed(b, "avg_duration_s",
	    r->runs ? r->took / 1e6 / (double)r->runs : 0, 6);
	pc_json_add_uint(b, "started", r->started);
	pc_json_add_uint(b, "reused", r->reused);
	pc_json_add_uint(b, "idle", r->idle);
	pc_json_add_fixed(b, "first_s", (double)r->first / 1e6, 6);
	pc_json_add_fixed(b, "later_s", (double)r->later / 1e6, 6);
	pc_json_add_fixed(b, "saved_s", saved(r), 6);
	pc_json_begin_array(b, "history_kib");
	for (int i = 0; i < BINS; i++)
		pc_json_add_uint(b, NULL, r->bins[i]);
	pc_json_end_array(b);
	last_json(b, r);
	pc_json_end_object(b);
}

static void
print_json(struct cli *c, const struct table *t)
{
	const int parts = t->h->by_component;
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_fixed(&b, "from", (double)t->from / 1e6, 3);
	pc_json_add_fixed(&b, "to", (double)t->to / 1e6, 3);
	pc_json_begin_array(&b, parts ? "components" : "stages");
	for (size_t i = 0; i < t->count; i++)
		row_json(&b, &t->rows[i], parts ? "component" : "stage");
	pc_json_end_array(&b);
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	memstat_print(c, &b);
}

void
history_print(struct cli *c, const struct history *h)
{
	struct table t = {.h = h};

	read_all(c, &t);
	if (h->json)
		print_json(c, &t);
	else if (h->by_component)
		print_components(&t);
	else
		print_stages(&t);
	free(t.rows);
}

void
history_report(struct cli *c, const struct history *h)
{
	struct table t = {.h = h};
	struct pc_buf b = {0};
	double kib = 0, took = 0;
	uint64_t runs = 0;

	read_all(c, &t);
	for (size_t i = 0; i < t.count; i++) {
		kib += t.rows[i].sum;
		took += t.rows[i].took;
		runs += t.rows[i].runs;
	}
	free(t.rows);
	pc_json_begin_object(&b, NULL);
	pc_json_add_text(&b, "status", runs ? "ok" : "no_data");
	if (runs) {
		pc_json_add_fixed(&b, "avg_memory_usage_mb",
		    mib(kib / (double)runs), 3);
		pc_json_add_fixed(&b, "avg_processing_time_s",
		    took / 1e6 / (double)runs, 6);
		pc_json_add_uint(&b, "total_measurements", runs);
	}
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	memstat_print(c, &b);
}

uint64_t
history_peak(struct cli *c, const char *stage)
{
	struct pc_tally tally = {.by = PC_BY_STAGE};
	uint64_t most = 0;

	if (!c->store)
		return 0;
	read_events(c, &tally);
	for (size_t i = 0; i < tally.count; i++) {
		const struct pc_sum *s = &tally.sums[i];

		if (is_run(s) && strcmp(s->stage, stage) == 0 &&
		    s->peaks.max > most)
			most = s->peaks.max;
	}
	pc_tally_clear(&tally);
	return most * 1024;
}
