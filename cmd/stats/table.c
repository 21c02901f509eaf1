/* table.c - figures for people, in 80 columns. */
#include "stats.h"

#include <stdlib.h>
#include <string.h>

static const char bold[] = "\033[1m", dim[] = "\033[2m", off[] = "\033[0m";
static const char green[] = "\033[32m", yellow[] = "\033[33m",
                  red[] = "\033[31m";

enum { NAME = 16, BAR = 6 };

static const char *
colour(const struct stats *st, const char *code)
{
	return st->terminal ? code : "";
}

/* A bar of eighths of a cell. */
static void
add_bar(struct pc_buf *b, double part)
{
	static const char *const eighths[] = {
	    " ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	int n = (int)(part * BAR * 8 + 0.5);

	for (int i = 0; i < BAR; i++, n -= 8)
		pc_buf_addf(b, "%s", eighths[n < 0 ? 0 : n > 8 ? 8 : n]);
}

static void
add_name(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	const char *name = f->name[0] ? f->name : "-";

	/* The end tells one from another as well as the beginning does. */
	if (strlen(name) > NAME)
		pc_buf_addf(b, "%.*s~%s", NAME - 6, name,
		    name + strlen(name) - 5);
	else
		pc_buf_addf(b, "%s%-*s%s",
		    colour(st, f == &st->all ? bold : ""), NAME, name,
		    colour(st, off));
}

static void
add_counts(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	uint64_t bad = f->count[PC_EVENT_ERROR] + f->count[PC_EVENT_DAMAGE];
	double rate = figures_rate(f);

	add_name(st, b, f);
	pc_buf_addf(b, " %7s %7s %7s ", human_count(f->hits + f->misses),
	    human_count(f->hits), human_count(f->misses));
	if (st->terminal)
		pc_buf_addf(b, "%s", f->hits + f->misses == 0 ? dim
		        : rate >= 0.6 ? green : rate >= 0.2 ? yellow : red);
	pc_buf_addf(b, "%6.1f%%%s", 100 * rate, colour(st, off));
	pc_buf_addf(b, " %s%5s%s", colour(st, bad ? red : ""),
	    human_count(bad), colour(st, off));
	pc_buf_addf(b, " %5s %5s %6s",
	    human_count(f->count[PC_EVENT_STALE]),
	    human_count(f->count[PC_EVENT_WAIT]), human_span(f->saved));
	if (st->terminal) {
		pc_buf_addf(b, " ");
		add_bar(b, rate);
	}
	pc_buf_addf(b, "\n");
}

static void
add_percentiles(struct pc_buf *b, const struct pc_histogram *h)
{
	static const double percents[] = {50, 95, 99};

	for (int i = 0; i < 3; i++)
		pc_buf_addf(b, " %6s", h->total ? human_span(
		    pc_histogram_percentile(h, percents[i])) : "-");
	pc_buf_addf(b, " %6s", h->total ? human_span(h->max) : "-");
}

static void
add_times(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	double times = figures_speed_up(f);

	if (!f->hit.total && !f->compute.total)
		return;
	add_name(st, b, f);
	add_percentiles(b, &f->hit);
	add_percentiles(b, &f->compute);
	if (times >= 10)
		pc_buf_addf(b, " %5sx", human_count((uint64_t)times));
	else if (times > 0)
		pc_buf_addf(b, " %5.1fx", times);
	pc_buf_addf(b, "\n");
}

static void
add_held(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	const struct pc_holding *h = &f->held;

	if (!h->entries)
		return;
	add_name(st, b, f);
	pc_buf_addf(b, " %8s %8s %8s %8s %8s\n", human_count(h->entries),
	    human_bytes(h->bytes), human_bytes(h->bytes / h->entries),
	    human_count(h->expired),
	    human_span(h->oldest && pc_now() > h->oldest
	            ? (uint64_t)(pc_now() - h->oldest) : 0));
}

static void
each(const struct stats *st, struct pc_buf *b,
    void (*add)(const struct stats *, struct pc_buf *,
        const struct figures *))
{
	for (size_t i = 0; i < st->count; i++)
		add(st, b, &st->rows[i]);
	add(st, b, &st->all);
}

static void
add_heading(const struct stats *st, struct pc_buf *b, const char *rest)
{
	char name[NAME];
	size_t i;

	snprintf(name, sizeof name, "%s", by_name(st->by));
	for (i = 0; name[i]; i++)
		name[i] = (char)(name[i] - 'a' + 'A');
	pc_buf_addf(b, "%s%-*s%s%s\n", colour(st, dim), NAME, name, rest,
	    colour(st, off));
}

/* What is not of one row. */
static void
add_sums(const struct stats *st, struct pc_buf *b)
{
	const struct figures *f = &st->all;
	double rate = figures_per_second(f);

	if (f->hits + f->misses)
		pc_buf_addf(b, "\n%.3g look-ups a second, %s served, %s "
		               "stored", rate, human_bytes(f->served),
		    human_bytes(f->put));
	if (f->wait.total)
		pc_buf_addf(b, "\nlock waits: %s of %s in all; p50 %s, p95 "
		               "%s, p99 %s, longest %s",
		    human_count(f->wait.total), human_span(f->wait_us),
		    human_span(pc_histogram_percentile(&f->wait, 50)),
		    human_span(pc_histogram_percentile(&f->wait, 95)),
		    human_span(pc_histogram_percentile(&f->wait, 99)),
		    human_span(f->wait.max));
	if (f->tokens_saved || f->tokens_spent)
		pc_buf_addf(b, "\ntokens: %s saved, %s spent",
		    human_count(f->tokens_saved),
		    human_count(f->tokens_spent));
	if (f->price_saved)
		pc_buf_addf(b, "; money saved: %.2f",
		    (double)f->price_saved / 1e6);
	if (f->hits + f->misses || f->wait.total || f->tokens_spent)
		pc_buf_addf(b, "\n");
}

void
form_table(const struct stats *st, struct pc_buf *b)
{
	add_heading(st, b, " LOOKUPS    HITS  MISSES    RATE   BAD STALE "
	                   "WAITS  SAVED");
	each(st, b, add_counts);
	if (st->all.hit.total || st->all.compute.total) {
		pc_buf_addf(b, "\n");
		add_heading(st, b, "    HIT    p95    p99    max    RUN    "
		                   "p95    p99    max  TIMES");
		each(st, b, add_times);
	}
	if (st->all.held.entries) {
		pc_buf_addf(b, "\n");
		add_heading(st, b, "  ENTRIES    BYTES     MEAN  EXPIRED   "
		                   "OLDEST");
		each(st, b, add_held);
	}
	add_sums(st, b);
	/* Whoever prints it ends the last line. */
	if (b->len && !b->failed)
		b->len--;
}
