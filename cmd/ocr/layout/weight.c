/* weight.c - find bold lines in scans by the width of their strokes.
 *
 * How wide the strokes of ordinary letters are differs between fonts, scanners
 * and papers: bold lines are those that differ from most of the page. */
#include "layout_in.h"

#include <stdlib.h>

/* Bold strokes are wider than those of most text, in letters of equal size, by
 * this factor; fonts have 1.5 to 1.7. */
static const double bold_min = 1.3;

/* The width of the strokes of a line, in letter sizes; 0: unknown. */
static double
line_weight(const struct layout *l, const struct line *line)
{
	const struct word *w = l->page->words + line->first;
	double size = 0, stroke = 0;

	for (size_t i = 0; i < line->count; i++) {
		const double width = box_width(&w[i].box) + 1.0;

		if (w[i].stroke == 0)
			continue;
		size += width * layout_word_size(&w[i], 1);
		stroke += width * w[i].stroke;
	}
	return size > 0 ? stroke / size : 0;
}

static void
make_bold(struct page *p, const struct line *line)
{
	for (size_t i = line->first; i < line->first + line->count; i++)
		p->words[i].style |= STYLE_BOLD;
}

int
layout_find_bold(struct layout *l)
{
	struct page *p = l->page;
	struct sample *s = malloc((p->line_count + 1) * sizeof *s);
	double usual;
	size_t n = 0;

	if (!s)
		return -1;
	for (size_t i = 0; i < p->line_count; i++) {
		const double weight = line_weight(l, &p->lines[i]);

		if (weight > 0)
			s[n++] = (struct sample){weight,
			    (double)p->lines[i].count};
	}
	usual = layout_median(s, n);
	free(s);
	for (size_t i = 0; usual > 0 && i < p->line_count; i++)
		if (line_weight(l, &p->lines[i]) >= bold_min * usual)
			make_bold(p, &p->lines[i]);
	return 0;
}
