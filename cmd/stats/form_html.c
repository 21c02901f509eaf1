/* form_html.c - the report as one HTML page: no script, nothing loaded from
 * elsewhere, light or dark as the reader prefers.  Stage names contain no
 * character that HTML must escape; they are escaped all the same. */
#include "stats.h"
#include "svg.h"

#include <string.h>
#include <time.h>

/* cmd/stats/report.css as a string, which the Makefile writes. */
static const char style[] =
#include "report.css.h"
    ;

/* ---- in short ---- */

static void
add_card(struct pc_buf *b, const char *what, const char *figure,
    const char *more)
{
	pc_buf_addf(b,
	    "<div class=\"card\"><span class=\"dim\">%s</span>"
	    "<b>%s</b><span class=\"dim\">%s</span></div>\n",
	    what, figure, more);
}

static void
add_cards(const struct stats *st, struct pc_buf *b)
{
	const struct figures *f = &st->all;
	char rate[32] = "-", times[48] = "", tokens[64] = "";

	if (f->hits + f->misses)
		snprintf(rate, sizeof rate, "%.1f %%", 100 * figures_rate(f));
	if (figures_speed_up(f) >= 1)
		snprintf(times, sizeof times, "%s times as quick",
		    human_count((uint64_t)figures_speed_up(f)));
	if (f->tokens_saved)
		snprintf(tokens, sizeof tokens, "and %s tokens",
		    human_count(f->tokens_saved));
	pc_buf_addf(b, "<div class=\"cards\">\n");
	add_card(b, "Look-ups", human_count(f->hits + f->misses), "");
	add_card(b, "Hit rate", rate, "");
	add_card(b, "Time saved", f->saved ? human_span(f->saved) : "-",
	    tokens);
	if (f->price_saved)
		add_card(b, "Money saved", human_money(f->price_saved), "");
	add_card(b, "Median hit",
	    f->hit.total ? human_span(pc_histogram_percentile(&f->hit, 50))
			 : "-",
	    times);
	if (st->held)
		add_card(b, "Stored", human_count(f->held.entries),
		    human_bytes(f->held.bytes));
	pc_buf_addf(b, "</div>\n");
}

/* ---- tables ---- */

/* Add a cell; NULL: the value is unknown, or there is none. */
static void
cell(struct pc_buf *b, const char *text)
{
	if (text)
		pc_buf_addf(b, "<td>%s</td>", text);
	else
		pc_buf_addf(b, "<td class=\"dim\">-</td>");
}

static void
add_counts(struct pc_buf *b, const struct figures *f)
{
	const uint64_t bad = f->count[PC_EVENT_ERROR] +
	    f->count[PC_EVENT_DAMAGE];
	const double often = figures_per_second(f);
	char rate[32];

	snprintf(rate, sizeof rate, "%.1f %%", 100 * figures_rate(f));
	cell(b, human_count(f->hits + f->misses));
	cell(b, human_count(f->hits));
	cell(b, human_count(f->misses));
	cell(b, f->hits + f->misses ? rate : NULL);
	cell(b, bad ? human_count(bad) : NULL);
	cell(b,
	    f->count[PC_EVENT_STALE] ? human_count(f->count[PC_EVENT_STALE])
				     : NULL);
	cell(b,
	    f->count[PC_EVENT_WAIT] ? human_count(f->count[PC_EVENT_WAIT])
				    : NULL);
	cell(b, often > 0 ? human_rate(often) : NULL);
	cell(b, f->saved ? human_span(f->saved) : NULL);
	cell(b, f->tokens_saved ? human_count(f->tokens_saved) : NULL);
	cell(b, f->price_saved ? human_money(f->price_saved) : NULL);
}

static void
add_percentiles(struct pc_buf *b, const struct pc_histogram *h)
{
	static const double percents[] = {50, 95, 99};

	for (int i = 0; i < 3; i++)
		cell(b,
		    h->total
			? human_span(pc_histogram_percentile(h, percents[i]))
			: NULL);
	cell(b, h->total ? human_span(h->max) : NULL);
}

