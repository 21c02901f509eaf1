/* history_print.c - the history of memory as a table, and as JSON. */
#include "history.h"

#include <stdlib.h>

static double
mib(double kib)
{
	return kib / 1024;
}

/* KiB. */
static double
mean(const struct history_row *r)
{
	return r->runs ? r->sum / (double)r->runs : 0;
}

/* s that reuse saved: had each use started its own worker or connection, it
 * would have taken as long as a first one. */
static double
saved(const struct history_row *r)
{
	double one;

	if (!r->started || !r->reused)
		return 0;
	one = (double)r->first / (double)r->started -
	    (double)r->later / (double)r->reused;
	return one > 0 ? one * (double)r->reused / 1e6 : 0;
}

static void
print_stages(const struct history_table *t)
{
	printf("%-16s %6s %8s %8s %8s %8s  %s\n", "STAGE", "RUNS", "PEAK MB",
	    "MEAN MB", "LEAST MB", "TIME s", "OVER TIME");
	for (size_t i = 0; i < t->count; i++) {
		const struct history_row *r = &t->rows[i];
		struct pc_buf line = {0};

		if (!r->runs)
			continue;
		sparkline(&line, r->bins, HISTORY_BINS, HISTORY_BINS);
		printf("%-16.16s %6llu %8.1f %8.1f %8.1f %8.2f  %s\n",
		    r->name[0] ? r->name : "-", (unsigned long long)r->runs,
		    mib((double)r->peak), mib(mean(r)), mib((double)r->least),
		    r->took / 1e6 / (double)r->runs,
		    line.failed ? "" : (char *)line.data);
		pc_buf_clear(&line);
	}
}

static void
print_components(const struct history_table *t)
{
	printf("%-12s %5s %7s %7s %8s %7s %7s %6s %8s\n", "COMPONENT", "RUNS",
	    "PEAK MB", "MEAN MB", "LEAST MB", "STARTED", "REUSED", "IDLE",
	    "SAVED s");
	for (size_t i = 0; i < t->count; i++) {
		const struct history_row *r = &t->rows[i];

		printf("%-12.12s %5llu %7.1f %7.1f %8.1f %7llu %7llu %6llu "
		       "%8.2f\n",
		    r->name, (unsigned long long)r->runs, mib((double)r->peak),
		    mib(mean(r)), mib((double)r->least),
		    (unsigned long long)r->started,
		    (unsigned long long)r->reused, (unsigned long long)r->idle,
		    saved(r));
	}
}

/* Add the newest run: memory at its start, its peak, its end, and freed. */
static void
last_json(struct pc_buf *b, const struct history_row *r)
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
	/* A helper has ended, so all of its memory is free. */
	pc_json_add_uint(b, "freed_kib",
	    m->part == PC_RUN_COMMAND ? m->freed_kib : m->peak_kib);
	if (m->start_kib && m->end_kib) {
		pc_json_add_uint(b, "start_kib", m->start_kib);
		pc_json_add_uint(b, "end_kib", m->end_kib);
	}
	pc_json_end_object(b);
}

static void
row_json(struct pc_buf *b, const struct history_row *r, const char *what)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, what, r->name);
	pc_json_add_uint(b, "runs", r->runs);
	pc_json_add_uint(b, "peak_kib", r->peak);
	pc_json_add_fixed(b, "avg_kib", mean(r), 1);
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
	for (int i = 0; i < HISTORY_BINS; i++)
		pc_json_add_uint(b, NULL, r->bins[i]);
	pc_json_end_array(b);
	last_json(b, r);
	pc_json_end_object(b);
}

static void
print_json(struct cli *c, const struct history_table *t)
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
	struct history_table t = {.h = h};

	history_read(c, &t);
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
	struct history_table t = {.h = h};
	struct pc_buf b = {0};
	double kib = 0, took = 0;
	uint64_t runs = 0;

	history_read(c, &t);
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
