/* svg.c - the charts of the report. */
#include "svg.h"

#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 720,
	HEIGHT = 200,
	LEFT = 76, /* px; room for labels that a narrow screen enlarges */
	RIGHT = 708,
	TOP = 20,
	BOTTOM = 174,
};

static void
begin(struct pc_buf *b, const char *class, int width, int height,
    const char *label)
{
	pc_buf_addf(b,
	    "<svg class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"%s\">\n",
	    class, width, height, label);
}

static void
end(struct pc_buf *b)
{
	pc_buf_addf(b, "</svg>\n");
}

static void
grid_line(struct pc_buf *b, double y, const char *label)
{
	pc_buf_addf(b,
	    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" "
	    "y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
	    "text-anchor=\"end\">%s</text>\n",
	    LEFT, RIGHT, y, y, LEFT - 6, y + 4, label);
}

/* ---- over time ---- */

static double
x_of(const struct figures *rows, size_t count, size_t i)
{
	int64_t from = rows[0].from, span = rows[count - 1].from - from;

	if (span <= 0)
		return (LEFT + RIGHT) / 2.0;
	return LEFT +
	    (double)(rows[i].from - from) / (double)span * (RIGHT - LEFT);
}

static void
date(struct pc_buf *b, int x, const char *anchor, const char *name)
{
	pc_buf_addf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x,
	    HEIGHT - 4, anchor);
	html_text(b, name);
	pc_buf_addf(b, "</text>\n");
}

static void
dates(struct pc_buf *b, const struct figures *rows, size_t count)
{
	if (count == 1) {
		date(b, (LEFT + RIGHT) / 2, "middle", rows[0].name);
		return;
	}
	date(b, LEFT, "start", rows[0].name);
	date(b, RIGHT, "end", rows[count - 1].name);
}

/* Draw a line through the rows that have a value, and a dot with a title for
 * each.  A negative y means that there is no value. */
static void
curve(struct pc_buf *b, const struct figures *rows, size_t count,
    double (*y)(const struct figures *, const void *), const void *ctx,
    const char *(*say)(const struct figures *, const void *),
    const char *stroke, const char *fill)
{
	int begun = 0;

	pc_buf_addf(b, "<path class=\"line %s\" d=\"", stroke);
	for (size_t i = 0; i < count; i++) {
		double at = y(&rows[i], ctx);

		if (at < 0)
			continue;
		pc_buf_addf(b, "%s%.1f %.1f", begun ? "L" : "M",
		    x_of(rows, count, i), at);
		begun = 1;
	}
	pc_buf_addf(b, "\"/>\n");
	for (size_t i = 0; i < count; i++) {
		double at = y(&rows[i], ctx);

		if (at < 0)
			continue;
		pc_buf_addf(b,
		    "<circle class=\"%s\" cx=\"%.1f\" "
		    "cy=\"%.1f\" r=\"3\"><title>",
		    fill, x_of(rows, count, i), at);
		html_text(b, rows[i].name);
		pc_buf_addf(b, ": %s</title></circle>\n", say(&rows[i], ctx));
	}
}

static double
rate_y(const struct figures *f, const void *ctx)
{
	(void)ctx;
	if (f->hits + f->misses == 0)
		return -1;
	return BOTTOM - figures_rate(f) * (BOTTOM - TOP);
}

static const char *
rate_text(const struct figures *f, const void *ctx)
{
	static char text[64];

	(void)ctx;
	snprintf(text, sizeof text, "%.1f %% of %s", 100 * figures_rate(f),
	    human_count(f->hits + f->misses));
	return text;
}

void
svg_rates(struct pc_buf *b, const struct figures *rows, size_t count)
{
	if (!count)
		return;
	begin(b, "time", WIDTH, HEIGHT, "hit rate over time");
	grid_line(b, BOTTOM, "0 %");
	grid_line(b, (TOP + BOTTOM) / 2.0, "50 %");
	grid_line(b, TOP, "100 %");
	dates(b, rows, count);
	curve(b, rows, count, rate_y, NULL, rate_text, "a", "fa");
	end(b);
}

struct scale {
	double percent;
	uint64_t top; /* us, at the upper edge */
};

