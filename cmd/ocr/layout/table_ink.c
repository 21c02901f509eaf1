/* table_ink.c - check tables that OCR found. */
#include "justified.h"
#include "layout_in.h"

#include <string.h>

enum {
	LONG_LINE = 3,   /* words, to see whether it leans */
	TABLE_LINES = 3, /* tables with fewer lines are not judged */
	LEADER_DOTS = 4,
	LEADER_LETTERS = 12, /* OCR reads faint dots as one word of c, e, o and
			      * s that is so long */
};

/* Gaps between words look wider by this factor, because a box of ink does not
 * include the space beside letters. */
static const double ink_gap = 1.5;
/* both ends of a leaning line differ by more than this, in letter sizes */
static const double lean = 0.5;
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
has_cells(const struct layout *l, const struct line *line)
{
	const struct word *w = l->page->words + line->first;
	int wide = 0;

	for (size_t i = 0; i < line->count; i++) {
		if (is_leader(&w[i]))
			return 0;
		wide |= i > 0 &&
		    w[i].box.x0 - w[i - 1].box.x1 >
			ink_gap * layout_gap_max(l, &w[i - 1], &w[i], i == 1);
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
		if (gaps.gaps > 1 && has_cells(l, line))
			justified_add(&all, &gaps, same);
	}
	return is_justified_text(&all, same) || is_running_text(&all);
}

/* Are most of the block's lines rows of cells? */
static int
has_rows(const struct layout *l, const struct block *b)
{
	const struct line *line = l->page->lines + b->first;
	size_t rows = 0;

	/* Fewer are a table only if they are side by side. */
	if (b->count < TABLE_LINES)
		return b->count == 2 &&
		    box_same_row(&line[0].box, &line[1].box);
	for (size_t i = 0; i < b->count; i++)
		rows += (size_t)has_cells(l, &line[i]);
	/* Loosely set text has such gaps in one or two lines. */
	return rows >= 2 && rows * 3 >= b->count * 2 && !is_justified(l, b);
}

/* Is a word of the block part of a contents list, or in a ruled table? */
static int
is_other(const struct layout *l, const struct block *b)
{
	for (size_t i = b->first; i < b->first + b->count; i++) {
		const struct line *line = &l->page->lines[i];
		const struct word *w = l->page->words + line->first;

		for (size_t j = 0; j < line->count; j++)
			if (w[j].cell || is_leader(&w[j]))
				return 1;
	}
	return 0;
}

int
layout_lines_lean(const struct layout *l)
{
	const struct page *p = l->page;
	size_t long_lines = 0, leaning = 0;

	for (size_t i = 0; i < p->line_count; i++) {
		const struct line *line = &p->lines[i];
		const struct box *a, *b;
		double by;

		if (line->count < LONG_LINE)
			continue;
		a = &p->words[line->first].box;
		b = &p->words[line->first + line->count - 1].box;
		by = ((double)a->y0 + a->y1 - b->y0 - b->y1) / 2;
		long_lines++;
		leaning += (by < 0 ? -by : by) > lean * l->body;
	}
	return 2 * leaning > long_lines;
}

void
layout_judge_tables(const struct layout *l)
{
	for (size_t i = 0; i < l->page->block_count; i++) {
		struct block *b = &l->page->blocks[i];

		if (b->type == BLOCK_TABLE &&
		    (!has_rows(l, b) || is_other(l, b)))
			b->type = BLOCK_PARAGRAPH;
	}
}

/* The table of which the block has all words, if no other table has one of
 * them; 0: there is none, or the tables are parts of others. */
static uint32_t
table_within(const struct layout *l, size_t first, size_t end)
{
	uint32_t table = 0;

	for (size_t i = 0; i < l->piece_count; i++) {
		const struct piece *p = &l->pieces[i];

		if (!p->table || p->first < first || p->first >= end)
			continue;
		if (table && p->table != table)
			return 0;
		table = p->table;
	}
	for (size_t i = 0; table && i < l->piece_count; i++)
		if (l->pieces[i].table == table &&
		    (l->pieces[i].first < first || l->pieces[i].first >= end))
			return 0;
	return table;
}

void
layout_keep_tables(const struct layout *l)
{
	const struct page *p = l->page;

	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];
		const struct line *line = p->lines + b->first;
		uint32_t table;

		if (b->type != BLOCK_TABLE)
			continue;
		table = table_within(l, line->first,
		    line[b->count - 1].first + line[b->count - 1].count);
		for (size_t j = 0; table && j < l->piece_count; j++)
			if (l->pieces[j].table == table)
				l->pieces[j].table = 0;
	}
}
