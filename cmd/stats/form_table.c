/* form_table.c - figures as a table of 80 columns. */
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

/* Add a bar, drawn in eighths of a character cell. */
static void
add_bar(struct pc_buf *b, double part)
{
	static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊",
	    "▉", "█"};
	int n = (int)(part * BAR * 8 + 0.5);

	for (int i = 0; i < BAR; i++, n -= 8)
		pc_buf_addf(b, "%s", eighths[n < 0 ? 0 : n > 8 ? 8 : n]);
}

static void
add_name(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	const char *name = f->name[0] ? f->name : "-";

	pc_buf_addf(b, "%s%-*s%s", colour(st, f == &st->all ? bold : ""), NAME,
	    name, colour(st, off));
	/* A long name has a line of its own. */
	if (strlen(name) > NAME)
		pc_buf_addf(b, "\n%*s", NAME, "");
}

static int
had_events(const struct stats *st, const struct figures *f)
{
	return f == &st->all || f->hits || f->misses ||
	    f->count[PC_EVENT_ERROR] || f->count[PC_EVENT_DAMAGE];
}

static void
add_counts(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	const uint64_t bad = f->count[PC_EVENT_ERROR] +
	    f->count[PC_EVENT_DAMAGE];
	const double rate = figures_rate(f);

	if (!had_events(st, f))
		return;
	add_name(st, b, f);
	pc_buf_addf(b, " %7s %7s %7s ", human_count(f->hits + f->misses),
	    human_count(f->hits), human_count(f->misses));
	if (f->hits + f->misses == 0)
		pc_buf_addf(b, "%7s", "-");
	else
		pc_buf_addf(b, "%s%6.1f%%%s",
		    colour(st,
			rate >= 0.6       ? green
			    : rate >= 0.2 ? yellow
					  : red),
		    100 * rate, colour(st, off));
	pc_buf_addf(b, " %s%5s%s", colour(st, bad ? red : ""), human_count(bad),
	    colour(st, off));
	pc_buf_addf(b, " %5s %5s %6s", human_count(f->count[PC_EVENT_STALE]),
	    human_count(f->count[PC_EVENT_WAIT]),
	    f->saved ? human_span(f->saved) : "-");
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
		pc_buf_addf(b, " %6s",
		    h->total
			? human_span(pc_histogram_percentile(h, percents[i]))
			: "-");
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
add_costs(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	const double rate = figures_per_second(f);

	if (!had_events(st, f) && !f->wait.total && !f->tokens_spent)
		return;
	add_name(st, b, f);
	add_percentiles(b, &f->wait);
	pc_buf_addf(b, " %10s %7s %6s %7s\n", rate > 0 ? human_rate(rate) : "-",
	    f->tokens_saved ? human_count(f->tokens_saved) : "-",
	    f->tokens_spent ? human_count(f->tokens_spent) : "-",
	    f->price_saved ? human_money(f->price_saved) : "-");
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
		    ? (uint64_t)(pc_now() - h->oldest)
		    : 0));
}

/* Add a heading, and a line for each row that has such values. */
static void
add_part(const struct stats *st, struct pc_buf *b, const char *heading,
    void (*add)(const struct stats *, struct pc_buf *, const struct figures *))
{
	char name[NAME];
	size_t i;

	snprintf(name, sizeof name, "%s", by_name(st->by));
	for (i = 0; name[i]; i++)
		name[i] = (char)(name[i] - 'a' + 'A');
	pc_buf_addf(b, "%s%s%-*s%s%s\n", b->len ? "\n" : "", colour(st, dim),
	    NAME, name, heading, colour(st, off));
	for (i = 0; i < st->count; i++)
		add(st, b, &st->rows[i]);
	add(st, b, &st->all);
}

void
form_table(const struct stats *st, struct pc_buf *b)
{
	const struct figures *all = &st->all;

	add_part(st, b,
	    " LOOKUPS    HITS  MISSES    RATE ERROR STALE WAITS"
	    "  SAVED",
	    add_counts);
	if (all->hit.total || all->compute.total)
		add_part(st, b,
		    "    HIT    p95    p99    max    RUN    p95"
		    "    p99    max  TIMES",
		    add_times);
	if (all->hits + all->misses || all->wait.total || all->tokens_spent)
		add_part(st, b,
		    "   LOCK    p95    p99    max THROUGHPUT"
		    "  TOKENS  SPENT   MONEY",
		    add_costs);
	if (all->held.entries)
		add_part(st, b,
		    "  ENTRIES    BYTES     MEAN  EXPIRED   "
		    "OLDEST",
		    add_held);
	if (all->served || all->put)
		pc_buf_addf(b, "\n%s of values served, %s put\n",
		    human_bytes(all->served), human_bytes(all->put));
	if (!st->held)
		pc_buf_addf(b,
		    "\nthe store is too large to count quickly; use --entries\n");
	/* The caller ends the last line. */
	if (b->len && !b->failed)
		b->len--;
}
