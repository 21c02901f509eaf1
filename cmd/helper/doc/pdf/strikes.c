/* strikes.c - which words of a PDF page are struck out. */
#include "strikes.h"
#include "details.h"
#include "opened.h"

#include "declare_in.h"
#include "drawn_forms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	STRIKES_MAX = 4000,
	QUAD = 8, /* numbers */
};

/* The part of a word's height in which a line crosses it, and the part of its
 * width that has to be crossed.  A line below is an underline, and one that is
 * much longer than its word may be a rule of a table. */
static const double top_part = 0.3, bottom_part = 0.75, wide_part = 0.7;
static const double thick_max = 3; /* points */

struct strike_finding {
	struct pdf_strikes *strikes;
	struct pdf_rules *rules;
	struct pdf_shown shown;
	int area;
};

static void
add_strike(void *ctx, const double box[4])
{
	struct strike_finding *f = ctx;
	struct pdf_strike s = {.area = f->area};

	if (f->strikes->count >= STRIKES_MAX)
		return;
	pdf_shown_place(&f->shown, box, s.box);
	if (!s.area && s.box[3] - s.box[1] > thick_max)
		return;
	f->strikes->items[f->strikes->count++] = s;
}

static void
add_line(void *ctx, const double box[4])
{
	struct strike_finding *f = ctx;
	double shown[4];

	add_strike(f, box);
	pdf_shown_place(&f->shown, box, shown);
	pdf_rules_add(f->rules, shown);
}

/* A quad has four corners; several lines of text have a quad each. */
static void
add_annotation(const struct declaring *c, qpdf_oh annot,
    struct strike_finding *f)
{
	const qpdf_oh quads = pdf_get(c, annot, "/QuadPoints");
	const int n = pdf_length(c, quads);
	double a[4], b[4], box[4];

	for (int i = 0; i + QUAD <= n; i += QUAD) {
		if (pdf_read_box(c, quads, i, a) < 0 ||
		    pdf_read_box(c, quads, i + 4, b) < 0)
			return;
		for (int k = 0; k < 2; k++) {
			box[k] = fmin(fmin(a[k], a[k + 2]),
			    fmin(b[k], b[k + 2]));
			box[k + 2] = fmax(fmax(a[k], a[k + 2]),
			    fmax(b[k], b[k + 2]));
		}
		add_strike(f, box);
	}
}

static void
find_annotations(const struct declaring *c, qpdf_oh page,
    struct strike_finding *f)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh annots = pdf_get(c, page, "/Annots");
	const int n = pdf_length(c, annots);

	f->area = 1;
	for (int i = 0; i < n; i++) {
		const qpdf_oh annot = qpdf.oh_get_array_item(pdf, annots, i);

		if (qpdf_is(c->s, annot, "/Subtype", "/StrikeOut"))
			add_annotation(c, annot, f);
	}
}

static void
find_lines(const struct declaring *c, qpdf_oh page, struct strike_finding *f)
{
	f->area = 0;
	pdf_drawn_lines(c, page, add_line, f);
}

void
pdf_strikes_find(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct pdf_strikes *strikes,
    struct pdf_rules *rules)
{
	struct declaring c = {.document = d};
	struct strike_finding f = {.strikes = strikes, .rules = rules};
	qpdf_oh object;

	if (ask->plain || d->rescued)
		return;
	c.s = document_details(d);
	if (pdf_details_pages(c.s) != d->pages)
		return;
	/* Not zeroed: few pages need much of it. */
	strikes->items = malloc(STRIKES_MAX * sizeof *strikes->items);
	if (!strikes->items)
		return;
	pdf_page_shown(page, f.shown.box, &f.shown.quarters);
	object = qpdf.get_page_n(c.s->pdf, ask->page - 1);
	find_annotations(&c, object, &f);
	find_lines(&c, object, &f);
	qpdf.oh_release_all(c.s->pdf);
}

static int
is_struck(const struct pdf_strike *s, const struct pdf_word *w)
{
	const double wide = w->x1 - w->x0, high = w->y1 - w->y0;
	const double shared = fmin(s->box[2], w->x1) - fmax(s->box[0], w->x0);
	const double y = (s->box[1] + s->box[3]) / 2;
	const double middle = (w->y0 + w->y1) / 2;

	if (shared < wide_part * wide)
		return 0;
	if (s->area)
		return middle > s->box[1] && middle < s->box[3];
	return y > w->y0 + top_part * high && y < w->y0 + bottom_part * high;
}

int
pdf_strikes_hit(const struct pdf_strikes *strikes, const struct pdf_word *w)
{
	for (size_t i = 0; i < strikes->count; i++)
		if (is_struck(&strikes->items[i], w))
			return 1;
	return 0;
}

void
pdf_strikes_clear(struct pdf_strikes *strikes)
{
	free(strikes->items);
	*strikes = (struct pdf_strikes){0};
}
