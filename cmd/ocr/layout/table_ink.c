/* table_ink.c - check tables that OCR found, and find others. */
#include "justified.h"
#include "layout_in.h"

#include <string.h>

enum {
	LEADER_DOTS = 4,
	LEADER_LETTERS = 12, /* OCR reads faint dots as one word of c, e, o and
			      * s that is so long */
};

/* Gaps between words look wider by this factor, because a box of ink does not
 * include the space beside letters. */
static const double ink_gap = 1.5;
/* the gaps of a justified line differ by at most this, in letter sizes */
static const double even = 0.25;

/* Does it look like dots that lead to a page number? */
static int
is_leader(const struct word *w)
{
	size_t dots = 0, like = 0;

	for (size_t i = 0; i < w->length; i++) {
		dots += w->text[i] == '.';
		like += strchr(".ceos", w->text[i]) != NULL;
	}
	return dots >= LEADER_DOTS ||
	    (like == w->length && like > LEADER_LETTERS);
}

static int
has_cells(const struct page *p, const struct line *line)
{
	const struct word *w = p->words + line->first;
	int wide = 0;

	for (size_t i = 0; i < line->count; i++) {
		if (is_leader(&w[i]))
			return 0;
		wide |= i > 0 &&
		    w[i].box.x0 - w[i - 1].box.x1 >
			ink_gap * layout_gap_max(&w[i - 1], &w[i], i == 1);
	}
	return wide;
}

static int
is_justified(const struct layout *l, const struct block *b)
{
	const double same = even * l->lines[b->first].size;
	struct justified all = {0};

	for (size_t i = b->first; i < b->first + b->count; i++) {
		const struct line *line = &l->page->lines[i];
		struct line_gaps gaps = {0};

		for (size_t j = 0; j < line->count; j++)
			line_gaps_add(&gaps, &l->page->words[line->first + j]);
		if (gaps.gaps > 1 && has_cells(l->page, line))
			justified_add(&all, &gaps, same);
	}
	return is_justified_text(&all, same) || is_running_text(&all);
}

int
layout_block_is_table(const struct layout *l, const struct block *b)
{
	const struct line *line = l->page->lines + b->first;
	size_t rows = 0;

	for (size_t i = 0; i < b->count; i++)
		rows += (size_t)has_cells(l->page, &line[i]);
	/* Loosely set text has such gaps in one or two lines. */
	return rows >= 2 && rows * 3 >= b->count * 2 && !is_justified(l, b);
}