static void
add_times(struct pc_buf *b, const struct figures *f)
{
	const double times = figures_speed_up(f);
	char text[32];

	add_percentiles(b, &f->hit);
	add_percentiles(b, &f->compute);
	add_percentiles(b, &f->wait);
	if (times < 10)
		snprintf(text, sizeof text, "%.1f", times);
	else
		snprintf(text, sizeof text, "%s", human_count((uint64_t)times));
	cell(b, times > 0 ? text : NULL);
}

static void
add_held(struct pc_buf *b, const struct figures *f)
{
	const struct pc_holding *h = &f->held;
	const int64_t age = pc_now() - h->oldest;

	cell(b, human_count(h->entries));
	cell(b, human_bytes(h->bytes));
	cell(b, human_bytes(h->bytes / h->entries));
	cell(b, h->expired ? human_count(h->expired) : NULL);
	cell(b, h->oldest ? human_span(age > 0 ? (uint64_t)age : 0) : NULL);
}

static int
has_counts(const struct figures *f)
{
	return f->hits || f->misses || f->count[PC_EVENT_ERROR] ||
	    f->count[PC_EVENT_DAMAGE];
}

static int
has_times(const struct figures *f)
{
	return f->hit.total || f->compute.total || f->wait.total;
}

static int
has_held(const struct figures *f)
{
	return f->held.entries != 0;
}

static void
add_row(struct pc_buf *b, const struct figures *f,
    void (*add)(struct pc_buf *, const struct figures *))
{
	pc_buf_addf(b, "<tr><td>");
	html_text(b, f->name[0] ? f->name : "-");
	pc_buf_addf(b, "</td>");
	add(b, f);
	pc_buf_addf(b, "</tr>\n");
}

/* Add a table of the rows that have such values; head comes after the column of
 * names. */
static void
add_table(const struct stats *st, struct pc_buf *b, const char *title,
    const char *head, int (*has)(const struct figures *),
    void (*add)(struct pc_buf *, const struct figures *))
{
	if (!has(&st->all))
		return;
	pc_buf_addf(b,
	    "<h2>%s</h2>\n<div class=\"wide\"><table>\n<thead><tr>"
	    "<th rowspan=\"2\">%s</th>%s</tr></thead>\n<tbody>\n",
	    title, by_name(st->by), head);
	for (size_t i = 0; i < st->count; i++)
		if (has(&st->rows[i]))
			add_row(b, &st->rows[i], add);
	pc_buf_addf(b, "</tbody>\n<tfoot>\n");
	add_row(b, &st->all, add);
	pc_buf_addf(b, "</tfoot>\n</table></div>\n");
}

static void
add_tables(const struct stats *st, struct pc_buf *b)
{
	add_table(st, b, "Look-ups",
	    "<th>look-ups</th><th>hits</th><th>misses</th><th>rate</th>"
	    "<th>errors</th><th>stale</th><th>awaited</th><th>throughput</th>"
	    "<th>time saved</th><th>tokens</th><th>money</th>",
	    has_counts, add_counts);
	add_table(st, b, "Times",
	    "<th colspan=\"4\">a hit</th><th colspan=\"4\">computing</th><th colspan=\"4\">waits for locks</th><th rowspan=\"2\">times<br/>faster</th></tr>\n<tr><th>p50</th><th>p95</th><th>p99</th><th>max</th><th>p50</th><th>p95</th><th>p99</th><th>max</th><th>p50</th><th>p95</th><th>p99</th><th>max</th>",
	    has_times, add_times);
	add_table(st, b, "Stored",
	    "<th>entries</th><th>bytes</th><th>mean</th><th>expired</th>"
	    "<th>oldest</th>",
	    has_held, add_held);
}

/* ---- pictures ---- */

static uint64_t
saved_of(const struct figures *f)
{
	return f->saved;
}

static uint64_t
peak_of(const struct figures *f)
{
	return f->peak.max * 1024;
}

