/* figures.c - turn sums of events into rows of figures. */
#include "stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *
by_name(unsigned by)
{
	return by == PC_BY_DAY    ? "day"
	    : by == PC_BY_HOUR    ? "hour"
	    : by == PC_BY_PROGRAM ? "program"
				  : "stage";
}

unsigned
by_time(int64_t span)
{
	const int64_t two_days = 48 * 3600 * 1000000LL;

	return span <= two_days ? PC_BY_HOUR : PC_BY_DAY;
}

static void
name_time(char name[PC_STAGE_MAX + 1], const struct pc_sum *s)
{
	const int64_t day = 24 * 3600 * 1000000LL;
	time_t t = (time_t)(s->from / 1000000);
	int64_t span = s->to - s->from;
	struct tm tm;

	if (span == 0 || !gmtime_r(&t, &tm) ||
	    strftime(name, PC_STAGE_MAX,
		span > day        ? "%Y-%m"
		    : span == day ? "%Y-%m-%d"
				  : "%Y-%m-%d %H:00",
		&tm) == 0)
		strcpy(name, "?");
}

static void
name_of(char name[PC_STAGE_MAX + 1], unsigned by, const struct pc_sum *s)
{
	if (by & (PC_BY_DAY | PC_BY_HOUR))
		name_time(name, s);
	else if (by & PC_BY_PROGRAM)
		strcpy(name, pc_program_name(s->program));
	else
		strcpy(name, s->stage);
}

static int
add_sum(struct figures *f, const struct pc_sum *s)
{
	const int served = s->kind == PC_EVENT_HIT ||
	    s->kind == PC_EVENT_STALE || s->kind == PC_EVENT_WAIT;
	int r = 0;

	f->count[s->kind] += s->count;
	f->saved += s->saved;
	f->price_saved += s->price;
	f->wait_us += s->lock_wait;
	if (served) {
		f->tokens_saved += s->tokens;
		f->served += s->bytes;
	}
	if (s->kind == PC_EVENT_PUT)
		f->put += s->bytes;
	if (s->kind == PC_EVENT_HIT || s->kind == PC_EVENT_STALE) {
		f->hit_us += s->duration;
		r |= pc_histogram_merge(&f->hit, &s->durations);
	}
	if (s->kind == PC_EVENT_COMPUTE) {
		f->compute_us += s->duration;
		f->tokens_spent += s->tokens;
		r |= pc_histogram_merge(&f->compute, &s->durations);
	}
	r |= pc_histogram_merge(&f->wait, &s->waits);
	r |= pc_histogram_merge(&f->peak, &s->peaks);
	if (!f->first || s->first < f->first)
		f->first = s->first;
	if (s->last > f->last)
		f->last = s->last;
	return r;
}

/* A result that another process computed meanwhile, or that was served stale,
 * saved a computation.  A look-up that missed and then took another process's
 * result counts once. */
static void
finish(struct figures *f)
{
	uint64_t waited = f->count[PC_EVENT_WAIT];
	uint64_t missed = f->count[PC_EVENT_MISS];

	f->hits = f->count[PC_EVENT_HIT] + f->count[PC_EVENT_STALE] + waited;
	f->misses = missed > waited ? missed - waited : 0;
}

static int
in_order(const void *a, const void *b)
{
	const struct figures *f = a, *g = b;

	if (f->from != g->from)
		return f->from < g->from ? -1 : 1;
	return strcmp(f->name, g->name);
}

/* Find or add the row of that name.  It is often the row found last. */
static struct figures *
row(struct figures *rows, size_t *count, const char *name)
{
	for (size_t i = *count; i-- > 0;)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	strcpy(rows[*count].name, name);
	return &rows[(*count)++];
}

struct figures *
figures_make(const struct stats *st, unsigned by, size_t *count,
    struct figures *all)
{
	struct figures *rows = calloc(st->tally.count + 1, sizeof *rows);
	int r = 0;

	*count = 0;
	*all = (struct figures){.name = "all"};
	for (size_t i = 0; rows && i < st->tally.count; i++) {
		const struct pc_sum *s = &st->tally.sums[i];
		char name[PC_STAGE_MAX + 1];
		struct figures *f;

		name_of(name, by, s);
		f = row(rows, count, name);
		f->from = by & (PC_BY_DAY | PC_BY_HOUR) ? s->from : 0;
		r |= add_sum(f, s);
		r |= add_sum(all, s);
	}
	if (!rows || r < 0)
		cli_die(st->c, "%s", strerror(ENOMEM));
	for (size_t i = 0; i < *count; i++)
		finish(&rows[i]);
	finish(all);
	qsort(rows, *count, sizeof *rows, in_order);
	return rows;
}

