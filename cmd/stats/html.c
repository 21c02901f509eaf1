/* html.c - a report that is one page: no script, nothing from elsewhere, light
 * or dark as the reader has it.  Names of stages have no character that HTML
 * would need escaped; they are escaped all the same. */
#include "stats.h"
#include "svg.h"

#include <string.h>
#include <time.h>

static const char style[] =
    ":root{color-scheme:light dark;--fg:#1d2530;--bg:#fff;--dim:#66707d;"
    "--line:#d9dee5;--card:#f6f8fa;--a:#1f6feb;--b:#d97706;--c:#1a7f4b}"
    "@media(prefers-color-scheme:dark){:root{--fg:#e6eaf0;--bg:#10141a;"
    "--dim:#97a2b0;--line:#2c3440;--card:#181e26;--a:#6ea8ff;--b:#f0b357;"
    "--c:#56c98a}}"
    "body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);"
    "background:var(--bg);max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}"
    ".dim,caption{color:var(--dim)}"
    ".cards{display:grid;gap:.75rem;margin:1.25rem 0;"
    "grid-template-columns:repeat(auto-fit,minmax(9rem,1fr))}"
    ".card{background:var(--card);border:1px solid var(--line);"
    "border-radius:.5rem;padding:.6rem .8rem}"
    ".card b{display:block;font-size:1.4rem}"
    "table{border-collapse:collapse;width:100%;"
    "font-variant-numeric:tabular-nums}"
    "th,td{padding:.25rem .5rem;text-align:right;"
    "border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--dim)}th:first-child,td:first-child"
    "{text-align:left}tfoot td{font-weight:600}"
    ".wide{overflow-x:auto}svg{width:100%;height:auto;display:block}"
    "svg text{fill:var(--dim);font:11px system-ui,sans-serif}"
    "svg .name{fill:var(--fg)}.grid{stroke:var(--line)}"
    ".a{stroke:var(--a)}.b{stroke:var(--b)}.fa{fill:var(--a)}"
    ".fb{fill:var(--b)}.fc{fill:var(--c)}.line{fill:none;stroke-width:2}"
    ".area{opacity:.15;stroke:none}.pair{display:grid;gap:1.5rem;"
    "grid-template-columns:repeat(auto-fit,minmax(20rem,1fr))}";

void
html_text(struct pc_buf *b, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '<':
			pc_buf_addf(b, "&lt;");
			break;
		case '&':
			pc_buf_addf(b, "&amp;");
			break;
		case '"':
			pc_buf_addf(b, "&quot;");
			break;
		default:
			pc_buf_add(b, s, 1);
		}
}

static void
add_card(struct pc_buf *b, const char *what, const char *figure,
    const char *more)
{
	pc_buf_addf(b, "<div class=\"card\"><span class=\"dim\">%s</span>"
	               "<b>%s</b><span class=\"dim\">%s</span></div>\n",
	    what, figure, more);
}

static void
add_cards(const struct stats *st, struct pc_buf *b)
{
	const struct figures *f = &st->all;
	char rate[32], times[48], tokens[64] = "";

	snprintf(rate, sizeof rate, "%.1f %%", 100 * figures_rate(f));
	snprintf(times, sizeof times, "a hit is %s times quicker",
	    human_count((uint64_t)figures_speed_up(f)));
	if (f->tokens_saved)
		snprintf(tokens, sizeof tokens, "and %s tokens",
		    human_count(f->tokens_saved));
	pc_buf_addf(b, "<div class=\"cards\">\n");
	add_card(b, "Look-ups", human_count(f->hits + f->misses), "");
	add_card(b, "Hit rate", rate, "");
	add_card(b, "Time saved", human_span(f->saved), tokens);
	if (f->price_saved) {
		char money[32];

		snprintf(money, sizeof money, "%.2f",
		    (double)f->price_saved / 1e6);
		add_card(b, "Money saved", money, "");
	}
	add_card(b, "Median hit",
	    human_span(pc_histogram_percentile(&f->hit, 50)),
	    figures_speed_up(f) >= 1 ? times : "");
	if (st->held)
		add_card(b, "Stored", human_count(f->held.entries),
		    human_bytes(f->held.bytes));
	pc_buf_addf(b, "</div>\n");
}

