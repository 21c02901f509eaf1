/* blocks.c - lines make blocks: paragraphs, items of lists, headings. */
#include "layout_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	NEAR_LINES = 8,
	LEADER_DOTS = 4,
	FLUSH_LINES = 3, /* above and below, in which text is flush right */
	FLUSH_EDGES = 3, /* left edges of such lines, at least */
};

/* Lengths are in letter sizes unless a comment says otherwise. */
/* in leads; the ms macros set paragraphs 1.3 leads apart */
static const double lead_break = 1.2;
static const double indent_min = 0.8;
static const double indent_max = 5; /* of a paragraph's first line */
/* a line centred under another, within this, is not indented */
static const double centred = 0.3;
static const double item_slack = 0.4; /* lines of one indent differ by less */
static const double word_space = 0.3;
static const double page_apart = 2;    /* a page number from its title */
static const double edge_slack = 0.25; /* lines with one edge differ by less */
/* a short line ends at least this far from the right edge */
static const double short_line = 2.5;

static int
ends_sentence(const struct page *p, const struct line *line)
{
	const struct word *w = &p->words[line->first + line->count - 1];

	return w->length > 0 && strchr(".:;!?", w->text[w->length - 1]) != NULL;
}

/* Do the lines around line i of a block end below each other, but begin in
 * different places?  Those of justified paragraphs have one left edge or two.
 */
static int
is_flush_right(const struct layout *l, const struct block *b, size_t i)
{
	const struct line *lines = l->page->lines;
	const double slack = edge_slack * l->lines[i].size;
	const size_t from = i > b->first + FLUSH_LINES ? i - FLUSH_LINES
						       : b->first;
	size_t edges = 0;

	for (size_t j = from; j < l->page->line_count && j <= i + FLUSH_LINES;
	     j++) {
		size_t k = from;

		if (j > i &&
		    (l->lines[j].base - l->lines[j - 1].base >
			    lead_break * l->lead ||
			fabs((double)lines[j].box.x1 - lines[i].box.x1) >
			    slack))
			break;
		if (fabs((double)lines[j].box.x1 - lines[i].box.x1) > slack)
			return 0;
		while (k < j &&
		    fabs((double)lines[j].box.x0 - lines[k].box.x0) > slack)
			k++;
		edges += k == j;
	}
	return edges >= FLUSH_EDGES;
}

/* Is the line indented as a paragraph's first line is? */
static int
is_indented(const struct layout *l, const struct block *b, size_t i)
{
	const struct box *above = &l->page->lines[i - 1].box,
			 *box = &l->page->lines[i].box;
	double size = l->lines[i].size, by = box->x0 - above->x0;
	double centre = (box->x0 + box->x1 - above->x0 - above->x1) / 2.0;

	if (by < indent_min * size || by > indent_max * size ||
	    fabs(centre) < centred * size || is_flush_right(l, b, i))
		return 0;
	/* In paragraphs with a hanging indent the second line is indented
	 * too. */
	return i - b->first > 1 || above->x1 < box->x1 - short_line * size;
}

static int
begins_item(const struct layout *l, const struct block *b, size_t i)
{
	const struct page *p = l->page;
	enum marker m = marker_of(&p->words[p->lines[i].first]);

	/* A number may also begin a line in the middle of a sentence. */
	return m == MARKER_BULLET ||
	    (m != MARKER_NONE &&
		(ends_sentence(p, &p->lines[i - 1]) ||
		    marker_of(&p->words[p->lines[b->first].first]) == m));
}

/* Was the line before i broken although the first word of i would have fitted?
 * The lines around show how wide the column is. */
static int
ends_early(const struct layout *l, size_t i)
{
	const struct page *p = l->page;
	const struct word *w = &p->words[p->lines[i].first];
	const size_t from = i > NEAR_LINES ? i - NEAR_LINES : 0;
	int32_t right = p->lines[i].box.x1;

	for (size_t j = from; j < p->line_count && j < i + NEAR_LINES; j++)
		if (box_overlap_x(&p->lines[j].box, &p->lines[i].box) > 0 &&
		    p->lines[j].box.x1 > right)
			right = p->lines[j].box.x1;
	return right - p->lines[i - 1].box.x1 >
	    box_width(&w->box) + word_space * l->lines[i].size;
}