void
figures_clear(struct figures *f)
{
	pc_histogram_clear(&f->hit);
	pc_histogram_clear(&f->compute);
	pc_histogram_clear(&f->wait);
	pc_histogram_clear(&f->peak);
}

void
figures_free(struct figures *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		figures_clear(&rows[i]);
	free(rows);
}

double
figures_rate(const struct figures *f)
{
	uint64_t all = f->hits + f->misses;

	return all ? (double)f->hits / (double)all : 0;
}

double
figures_speed_up(const struct figures *f)
{
	uint64_t hit = pc_histogram_percentile(&f->hit, 50);
	uint64_t compute = pc_histogram_percentile(&f->compute, 50);

	return hit && compute ? (double)compute / (double)hit : 0;
}

double
figures_per_second(const struct figures *f)
{
	int64_t span = f->last - f->first;

	return span > 0 ? (double)(f->hits + f->misses) * 1e6 / (double)span
			: 0;
}

/* ---- reading ---- */

/* Entries are added to the row of their stage.  A stage whose events are all
 * forgotten has no row. */
static int
add_holdings(struct stats *st, struct pc_error *err)
{
	struct pc_holding *held;
	struct figures *rows;
	size_t count;

	switch (pc_store_holdings(st->c->store,
	    st->entries == ALL_ENTRIES ? 0 : ENTRIES_QUICK, &held, &count)) {
	case 0:
		break;
	case 1:
		st->held = 0;
		return 0;
	default:
		cli_store_fault(st->c, "read the store", err);
		return -1;
	}
	rows = realloc(st->rows, (st->count + count + 1) * sizeof *rows);
	if (!rows)
		cli_die(st->c, "%s", strerror(errno));
	memset(rows + st->count, 0, (count + 1) * sizeof *rows);
	st->rows = rows;
	for (size_t i = 0; i < count; i++) {
		struct pc_holding *sum = &st->all.held;

		if (st->by == PC_BY_STAGE)
			row(rows, &st->count, held[i].stage)->held = held[i];
		sum->entries += held[i].entries;
		sum->bytes += held[i].bytes;
		sum->expired += held[i].expired;
		if (!sum->oldest ||
		    (held[i].oldest && held[i].oldest < sum->oldest))
			sum->oldest = held[i].oldest;
	}
	qsort(rows, st->count, sizeof *rows, in_order);
	free(held);
	return 0;
}

int
stats_try(struct stats *st, struct pc_error *err)
{
	int r = 0;

	st->since = st->span == PC_NEVER ? 0 : pc_now() - st->span;
	st->tally = (struct pc_tally){.by = st->by | st->also,
	    .since = st->since};
	if (st->c->store)
		r = pc_tally_read(st->c->store, &st->tally);
	if (r < 0) {
		cli_store_fault(st->c, "read the event log", err);
		return -1;
	}
	if (r == 1 && !st->c->quiet)
		cli_warn(st->c, "the summary of old events is not counted: %s",
		    errno == EPROTONOSUPPORT ? "a newer pc wrote it"
			: errno == EBADMSG   ? "it is damaged"
					     : strerror(errno));
	st->rows = figures_make(st, st->by, &st->count, &st->all);
	st->held = st->entries != NO_ENTRIES;
	return st->held && st->c->store ? add_holdings(st, err) : 0;
}

void
stats_read(struct stats *st)
{
	struct pc_error err;

	if (stats_try(st, &err) < 0)
		cli_die(st->c, "%s", err.text);
}

void
stats_clear(struct stats *st)
{
	figures_free(st->rows, st->count);
	figures_clear(&st->all);
	pc_tally_clear(&st->tally);
	st->rows = NULL;
	st->count = 0;
	st->all = (struct figures){0};
}

void
stats_print(struct cli *c, struct pc_buf *b)
{
	if (pc_buf_addf(b, "\n") < 0)
		cli_die(c, "%s", strerror(ENOMEM));
	if (fwrite(b->data, 1, b->len, stdout) < b->len)
		cli_die(c, "cannot write standard output: %s", strerror(errno));
	pc_buf_clear(b);
}
