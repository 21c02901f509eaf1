/* pdf_text.c - a page's words as text in a PDF: find each line's baseline and
 * letter size, and stretch each word to its box. */
#include "pdf_in.h"

#include "ocr/page/direction.h"
#include "ocr/page/letters.h"

#include <stdlib.h>
#include <string.h>

static const double STRAIGHT = 0.004; /* smaller slopes count as 0 */
/* How far a line's words may rise or fall, in letter sizes: poppler's
 * pdftotext keeps lines of 0.3 whole, and breaks some of 0.5. */
static const double DRIFT = 0.25;

/* A box in points of the upright page, y upward. */
struct upright_box {
	double x0, x1, bottom, height;
};

static void
add(struct pc_buf *out, const char *s)
{
	pc_buf_add(out, s, strlen(s));
}

/* Only letters and digits give the baseline; dashes and quotes float. */
static int
stands(const struct word *w)
{
	for (size_t i = 0; i < w->length; i++) {
		unsigned char c = (unsigned char)w->text[i];

		if (c >= 0x80 || (c >= '0' && c <= '9') ||
		    ((c | 32) >= 'a' && (c | 32) <= 'z'))
			return 1;
	}
	return 0;
}

static int
descends(const struct word *w)
{
	for (size_t i = 0; i < w->length; i++)
		if ((unsigned char)w->text[i] >= 0x80 ||
		    strchr("gjpqyQ,;()[]{}|/@$_", w->text[i]))
			return 1;
	return 0;
}

static struct upright_box
upright(const struct page *p, const struct box *b)
{
	const double w = p->width, h = p->height;

	switch (p->rotation) {
	case 90:
		return (struct upright_box){(h - b->y1) / 100,
		    (h - b->y0) / 100, (w - b->x1) / 100,
		    (b->x1 - b->x0) / 100.0};
	case 180:
		return (struct upright_box){(w - b->x1) / 100,
		    (w - b->x0) / 100, b->y0 / 100.0, (b->y1 - b->y0) / 100.0};
	case 270:
		return (struct upright_box){b->y0 / 100.0, b->y1 / 100.0,
		    b->x0 / 100.0, (b->x1 - b->x0) / 100.0};
	default:
		return (struct upright_box){b->x0 / 100.0, b->x1 / 100.0,
		    (h - b->y1) / 100, (b->y1 - b->y0) / 100.0};
	}
}

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A line's letter size and baseline: y = foot + slope * x. */
struct footing {
	double size, foot, slope;
};

/* A word's letter size and baseline from its box.  Descending letters reach a
 * fifth of the size below it. */
static double
size_of(const struct word *w, const struct upright_box *at, double *foot)
{
	const int down = descends(w);
	const double size = at->height / (down ? 0.93 : 0.72);

	*foot = at->bottom + (down ? 0.21 * size : 0);
	return size;
}

/* The best slope, if it is noticeable.  A steep one counts as 0, as readers
 * that find lines by height would split the line.  On a crooked page it is
 * better if words are selected slightly beside their image. */
static double
slope_of(const double *x, const double *y, size_t n, double size)
{
	double mx = 0, my = 0, xx = 0, xy = 0, low = x[0], high = x[0];
	double slope, most;

	for (size_t i = 0; i < n; i++) {
		mx += x[i] / (double)n;
		my += y[i] / (double)n;
		low = x[i] < low ? x[i] : low;
		high = x[i] > high ? x[i] : high;
	}
	for (size_t i = 0; i < n; i++) {
		xx += (x[i] - mx) * (x[i] - mx);
		xy += (x[i] - mx) * (y[i] - my);
	}
	if (n < 4 || xx <= 0)
		return 0;
	slope = xy / xx;
	most = DRIFT * size / (high - low);
	if (slope < STRAIGHT && slope > -STRAIGHT)
		return 0;
	return slope > most ? most : slope < -most ? -most : slope;
}

static struct footing
find_footing(const struct page *p, const struct line *l, double *spare)
{
	double *x = spare, *y = x + l->count, *size = y + l->count;
	struct footing f = {.size = 1};
	size_t n = 0;

	/* If no word has a letter or digit, take all words. */
	for (int all = 0; n == 0 && all < 2; all++)
		for (size_t i = 0; i < l->count; i++) {
			const struct word *w = &p->words[l->first + i];
			struct upright_box at = upright(p, &w->box);

			if (!all && !stands(w))
				continue;
			x[n] = (at.x0 + at.x1) / 2;
			size[n] = size_of(w, &at, &y[n]);
			n++;
		}
	qsort(size, n, sizeof *size, compare);
	f.size = size[n / 2] < 1 ? 1 : size[n / 2];
	f.slope = slope_of(x, y, n, f.size);
	for (size_t i = 0; i < n; i++)
		y[i] -= f.slope * x[i];
	qsort(y, n, sizeof *y, compare);
	f.foot = y[n / 2];
	return f;
}