static void
add_row(const struct stats *st, struct pc_buf *b, const struct figures *f)
{
	pc_buf_addf(b, "<tr><td>");
	html_text(b, f->name[0] ? f->name : "-");
	pc_buf_addf(b,
	    "</td><td>%s</td><td>%s</td><td>%s</td><td>%.1f %%</td>"
	    "<td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
	    "<td>%s</td>",
	    human_count(f->hits + f->misses), human_count(f->hits),
	    human_count(f->misses), 100 * figures_rate(f),
	    human_count(
	        f->count[PC_EVENT_ERROR] + f->count[PC_EVENT_DAMAGE]),
	    human_span(pc_histogram_percentile(&f->hit, 50)),
	    human_span(pc_histogram_percentile(&f->hit, 95)),
	    human_span(pc_histogram_percentile(&f->compute, 50)),
	    human_span(pc_histogram_percentile(&f->compute, 95)),
	    human_span(f->saved));
	if (st->held)
		pc_buf_addf(b, "<td>%s</td><td>%s</td>",
		    human_count(f->held.entries),
		    human_bytes(f->held.bytes));
	pc_buf_addf(b, "</tr>\n");
}

static void
add_figures(const struct stats *st, struct pc_buf *b)
{
	pc_buf_addf(b,
	    "<h2>Figures</h2>\n<div class=\"wide\"><table>\n<thead><tr>"
	    "<th>%s</th><th>look-ups</th><th>hits</th><th>misses</th>"
	    "<th>rate</th><th>errors</th><th>hit p50</th><th>p95</th>"
	    "<th>run p50</th><th>p95</th><th>saved</th>%s</tr></thead>\n"
	    "<tbody>\n", by_name(st->by),
	    st->held ? "<th>entries</th><th>bytes</th>" : "");
	for (size_t i = 0; i < st->count; i++)
		add_row(st, b, &st->rows[i]);
	pc_buf_addf(b, "</tbody>\n<tfoot>\n");
	add_row(st, b, &st->all);
	pc_buf_addf(b, "</tfoot>\n</table></div>\n");
}

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

static void
add_over_time(const struct stats *st, struct pc_buf *b)
{
	struct figures all, *days;
	size_t count;

	days = figures_make(st, st->also & PC_BY_HOUR ? PC_BY_HOUR
	                                              : PC_BY_DAY,
	    &count, &all);
	pc_buf_addf(b, "<h2>Hit rate over time</h2>\n");
	svg_rates(b, days, count);
	pc_buf_addf(b, "<h2>Time of a hit, median and p95</h2>\n");
	svg_latencies(b, days, count);
	figures_free(days, count);
	figures_clear(&all);
}

void
form_html(const struct stats *st, struct pc_buf *b)
{
	char now[64] = "";
	time_t t = time(NULL);
	struct tm tm;

	if (gmtime_r(&t, &tm))
		strftime(now, sizeof now, "%Y-%m-%d %H:%M UTC", &tm);
	pc_buf_addf(b,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<title>pc: what the cache did</title>\n<style>%s</style>\n"
	    "</head>\n<body>\n<h1>What the cache did</h1>\n"
	    "<p class=\"dim\">%s</p>\n",
	    style, now);
	add_cards(st, b);
	add_figures(st, b);
	if (st->all.hits + st->all.misses) {
		add_over_time(st, b);
		pc_buf_addf(b, "<div class=\"pair\"><div>"
		               "<h2>How long hits took</h2>\n");
		svg_histogram(b, &st->all.hit, "fa");
		pc_buf_addf(b, "</div><div><h2>How long computing took</h2>\n");
		svg_histogram(b, &st->all.compute, "fb");
		pc_buf_addf(b, "</div></div>\n<div class=\"pair\"><div>"
		               "<h2>Top savings</h2>\n");
		svg_bars(b, st->rows, st->count, saved_of, human_span, "fc");
		pc_buf_addf(b, "</div><div><h2>Memory, largest</h2>\n");
		svg_bars(b, st->rows, st->count, peak_of, human_bytes, "fb");
		pc_buf_addf(b, "</div></div>\n");
	} else {
		pc_buf_addf(b, "<p>Nothing was looked up yet.</p>\n");
	}
	pc_buf_addf(b, "</body>\n</html>");
}
