/* svg.c - the report's pictures. */
#include "svg.h"

#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 720,
	HEIGHT = 180,
	LEFT = 52,
	RIGHT = 708,
	TOP = 10,
	BOTTOM = 156,
};

static void
begin(struct pc_buf *b, int width, int height, const char *label)
{
	pc_buf_addf(b, "<svg viewBox=\"0 0 %d %d\" role=\"img\" "
	               "aria-label=\"%s\">\n", width, height, label);
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
	return LEFT + (double)(rows[i].from - from) / (double)span *
	    (RIGHT - LEFT);
}

static void
dates(struct pc_buf *b, const struct figures *rows, size_t count)
{
	pc_buf_addf(b, "<text x=\"%d\" y=\"%d\">", LEFT, HEIGHT - 4);
	html_text(b, rows[0].name);
	pc_buf_addf(b, "</text>");
	if (count > 1) {
		pc_buf_addf(b, "<text x=\"%d\" y=\"%d\" "
		               "text-anchor=\"end\">", RIGHT, HEIGHT - 4);
		html_text(b, rows[count - 1].name);
		pc_buf_addf(b, "</text>");
	}
	pc_buf_addf(b, "\n");
}

/* A line through the rows that have a value, and a dot with a title each.  A
 * y below 0 is none. */
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
		pc_buf_addf(b, "<circle class=\"%s\" cx=\"%.1f\" "
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
	snprintf(text, sizeof text, "%.1f %% of %s",
	    100 * figures_rate(f), human_count(f->hits + f->misses));
	return text;
}

void
svg_rates(struct pc_buf *b, const struct figures *rows, size_t count)
{
	if (!count)
		return;
	begin(b, WIDTH, HEIGHT, "hit rate over time");
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
	struct scale s = {.percent = 95};

	if (!count)
		return;
	for (size_t i = 0; i < count; i++) {
		uint64_t p95 = pc_histogram_percentile(&rows[i].hit, 95);

		if (p95 > s.top)
			s.top = p95;
	}
	begin(b, WIDTH, HEIGHT, "time of a hit over time");
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

void
svg_histogram(
    struct pc_buf *b, const struct pc_histogram *h, const char *class)
{
	enum { POWERS = 64, NARROW = 340, ROOM = 120, FLOOR = 130 };
	uint64_t sums[POWERS] = {0}, count, most = 0;
	unsigned first = POWERS, last = 0;
	uint32_t at = 0;

	for (;;) {
		uint64_t v = pc_histogram_each(h, &at, &count);
		unsigned power = v ? 63 - (unsigned)__builtin_clzll(v) : 0;

		if (!count)
			break;
		sums[power] += count;
		if (sums[power] > most)
			most = sums[power];
		first = power < first ? power : first;
		last = power > last ? power : last;
	}
	if (!most) {
		pc_buf_addf(b, "<p class=\"dim\">nothing yet</p>\n");
		return;
	}
	begin(b, NARROW, FLOOR + 20, "histogram of times");
	for (unsigned p = first; p <= last; p++) {
		double wide = (double)NARROW / (last - first + 1);
		double high = (double)sums[p] / (double)most * ROOM;

		if (sums[p] && high < 1)
			high = 1; /* few, but some */
		pc_buf_addf(b,
		    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		    "height=\"%.1f\"><title>%s to %s: %s</title></rect>\n",
		    class, (p - first) * wide + 1, FLOOR - high,
		    wide > 3 ? wide - 2 : wide, high, human_span(1ULL << p),
		    human_span(p < 63 ? 2ULL << p : UINT64_MAX),
		    human_count(sums[p]));
	}
	pc_buf_addf(b,
	    "<text x=\"0\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" "
	    "text-anchor=\"end\">%s</text>\n",
	    FLOOR + 15, human_span(1ULL << first), NARROW, FLOOR + 15,
	    human_span(last < 63 ? 2ULL << last : UINT64_MAX));
	end(b);
}

/* ---- bars ---- */

void
svg_bars(struct pc_buf *b, const struct figures *rows, size_t count,
    uint64_t (*value)(const struct figures *), const char *(*human)(uint64_t),
    const char *class)
{
	enum { BARS = 8, STEP = 26, NARROW = 340, NAME = 110, FIGURE = 60 };
	size_t top[BARS], n = 0;
	uint64_t most;

	/* The few largest, by insertion. */
	for (size_t i = 0; i < count; i++) {
		size_t k = n < BARS ? n++ : BARS;

		for (; k > 0 && value(&rows[i]) > value(&rows[top[k - 1]]);
		     k--)
			if (k < BARS)
				top[k] = top[k - 1];
		if (k < BARS)
			top[k] = i;
	}
	while (n > 0 && value(&rows[top[n - 1]]) == 0)
		n--;
	if (!n) {
		pc_buf_addf(b, "<p class=\"dim\">nothing yet</p>\n");
		return;
	}
	most = value(&rows[top[0]]);
	begin(b, NARROW, (int)n * STEP, "largest first");
	for (size_t i = 0; i < n; i++) {
		const struct figures *f = &rows[top[i]];
		double wide = (double)value(f) / (double)most *
		    (NARROW - NAME - FIGURE);
		int y = (int)i * STEP;

		pc_buf_addf(b, "<text class=\"name\" x=\"0\" y=\"%d\">",
		    y + 16);
		html_text(b, f->name[0] ? f->name : "-");
		pc_buf_addf(b,
		    "</text><rect class=\"%s\" x=\"%d\" y=\"%d\" "
		    "width=\"%.1f\" height=\"14\"/><text x=\"%.1f\" "
		    "y=\"%d\">%s</text>\n",
		    class, NAME, y + 5, wide < 1 ? 1 : wide,
		    NAME + wide + 6, y + 16, human(value(f)));
	}
	end(b);
}