void
format_pdf_number(struct pc_buf *out, double v, int digits)
{
	const int unit = digits == 3 ? 1000 : 100;
	long long n = (long long)(v * unit + (v < 0 ? -0.5 : 0.5));

	if (n < 0)
		add(out, "-");
	n = n < 0 ? -n : n;
	pc_buf_addf(out, "%lld.%0*lld ", n / unit, digits, n % unit);
}

/* Set the stretch with which n codes of half an em fill this many points. */
static void
stretch(struct pc_buf *out, double width, size_t n, double size)
{
	double percent = 100 * width / ((double)n * size / 2);

	format_pdf_number(out,
	    percent < 1           ? 1
		: percent > 10000 ? 10000
				  : percent,
	    2);
	add(out, "Tz ");
}

/* Text runs from x0 to x1.  If x1 < x0 the glyphs are mirrored, which readers
 * take for the direction of the script. */
static void
add_word(struct format_state *s, struct pc_buf *out, const struct word *w,
    const struct upright_box *at, const struct footing *f, double gap)
{
	const unsigned char *t = (const unsigned char *)w->text;
	const unsigned char *end = t + w->length;
	struct pc_buf codes = {0};
	int rtl = 0;
	size_t n = 0;

	for (; t < end; n++) {
		uint32_t c = direction_next(&t, end);

		rtl |= direction_is_rtl(c);
		pc_buf_addf(&codes, "%04X", format_pdf_code(s, c));
	}
	if (n == 0)
		return;
	format_pdf_number(out, rtl ? -1 : 1, 3);
	format_pdf_number(out, rtl ? -f->slope : f->slope, 3);
	format_pdf_number(out, -f->slope, 3);
	format_pdf_number(out, 1, 3);
	format_pdf_number(out, rtl ? at->x1 : at->x0, 2);
	format_pdf_number(out, f->foot + f->slope * (rtl ? at->x1 : at->x0), 2);
	add(out, "Tm ");
	stretch(out, at->x1 - at->x0, n, f->size);
	pc_buf_addf(out, "<%.*s> Tj", (int)codes.len,
	    codes.data ? (const char *)codes.data : "");
	out->failed |= codes.failed;
	pc_buf_clear(&codes);
	if (gap >= 0) {
		add(out, " ");
		stretch(out, gap, 1, f->size);
		pc_buf_addf(out, "<%04X> Tj", format_pdf_code(s, ' '));
	}
	add(out, "\n");
}

static void
add_line(struct format_state *s, struct pc_buf *out, const struct page *p,
    const struct line *l)
{
	double *spare = malloc(3 * l->count * sizeof *spare);
	struct footing f;

	if (!spare) {
		out->failed = 1;
		return;
	}
	f = find_footing(p, l, spare);
	free(spare);
	pc_buf_addf(out, "/F ");
	format_pdf_number(out, f.size, 2);
	add(out, "Tf\n");
	for (size_t i = 0; i < l->count; i++) {
		const struct word *w = &p->words[l->first + i];
		struct upright_box at = upright(p, &w->box), next;
		double gap = -1;

		if (i + 1 < l->count) {
			next = upright(p, &w[1].box);
			gap = next.x0 >= at.x1 ? next.x0 - at.x1
			    : next.x1 <= at.x0 ? at.x0 - next.x1
					       : 0;
		}
		/* Readers take an empty place for a space, too. */
		if (gap >= 0 && words_join(w, w + 1)) {
			at.x1 = next.x0 > at.x1 ? next.x0 : at.x1;
			gap = -1;
		}
		/* The PDF already has the words of its text layer. */
		if (p->source != SOURCE_MIXED || w->confidence >= 0)
			add_word(s, out, w, &at, &f, gap);
	}
}

void
format_pdf_text(struct format_state *s, const struct page *p,
    struct pc_buf *out)
{
	for (size_t i = 0; i < p->line_count; i++)
		if (p->lines[i].count > 0)
			add_line(s, out, p, &p->lines[i]);
}
