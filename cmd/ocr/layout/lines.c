/* lines.c - pieces make lines. */
#include "layout_in.h"

#include <stdlib.h>
#include <string.h>

/* In letter sizes. */
static const double line_gap = 1.5; /* poppler's limit within a line */
/* words may overlap by this: italics, kerning */
static const double back_max = 0.6;

static void
take_words(struct build *b, struct line *line, const struct piece *piece)
{
	memcpy(b->words + b->word_count, b->l->page->words + piece->first,
	    piece->count * sizeof *b->words);
	b->word_count += piece->count;
	line->count += piece->count;
	box_join(&line->box, &piece->box);
}

static int
joins_line(const struct layout *l, const struct piece *a, const struct piece *b)
{
	double size = a->m.size > b->m.size ? a->m.size : b->m.size;
	double gap = b->box.x0 - a->box.x1;

	return !b->table && !a->turned && !b->turned &&
	    box_same_row(&a->box, &b->box) && gap <= line_gap * size &&
	    gap >= -back_max * size &&
	    !layout_gutter_between(l, &a->box, &b->box);
}

/* Make a line of the pieces from *i on, and move *i past them. */
static int
add_line(struct build *b, size_t *i)
{
	const struct piece *piece = b->l->pieces + *i,
			   *end = b->l->pieces + b->l->piece_count;
	struct line line = {.box = piece->box, .first = b->word_count};

	take_words(b, &line, piece);
	while (++piece < end && joins_line(b->l, piece - 1, piece))
		take_words(b, &line, piece);
	*i = (size_t)(piece - b->l->pieces);
	return page_add_line(b->l->page, &line);
}

int
build_add_table(struct build *b, const struct page_table *t)
{
	const uint32_t *order = b->l->tables.order + t->first;
	struct block block = {.type = BLOCK_TABLE,
	    .first = b->l->page->line_count};
	const struct piece *piece, *last = NULL;
	struct line line = {0};

	for (size_t i = 0; i < t->count; i++, last = piece) {
		piece = &b->l->pieces[order[i]];
		if (last && piece->m.base == last->m.base) {
			take_words(b, &line, piece);
			continue;
		}
		if (last && page_add_line(b->l->page, &line) < 0)
			return -1;
		line = (struct line){.box = piece->box, .first = b->word_count};
		take_words(b, &line, piece);
	}
	if (page_add_line(b->l->page, &line) < 0)
		return -1;
	if (t->contents)
		return 0;
	block.count = b->l->page->line_count - block.first;
	block.box = b->l->page->lines[block.first].box;
	for (size_t i = 1; i < block.count; i++)
		box_join(&block.box, &b->l->page->lines[block.first + i].box);
	return page_add_block(b->l->page, &block);
}

int
layout_find_lines(struct layout *l)
{
	struct page *p = l->page;
	struct build b = {.l = l};
	unsigned char *done = calloc(l->tables.count + 1, 1);
	int r = 0;

	b.words = malloc((p->word_count + 1) * sizeof *b.words);
	if (!b.words || !done)
		r = -1;
	for (size_t i = 0; r == 0 && i < l->piece_count;) {
		uint32_t t = l->pieces[i].table;

		if (!t) {
			r = add_line(&b, &i);
			continue;
		}
		if (!done[t])
			r = build_add_table(&b, &l->tables.table[t - 1]);
		done[t] = 1;
		i++;
	}
	free(done);
	if (r < 0) {
		free(b.words);
		return -1;
	}
	free(p->words);
	p->words = b.words;
	return layout_measure(l);
}
