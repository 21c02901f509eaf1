/* pieces.c - join words to pieces: lines, or cells of a table. */
#include "layout_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NEAR_WORDS = 12 }; /* in which the usual space of a line is found */

/* Lengths are in letter sizes. */
/* a space is 0.3; in justified lines it grows up to this */
static const double word_gap = 0.9;
/* the spaces of one justified line differ by at most this, and are this wide
 * at most */
static const double justified_same = 0.1, justified_same_ink = 0.25,
		    justified_gap = 4;
/* between an item's bullet and its text */
static const double marker_gap = 4;
/* between a bare number and a heading */
static const double number_gap = 2;
/* between cells, at least, */
static const double cell_gap = 0.45, cell_gap_ink = 0.65;
/* and as a multiple of the narrowest space of the line */
static const double cell_gap_wider = 1.5, cell_gap_wider_ink = 2;
/* words may overlap by this: italics, kerning */
static const double back_max = 0.6;

/* The largest gap after the first word if that is a number or bullet. */
static double
gap_in_sizes(const struct word *a, const struct word *b, int alone)
{
	int section;

	if (!alone || b->length == 0)
		return word_gap;
	if (marker_of(a))
		return marker_gap;
	/* Two numbers are two cells. */
	section = marker_section(a);
	if (!section || (*b->text | 32) < 'a' || (*b->text | 32) > 'z')
		return word_gap;
	return section > 1 ? marker_gap : number_gap;
}

double
layout_gap_max(const struct layout *l, const struct word *a,
    const struct word *b, int alone)
{
	const double size_a = layout_word_size(a, l->ink);
	const double size_b = layout_word_size(b, l->ink);

	return gap_in_sizes(a, b, alone) * (size_a > size_b ? size_a : size_b);
}

/* The gap between a word and the one before it; -1: it is the first word of
 * its row in this column. */
static double
gap_before(const struct layout *l, const struct word *w)
{
	const struct page *p = l->page;

	if (w == p->words || w == p->words + p->word_count ||
	    !box_same_row(&w[-1].box, &w->box) ||
	    layout_gutter_between(l, &w[-1].box, &w->box))
		return -1;
	return (double)w->box.x0 - w[-1].box.x1;
}

/* Is the gap before w a wide space of a justified line?  These are all equal,
 * and occur only in narrow columns. */
static int
is_justified(const struct layout *l, const struct word *w)
{
	const double gap = gap_before(l, w), left = gap_before(l, w - 1),
		     right = gap_before(l, w + 1),
		     same = (l->ink ? justified_same_ink : justified_same) *
	    l->body;

	return gap <= justified_gap * l->body &&
	    layout_column_of(l, &w->box) != 0 && (left > 0 || right > 0) &&
	    (left < 0 || fabs(gap - left) <= same) &&
	    (right < 0 || fabs(gap - right) <= same);
}

/* The narrowest gap near w in its row. */
static double
narrowest_gap(const struct layout *l, const struct word *w)
{
	double least = gap_before(l, w), gap;

	for (int i = 1; i <= NEAR_WORDS && (gap = gap_before(l, w - i)) > 0;
	     i++)
		least = gap < least ? gap : least;
	for (int i = 1; i <= NEAR_WORDS && (gap = gap_before(l, w + i)) > 0;
	     i++)
		least = gap < least ? gap : least;
	return least;
}

/* Are w and the word before it in two cells?  The gap after a sentence, or
 * after a number that is alone at the line's start, may be wide too. */
static int
begins_cell(const struct layout *l, const struct word *w, int alone)
{
	const double gap = gap_before(l, w);
	const double least = l->ink ? cell_gap_ink : cell_gap;
	const double wider = l->ink ? cell_gap_wider_ink : cell_gap_wider;

	return !(alone && (marker_of(w - 1) || marker_section(w - 1))) &&
	    gap > least * layout_word_size(w, l->ink) && w[-1].length > 0 &&
	    !strchr(".!?:;", w[-1].text[w[-1].length - 1]) &&
	    gap > wider * narrowest_gap(l, w);
}

/* Is b beside a, on a line with letters of this size? */
static int
is_near(int32_t overlap_along, int32_t overlap_across, double size)
{
	return overlap_along >= -word_gap * size &&
	    overlap_along <= back_max * size && overlap_across >= size / 2;
}

static int
continues(const struct layout *l, const struct piece *p,
    const struct word *last, const struct word *w)
{
	const int32_t across = box_overlap_x(&last->box, &w->box),
		      down = box_overlap_y(&last->box, &w->box);
	double gap = w->box.x0 - p->box.x1;

	if (last->turned != w->turned || last->cell != w->cell ||
	    last->code != w->code)
		return 0;
	if (w->code)
		return box_same_row(&last->box, &w->box) &&
		    w->box.x0 >= last->box.x0;
	if (w->turned)
		return w->turned & 1
		    ? is_near(down, across, layout_word_size(w, l->ink))
		    : is_near(across, down, layout_word_size(w, l->ink));
	return box_same_row(&last->box, &w->box) && w->box.x0 >= last->box.x0 &&
	    !begins_cell(l, w, p->count == 1) &&
	    (gap <= layout_gap_max(l, last, w, p->count == 1) ||
		is_justified(l, w)) &&
	    gap >= -back_max * layout_word_size(last, l->ink) &&
	    !layout_gutter_between(l, &last->box, &w->box);
}

static int
by_column(const void *va, const void *vb)
{
	const struct piece *a = va, *b = vb;

	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

/* Where poppler joined columns, their lines come side by side.  Put the lines
 * of each column together; layout_order then sorts the columns. */
static void
part_columns(struct layout *l)
{
	struct piece *p = l->pieces;
	size_t first = 0;

	for (size_t i = 0; i <= l->piece_count; i++)
		if (i == l->piece_count || p[i].column == 0) {
			qsort(p + first, i - first, sizeof *p, by_column);
			first = i + 1;
		}
}

int
layout_find_pieces(struct layout *l)
{
	const struct page *p = l->page;
	struct piece *piece = NULL;

	l->pieces = malloc((p->word_count + 1) * sizeof *l->pieces);
	if (!l->pieces)
		return -1;
	for (size_t i = 0; i < p->word_count; i++) {
		const struct word *w = &p->words[i];

		if (piece && continues(l, piece, w - 1, w)) {
			box_join(&piece->box, &w->box);
			piece->count++;
			continue;
		}
		piece = &l->pieces[l->piece_count++];
		*piece = (struct piece){.box = w->box,
		    .first = (uint32_t)i,
		    .count = 1,
		    .turned = w->turned};
	}
	for (size_t i = 0; i < l->piece_count; i++) {
		piece = &l->pieces[i];
		piece->m = layout_measure_words(p->words + piece->first,
		    piece->count, l->ink);
		piece->column = layout_column_of(l, &piece->box);
	}
	part_columns(l);
	return 0;
}
