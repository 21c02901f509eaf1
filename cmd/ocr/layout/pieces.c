/* pieces.c - words make pieces: lines, or cells of a table. */
#include "layout_in.h"

#include <stdlib.h>

/* All in sizes of the letters. */
/* a space is 0.3; justified ones grow to this */
static const double word_gap = 0.9;
/* between an item's bullet and its text */
static const double marker_gap = 4;
/* between a bare number and a heading */
static const double number_gap = 2;
/* words may overlap: italics, kerning */
static const double back_max = 0.6;

/* Is the first word what numbers or marks those that follow it? */
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
layout_gap_max(const struct word *a, const struct word *b, int alone)
{
	double size_a = layout_word_size(a, 0), size_b = layout_word_size(b, 0);

	return gap_in_sizes(a, b, alone) * (size_a > size_b ? size_a : size_b);
}

/* Is b beside a, on the line of letters this large? */
static int
is_near(int32_t overlap_along, int32_t overlap_across, double size)
{
	return overlap_along >= -word_gap * size &&
	    overlap_along <= back_max * size && overlap_across >= size / 2;
}

static int
continues(const struct piece *p, const struct word *last, const struct word *w)
{
	const int32_t across = box_overlap_x(&last->box, &w->box),
		      down = box_overlap_y(&last->box, &w->box);
	double gap = w->box.x0 - p->box.x1;

	if (last->turned != w->turned)
		return 0;
	if (w->turned)
		return w->turned & 1
		    ? is_near(down, across, layout_word_size(w, 0))
		    : is_near(across, down, layout_word_size(w, 0));
	return box_same_row(&last->box, &w->box) && w->box.x0 >= last->box.x0 &&
	    gap <= layout_gap_max(last, w, p->count == 1) &&
	    gap >= -back_max * layout_word_size(last, 0);
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

		if (piece && continues(piece, w - 1, w)) {
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
	}
	return 0;
}