/* Draw bars for the rows with the largest values. */
static void
add_bars(const struct stats *st, struct pc_buf *b,
    uint64_t (*value)(const struct figures *), const char *(*human)(uint64_t),
    const char *class)
{
	enum { BARS = 8 };
	const struct figures *top[BARS];
	size_t n = 0;

	for (size_t i = 0; i < st->count; i++) {
		const struct figures *f = &st->rows[i];
		size_t k = n < BARS ? n++ : BARS;

		for (; k > 0 && value(f) > value(top[k - 1]); k--)
			if (k < BARS)
				top[k] = top[k - 1];
		if (k < BARS)
			top[k] = f;
	}
	while (n > 0 && value(top[n - 1]) == 0)
		n--;
	if (!n)
		pc_buf_addf(b, "<p class=\"dim\">no data yet</p>\n");
	for (size_t i = 0; i < n; i++) {
		pc_buf_addf(b, "<div class=\"bar\"><span>");
		html_text(b, top[i]->name[0] ? top[i]->name : "-");
		pc_buf_addf(b,
		    "</span><span class=\"dim\">%s</span><i class=\"%s\" "
		    "style=\"width:%.1f%%\"></i></div>\n",
		    human(value(top[i])), class,
		    100 * (double)value(top[i]) / (double)value(top[0]));
	}
}

static void
add_over_time(const struct stats *st, struct pc_buf *b)
{
	struct figures all, *days;
	size_t count;

	days = figures_make(st, st->also & PC_BY_HOUR ? PC_BY_HOUR : PC_BY_DAY,
	    &count, &all);
	pc_buf_addf(b, "<h2>Hit rate over time</h2>\n");
	svg_rates(b, days, count);
	pc_buf_addf(b,
	    "<h2>Time of a hit over time</h2>\n<p class=\"key "
	    "dim\"><i class=\"fa\"></i>median"
	    "<i class=\"fb\"></i>p95</p>\n");
	svg_latencies(b, days, count);
	figures_free(days, count);
	figures_clear(&all);
}

static void
add_pictures(const struct stats *st, struct pc_buf *b)
{
	add_over_time(st, b);
	pc_buf_addf(b,
	    "<div class=\"pair\"><div>"
	    "<h2>How long hits took</h2>\n");
	svg_histogram(b, &st->all.hit, "fa");
	pc_buf_addf(b, "</div><div><h2>How long computing took</h2>\n");
	svg_histogram(b, &st->all.compute, "fb");
	pc_buf_addf(b,
	    "</div></div>\n<div class=\"pair\"><div>"
	    "<h2>Top savings</h2>\n");
	add_bars(st, b, saved_of, human_span, "fc");
	pc_buf_addf(b, "</div><div><h2>Memory at the peak</h2>\n");
	add_bars(st, b, peak_of, human_bytes, "fb");
	pc_buf_addf(b, "</div></div>\n");
}

static const char *
minute(char text[32], int64_t when)
{
	time_t t = (time_t)(when / 1000000);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(text, 32, "%Y-%m-%d %H:%M", &tm))
		strcpy(text, "?");
	return text;
}

void
form_html(const struct stats *st, struct pc_buf *b)
{
	char now[32], first[32], last[32];

	pc_buf_addf(b,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<title>pc: what the cache did</title>\n<style>%s</style>\n"
	    "</head>\n<body>\n<h1>What the cache did</h1>\n",
	    style);
	if (st->all.first)
		pc_buf_addf(b,
		    "<p class=\"dim\">From %s to %s UTC, as known "
		    "at %s.</p>\n",
		    minute(first, st->all.first), minute(last, st->all.last),
		    minute(now, pc_now()));
	add_cards(st, b);
	if (st->all.hits + st->all.misses)
		add_pictures(st, b);
	else
		pc_buf_addf(b,
		    "<p>No lookups yet. Run a stage twice to see hits: pc-ocr FILE.</p>\n");
	add_tables(st, b);
	pc_buf_addf(b, "</body>\n</html>");
}
