/* tag_order.c - the reading order that the structure of a tagged PDF gives.
 *
 * Columns, boxes beside the text and notes can be read in several orders, and
 * only the author knows which.  But some programs write structures in the order
 * of drawing, or none.  A structure is used if nearly all words belong to it,
 * if it does not tear blocks apart, and if it does not jump up within
 * columns. */
#include "layout_in.h"

#include <stdlib.h>
#include <string.h>

/* Parts of the words: that have a place in the structure, at least, and that
 * are out of the order of the blocks, at most. */
static const double placed_part = 0.95, torn_part = 0.05;
/* of the steps from one block to the next, those that jump up, at most */
static const double up_part = 0.1;

struct ordered_block {
	struct block block;
	size_t index;
	uint32_t order; /* the median of its words; 0: unknown */
	size_t words, placed;
};

struct block_order {
	const struct page *page;
	struct ordered_block *items; /* owned */
	size_t count;
	uint32_t *places; /* owned: room for those of one block */
};

static int
compare_places(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
add_block(struct block_order *s, const struct block *b)
{
	const struct page *p = s->page;
	struct ordered_block *o = &s->items[s->count];

	*o = (struct ordered_block){.block = *b, .index = s->count};
	s->count++;
	for (size_t i = b->first; i < b->first + b->count; i++)
		for (size_t j = 0; j < p->lines[i].count; j++) {
			const struct word *w = &p->words[p->lines[i].first + j];

			o->words += w->role != ROLE_ARTIFACT;
			if (w->tag_order)
				s->places[o->placed++] = w->tag_order;
		}
	if (o->placed == 0)
		return;
	qsort(s->places, o->placed, sizeof *s->places, compare_places);
	o->order = s->places[o->placed / 2];
}

/* A block without a place follows the one before it. */
static int
compare_blocks(const void *a, const void *b)
{
	const struct ordered_block *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* ---- is it sane? ---- */

static int
are_placed(const struct block_order *s)
{
	size_t words = 0, placed = 0;

	for (size_t i = 0; i < s->count; i++) {
		words += s->items[i].words;
		placed += s->items[i].placed;
	}
	return placed > 0 && (double)placed >= placed_part * (double)words;
}

/* Does the structure have words of a block before those of the block before it,
 * or after those of the next? */
static int
are_torn(const struct block_order *s)
{
	const struct page *p = s->page;
	size_t words = 0, torn = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct block *b = &s->items[i].block;
		const uint32_t least = i > 0 ? s->items[i - 1].order : 0;
		const uint32_t most = i + 1 < s->count ? s->items[i + 1].order
						       : UINT32_MAX;

		for (size_t j = b->first; j < b->first + b->count; j++)
			for (size_t k = 0; k < p->lines[j].count; k++) {
				const uint32_t at =
				    p->words[p->lines[j].first + k].tag_order;

				torn += at && (at < least || at > most);
				words += at > 0;
			}
	}
	return (double)torn > torn_part * (double)words;
}

static int
jumps_up(const struct box *a, const struct box *b)
{
	const int32_t wa = box_width(a), wb = box_width(b);

	return b->y1 <= a->y0 &&
	    2.0 * box_overlap_x(a, b) > (wa < wb ? wa : wb);
}

static int
goes_down(const struct block_order *s)
{
	size_t up = 0;

	for (size_t i = 1; i < s->count; i++)
		up += (size_t)jumps_up(&s->items[i - 1].block.box,
		    &s->items[i].block.box);
	return (double)up <= up_part * (double)(s->count - 1);
}

/* ---- the page ---- */

static void
order_blocks(struct block_order *s, struct block *to)
{
	if (!are_placed(s))
		return;
	for (size_t i = 1; i < s->count; i++)
		if (s->items[i].placed == 0)
			s->items[i].order = s->items[i - 1].order;
	qsort(s->items, s->count, sizeof *s->items, compare_blocks);
	if (are_torn(s) || !goes_down(s))
		return;
	for (size_t i = 0; i < s->count; i++)
		to[i] = s->items[i].block;
}

/* Headers stay first and footers last. */
int
layout_order_by_tags(struct layout *l)
{
	struct page *p = l->page;
	struct block_order s = {.page = p};
	size_t first = 0, end = p->block_count;
	int r = -1;

	if (l->tags_lie)
		return 0;
	while (first < end && p->blocks[first].type == BLOCK_HEADER)
		first++;
	while (end > first && p->blocks[end - 1].type == BLOCK_FOOTER)
		end--;
	s.items = malloc((end - first + 1) * sizeof *s.items);
	s.places = malloc((p->word_count + 1) * sizeof *s.places);
	if (s.items && s.places) {
		for (size_t i = first; i < end; i++)
			add_block(&s, &p->blocks[i]);
		if (s.count > 1)
			order_blocks(&s, p->blocks + first);
		r = 0;
	}
	free(s.items);
	free(s.places);
	return r;
}