static double
latency_y(const struct figures *f, const void *ctx)
{
	const struct scale *s = ctx;

	if (!f->hit.total || !s->top)
		return -1;
	return BOTTOM -
	    (double)pc_histogram_percentile(&f->hit, s->percent) /
	    (double)s->top * (BOTTOM - TOP);
}

static const char *
latency_text(const struct figures *f, const void *ctx)
{
	const struct scale *s = ctx;
	static char text[64];

	snprintf(text, sizeof text, "p%.0f %s", s->percent,
	    human_span(pc_histogram_percentile(&f->hit, s->percent)));
	return text;
}

void
svg_latencies(struct pc_buf *b, const struct figures *rows, size_t count)
{
	struct scale s = {.percent = 95, .top = 1000};

	if (!count)
		return;
	for (size_t i = 0; i < count; i++) {
		uint64_t p95 = pc_histogram_percentile(&rows[i].hit, 95);

		if (p95 > s.top)
			s.top = p95;
	}
	begin(b, "time", WIDTH, HEIGHT, "time of a hit over time");
	grid_line(b, BOTTOM, "0");
	grid_line(b, (TOP + BOTTOM) / 2.0, human_span(s.top / 2));
	grid_line(b, TOP, human_span(s.top));
	dates(b, rows, count);
	curve(b, rows, count, latency_y, &s, latency_text, "b", "fb");
	s.percent = 50;
	curve(b, rows, count, latency_y, &s, latency_text, "a", "fa");
	end(b);
}

/* ---- histograms ---- */

/* Each power of two has four bars. */
static unsigned
bar_of(uint64_t v)
{
	unsigned power;

	if (v < 4)
		return (unsigned)v;
	power = 63 - (unsigned)__builtin_clzll(v);
	return 4 * (power - 1) + (unsigned)(v >> (power - 2) & 3);
}

/* The least value of this bar. */
static uint64_t
bar_from(unsigned bar)
{
	return bar < 4 ? bar : (uint64_t)(4 + bar % 4) << (bar / 4 - 1);
}

void
svg_histogram(struct pc_buf *b, const struct pc_histogram *h, const char *class)
{
	enum { BARS = 252, FEW = 20, NARROW = 340, ROOM = 120, FLOOR = 130 };
	uint64_t sums[BARS] = {0}, count, most = 0;
	unsigned first = BARS, last = 0;
	uint32_t at = 0;
	double wide;

	for (;;) {
		unsigned bar = bar_of(pc_histogram_each(h, &at, &count));

		if (!count)
			break;
		sums[bar] += count;
		if (sums[bar] > most)
			most = sums[bar];
		first = bar < first ? bar : first;
		last = bar > last ? bar : last;
	}
	if (!most) {
		pc_buf_addf(b, "<p class=\"dim\">no data yet</p>\n");
		return;
	}
	/* With only a few bars, each would look important. */
	while (last - first + 1 < FEW) {
		first -= first > 0;
		last += last < BARS - 1;
	}
	begin(b, "counts", NARROW, FLOOR + 20, "histogram of times");
	wide = (double)NARROW / (last - first + 1);
	for (unsigned i = first; i <= last; i++) {
		double high = (double)sums[i] / (double)most * ROOM;

		if (!sums[i])
			continue;
		if (high < 1)
			high = 1; /* still visible */
		pc_buf_addf(b,
		    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		    "height=\"%.1f\"><title>%s to %s: %s</title></rect>\n",
		    class, (i - first) * wide, FLOOR - high,
		    wide > 3 ? wide - 1 : wide, high, human_span(bar_from(i)),
		    human_span(bar_from(i + 1)), human_count(sums[i]));
	}
	pc_buf_addf(b,
	    "<line class=\"grid\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
	    "<text x=\"0\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" "
	    "text-anchor=\"middle\">%s, median %s</text><text x=\"%d\" "
	    "y=\"%d\" text-anchor=\"end\">%s</text>\n",
	    NARROW, FLOOR, FLOOR, FLOOR + 15, human_span(bar_from(first)),
	    NARROW / 2, FLOOR + 15, human_count(h->total),
	    human_span(pc_histogram_percentile(h, 50)), NARROW, FLOOR + 15,
	    human_span(bar_from(last + 1)));
	end(b);
}
