/* history.c - read what was recorded of memory. */
#include "history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct history_row *
row_of(struct history_table *t, const char *name)
{
	struct history_row *rows;

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
	t->rows[t->count] = (struct history_row){.runs = 0};
	snprintf(t->rows[t->count].name, sizeof t->rows->name, "%s", name);
	return &t->rows[t->count++];
}

static void
add_bin(const struct history_table *t, struct history_row *r, int64_t when,
    uint64_t kib)
{
	const int64_t span = t->to - t->from;
	int64_t bin = span > 0 ? (when - t->from) / (span / HISTORY_BINS + 1)
			       : 0;

	bin = bin < 0 ? 0 : bin >= HISTORY_BINS ? HISTORY_BINS - 1 : bin;
	if (kib > r->bins[bin])
		r->bins[bin] = (uint32_t)kib;
}

/* Add a number of runs with the same peak. */
static void
add_runs(struct history_row *r, uint64_t kib, uint64_t times)
{
	if (kib > r->peak)
		r->peak = kib;
	if (r->runs == 0 || kib < r->least)
		r->least = kib;
	r->sum += (double)kib * (double)times;
	r->runs += times;
}

static struct history_row *
need_row(struct history_table *t, const char *name)
{
	struct history_row *r = row_of(t, name);

	if (!r)
		cli_die(t->c, "%s", strerror(ENOMEM));
	return r;
}

/* A failed command needed memory, too. */
static int
is_run(const struct pc_sum *s)
{
	return s->peaks.total > 0 &&
	    (s->kind == PC_EVENT_COMPUTE || s->kind == PC_EVENT_ERROR);
}

static void
take_sum(struct history_table *t, const struct pc_sum *s)
{
	uint64_t kib, times;
	uint32_t at = 0;
	struct history_row *r;

	/* Runs of pc-memstat come from the memory log instead. */
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
	struct history_table *t = ctx;
	struct history_row *r;

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
	return strcmp(((const struct history_row *)a)->name,
	    ((const struct history_row *)b)->name);
}

/* Read old events from their sums; of damaged sums, what can be read. */
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

void
history_read(struct cli *c, struct history_table *t)
{
	/* us; a shorter time is drawn by the hour */
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
