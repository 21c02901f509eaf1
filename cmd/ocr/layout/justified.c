/* justified.c - tell lines of justified text from the rows of a table.
 *
 * Wide spaces look like the gaps between cells, but they are even within a
 * line, and differ between lines. */
#include "justified.h"

/* in justified text at least this part of the lines has even gaps */
static const double even_part = 0.4;

/* Is it text, and not a rule or speck that OCR took for text? */
static int
is_text(const struct word *w)
{
	for (size_t i = 0; i < w->length; i++) {
		const unsigned char c = (unsigned char)w->text[i];

		if ((c >= '0' && c <= '9') || (c >= 0xc3 && c != 0xe2) ||
		    ((c | 32) >= 'a' && (c | 32) <= 'z'))
			return 1;
	}
	return 0;
}

void
line_gaps_add(struct line_gaps *g, const struct word *w)
{
	double gap;

	if (!is_text(w))
		return;
	/* The gap after an item's marker is of another kind. */
	if (g->last && !(g->words == 1 && marker_of(g->last))) {
		gap = (double)w->box.x0 - g->last->box.x1;
		g->least = g->gaps == 0 || gap < g->least ? gap : g->least;
		g->most = g->gaps == 0 || gap > g->most ? gap : g->most;
		g->gaps++;
	}
	g->words++;
	g->small += w->text[0] >= 'a' && w->text[0] <= 'z';
	g->last = w;
}

void
justified_add(struct justified *j, const struct line_gaps *g, double same)
{
	j->lines++;
	if (g->gaps < 2 || g->most - g->least > same)
		return;
	j->least = j->even == 0 || g->most < j->least ? g->most : j->least;
	j->most = j->even == 0 || g->most > j->most ? g->most : j->most;
	j->even++;
	j->words += g->words;
	j->small += g->small;
}

static int
has_even_lines(const struct justified *j)
{
	return j->even > 0 && (double)j->even >= even_part * (double)j->lines;
}

int
is_justified_text(const struct justified *j, double same)
{
	return has_even_lines(j) && j->most - j->least > 2 * same;
}

int
is_running_text(const struct justified *j)
{
	return has_even_lines(j) && 2 * j->small > j->words;
}