int
layout_ends_item(const struct layout *l, const struct block *b, size_t i)
{
	const struct page *p = l->page;
	const struct line *first = &p->lines[b->first];
	const double slack = item_slack * l->lines[i].size;
	const double by = (double)p->lines[i].box.x0 - first->box.x0;

	if (marker_of(&p->words[first->first]) == MARKER_NONE || by > slack)
		return 0;
	return by < -slack ||
	    (i - b->first > 1 && first[1].box.x0 - first->box.x0 > slack) ||
	    ends_early(l, i);
}

/* The longest run of dots in the word. */
static size_t
dots_in(const struct word *w)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < w->length; i++) {
		run = w->text[i] == '.' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

int
layout_has_leader(const struct page *p, const struct line *line)
{
	const struct word *w = p->words + line->first;
	size_t run = 0;

	for (size_t i = 0; i < line->count; i++) {
		const size_t dots = dots_in(&w[i]);

		run = dots == w[i].length ? run + dots : 0;
		if (dots >= LEADER_DOTS || run >= LEADER_DOTS)
			return 1;
	}
	return 0;
}

int
layout_ends_with_page(const struct layout *l, const struct line *line)
{
	const struct word *w = l->page->words + line->first + line->count - 1;

	return line->count > 1 && *w->text >= '0' && *w->text <= '9' &&
	    w->box.x0 - w[-1].box.x1 > page_apart * l->body;
}

/* The number of the listing that has the line. */
static uint32_t
code_of(const struct layout *l, size_t i)
{
	return l->page->words[l->page->lines[i].first].code;
}

static int
is_turned(const struct page *p, const struct line *line)
{
	return p->words[line->first].turned;
}

static int
begins_block(const struct layout *l, const struct block *b, size_t i)
{
	const struct box *above = &l->page->lines[i - 1].box,
			 *box = &l->page->lines[i].box;
	const struct text_measure *a = &l->lines[i - 1], *m = &l->lines[i];
	const uint32_t code = code_of(l, i);
	double lead = l->lead;

	if (code || code_of(l, i - 1))
		return code != code_of(l, i - 1);
	/* Lines of large letters are further apart. */
	if (m->size > l->body && l->body > 0)
		lead *= m->size / l->body;
	return layout_has_leader(l->page, &l->page->lines[i - 1]) ||
	    layout_ends_with_page(l, &l->page->lines[i - 1]) ||
	    is_turned(l->page, &l->page->lines[i - 1]) ||
	    is_turned(l->page, &l->page->lines[i]) || m->base - a->base <= 0 ||
	    m->base - a->base > lead * lead_break ||
	    !layout_similar_size(a->size, m->size) ||
	    box_overlap_x(above, box) <= 0 || begins_item(l, b, i) ||
	    is_indented(l, b, i) || layout_ends_item(l, b, i) ||
	    layout_bold_changes(l, i);
}

/* Make blocks of the lines from first on, up to the next table or the end. */
static int
add_blocks(struct layout *l, size_t first, size_t end)
{
	struct block b = {.first = first};

	for (size_t i = first; i < end; i++) {
		if (i > b.first && begins_block(l, &b, i)) {
			b.count = i - b.first;
			if (page_add_block(l->page, &b) < 0)
				return -1;
			b.first = i;
		}
	}
	b.count = end - b.first;
	return b.count > 0 ? page_add_block(l->page, &b) : 0;
}

int
layout_find_blocks(struct layout *l)
{
	struct page *p = l->page;
	struct block *tables = p->blocks;
	size_t n = p->block_count, next = 0;
	int r = 0;

	p->blocks = NULL;
	p->block_count = 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		r = add_blocks(l, next, tables[i].first) |
		    page_add_block(p, &tables[i]);
		next = tables[i].first + tables[i].count;
	}
	free(tables);
	if (r == 0)
		r = add_blocks(l, next, p->line_count);
	for (size_t i = 0; r == 0 && i < p->block_count; i++) {
		struct block *b = &p->blocks[i];

		b->box = p->lines[b->first].box;
		for (size_t j = 1; j < b->count; j++)
			box_join(&b->box, &p->lines[b->first + j].box);
	}
	return r;
}
