/* grid.c - the words of a table as fragments and bands. */
#include "grid.h"

#include <stdlib.h>

/* In letter sizes.  Cells are closer than columns of text may be, and a space
 * within a cell is never justified. */
static const double cell_gap = 0.5;
/* A box of ink does not include the space beside letters. */
static const double cell_gap_ink = 0.65;
/* how far the baselines of one band differ */
static const double band_shift = 0.35;

/* In UTF-8, c2 and e2 begin signs, as of currencies. */
int
grid_has_letters(const struct word *w)
{
	for (size_t i = 0; i < w->length; i++) {
		const unsigned char c = (unsigned char)w->text[i];

		if ((c >= 0xc3 && c != 0xe2) ||
		    ((c | 32) >= 'a' && (c | 32) <= 'z'))
			return 1;
	}
	return 0;
}

/* Is it a line of the table that OCR took for a letter? */
static int
is_rule(const struct grid *g, const struct word *w)
{
	return g->l->ink && w->length == 1 && *w->text == '|';
}

static void
add_line(struct grid *g, size_t i)
{
	const struct page *p = g->l->page;
	const struct line *line = &p->lines[i];
	const struct text_measure *m = &g->l->lines[i];
	const double gap = (g->l->ink ? cell_gap_ink : cell_gap) *
	    (double)m->size;
	struct fragment *f = NULL;

	for (size_t j = line->first; j < line->first + line->count; j++) {
		const struct word *w = &p->words[j];

		if (is_rule(g, w)) {
			f = NULL;
			continue;
		}
		if (f && w->box.x0 - f->box.x1 <= gap) {
			box_join(&f->box, &w->box);
			f->count++;
			f->letters |= grid_has_letters(w);
			continue;
		}
		f = &g->fragments[g->fragment_count++];
		*f = (struct fragment){.box = w->box,
		    .line = i,
		    .word = j,
		    .count = 1,
		    .base = m->base,
		    .size = m->size,
		    .letters = grid_has_letters(w)};
	}
}

static int
from_above(const void *va, const void *vb)
{
	const struct fragment *a = va, *b = vb;

	if (a->base != b->base)
		return a->base < b->base ? -1 : 1;
	return (a->word > b->word) - (a->word < b->word);
}

static int
from_left(const void *va, const void *vb)
{
	const struct fragment *a = va, *b = vb;

	if (a->box.x0 != b->box.x0)
		return a->box.x0 < b->box.x0 ? -1 : 1;
	return (a->word > b->word) - (a->word < b->word);
}

static void
find_bands(struct grid *g)
{
	struct band *band = NULL;

	qsort(g->fragments, g->fragment_count, sizeof *g->fragments,
	    from_above);
	for (size_t i = 0; i < g->fragment_count; i++) {
		const struct fragment *f = &g->fragments[i];

		if (!band || f->base - band->base > band_shift * f->size) {
			band = &g->bands[g->band_count++];
			*band = (struct band){.base = f->base, .first = i};
		}
		band->count++;
	}
	for (size_t i = 0; i < g->band_count; i++)
		qsort(g->fragments + g->bands[i].first, g->bands[i].count,
		    sizeof *g->fragments, from_left);
}

int
grid_read(struct grid *g, const struct block *b)
{
	const struct line *lines = g->l->page->lines;
	size_t n = 0;

	for (size_t i = b->first; i < b->first + b->count; i++)
		n += lines[i].count;
	g->fragments = malloc((n + 1) * sizeof *g->fragments);
	g->bands = malloc((n + 1) * sizeof *g->bands);
	if (!g->fragments || !g->bands)
		return -1;
	for (size_t i = b->first; i < b->first + b->count; i++)
		add_line(g, i);
	find_bands(g);
	return 0;
}

void
grid_drop(struct grid *g)
{
	free(g->fragments);
	free(g->bands);
}
