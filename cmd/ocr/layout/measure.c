/* measure.c - letter sizes, and distances between lines. */
#include "layout_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double size_change = 0.12; /* a change by this part begins
					 * another block */
/* used if there are too few lines to measure it */
static const double lead_usual = 1.35;
static const double lead_max = 2.5; /* at most: double spacing */

/* Heights of ink, as parts of the letter size (an em is 1). */
static const double ink_x = 0.48, ink_tall = 0.7, ink_deep = 0.22,
		    font_em = 0.9; /* makes both scales agree */

static double
ink_size(const struct word *w)
{
	double em = ink_x;
	int tall = 0, deep = 0;

	for (size_t i = 0; i < w->length; i++) {
		unsigned char c = (unsigned char)w->text[i];

		if (!c)
			continue;
		tall |= c >= 0x80 || !strchr("acegmnopqrsuvwxyz.,-;:_", c);
		deep |= strchr("gjpqy(),;[]{}Q", c) != NULL;
	}
	if (tall)
		em = ink_tall;
	if (deep)
		em += ink_deep;
	return box_height(&w->box) * font_em / em;
}

/* The lower edge of a word's box, or its middle if the box encloses ink: OCR
 * enlarges some boxes above and below. */
static double
word_base(const struct word *w, int ink)
{
	return ink ? w->box.y0 + box_height(&w->box) / 2.0 : w->box.y1;
}

double
layout_word_size(const struct word *w, int ink)
{
	/* If a word runs up or down, its width is the letters' height.  OCR
	 * does not report which words do. */
	if (w->turned & 1 ||
	    (w->length >= 3 && box_height(&w->box) > 2.0 * box_width(&w->box)))
		return box_width(&w->box);
	return ink ? ink_size(w) : box_height(&w->box);
}

/* Compute the means, weighted by width. */
struct text_measure
layout_measure_words(const struct word *w, size_t n, int ink)
{
	double all = 0, size = 0, base = 0;

	for (size_t i = 0; i < n; i++) {
		double weight = box_width(&w[i].box) + 1.0;

		all += weight;
		size += weight * layout_word_size(&w[i], ink);
		base += weight * word_base(&w[i], ink);
	}
	if (n == 0)
		return (struct text_measure){0};
	return (struct text_measure){(float)(size / all), (float)(base / all)};
}

/* ---- the page's usual values ---- */

static int
compare_samples(const void *va, const void *vb)
{
	const struct sample *a = va, *b = vb;

	return (a->value > b->value) - (a->value < b->value);
}

double
layout_median(struct sample *s, size_t n)
{
	double all = 0, half = 0;

	qsort(s, n, sizeof *s, compare_samples);
	for (size_t i = 0; i < n; i++)
		all += s[i].weight;
	for (size_t i = 0; i < n; i++)
		if ((half += s[i].weight) * 2 >= all)
			return s[i].value;
	return 0;
}

int
layout_similar_size(double a, double b)
{
	return fabs(a - b) <= size_change * (a > b ? a : b);
}

int
layout_measure_page(struct layout *l)
{
	const struct page *p = l->page;
	struct sample *s = malloc((p->word_count + 1) * sizeof *s);
	size_t n = 0;

	if (!s)
		return -1;
	for (size_t i = 0; i < p->word_count; i++)
		if (!p->words[i].turned)
			s[n++] = (struct sample){
			    layout_word_size(&p->words[i], l->ink), 1};
	l->body = layout_median(s, n);
	l->lead = lead_usual * l->body;
	free(s);
	return 0;
}

static double
usual_lead(const struct layout *l, struct sample *s)
{
	const struct page *p = l->page;
	size_t n = 0;

	for (size_t i = 1; i < p->line_count; i++) {
		const struct text_measure *a = &l->lines[i - 1], *b = a + 1;
		double d = b->base - a->base;

		if (d > 0.5 * b->size && d < lead_max * b->size &&
		    layout_similar_size(a->size, b->size) &&
		    layout_similar_size(b->size, l->body) &&
		    box_overlap_x(&p->lines[i - 1].box, &p->lines[i].box) > 0)
			s[n++] = (struct sample){d, 1};
	}
	return n < 3 ? lead_usual * l->body : layout_median(s, n);
}

int
layout_measure(struct layout *l)
{
	const struct page *p = l->page;
	struct sample *s = malloc((p->line_count + 1) * sizeof *s);

	free(l->lines);
	l->lines = malloc((p->line_count + 1) * sizeof *l->lines);
	if (!l->lines || !s) {
		free(s);
		return -1;
	}
	for (size_t i = 0; i < p->line_count; i++) {
		const struct line *line = &p->lines[i];

		l->lines[i] = layout_measure_words(p->words + line->first,
		    line->count, l->ink);
		s[i].value = l->lines[i].size;
		s[i].weight = (double)line->count;
	}
	l->body = layout_median(s, p->line_count);
	l->lead = usual_lead(l, s);
	free(s);
	return 0;
}
