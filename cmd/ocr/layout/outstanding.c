/* outstanding.c - in scans, lines that stand out make blocks of their own.
 *
 * OCR joins some headings to the paragraphs below them, and divides others at
 * their lines.  It joins the lines of a list of contents, too. */
#include "layout_in.h"

#include <stdlib.h>
#include <string.h>

/* Letters of this part of the text's size are a heading's. */
static const double large_min = 1.3;
/* least distance of such letters from others, in leads */
static const double part_min = 1.2;
/* most distance of a heading's lines, in leads of its letter size */
static const double lines_apart = 1.35;

static int
is_large(const struct layout *l, size_t line)
{
	return l->lines[line].size >= large_min * l->body;
}

static int
is_bold(const struct layout *l, size_t line)
{
	return (layout_line_style(l, line) & STYLE_BOLD) != 0;
}

static double
line_distance(const struct layout *l, size_t line)
{
	return (double)l->lines[line].base - l->lines[line - 1].base;
}

static int
begins_item(const struct page *p, const struct line *line)
{
	return line->count > 1 &&
	    marker_of(&p->words[line->first]) == MARKER_BULLET;
}

/* Does a line that stands out begin here, or end before it? */
static int
changes(const struct layout *l, size_t line)
{
	return (is_large(l, line) != is_large(l, line - 1) &&
		   !layout_similar_size(l->lines[line].size,
		       l->lines[line - 1].size) &&
		   line_distance(l, line) > part_min * l->lead) ||
	    layout_bold_changes(l, line);
}

static int
add_parts(struct layout *l, const struct block *b, struct page *out)
{
	struct block part = *b;

	for (size_t i = b->first; i < b->first + b->count; i++) {
		if (i > part.first &&
		    (changes(l, i) ||
			layout_has_leader(l->page, &l->page->lines[i - 1]) ||
			begins_item(l->page, &l->page->lines[i]) ||
			layout_ends_item(l, &part, i))) {
			part.count = i - part.first;
			if (page_add_block(out, &part) < 0)
				return -1;
			part.first = i;
		}
		if (i == part.first)
			part.box = l->page->lines[i].box;
		else
			box_join(&part.box, &l->page->lines[i].box);
	}
	part.count = b->first + b->count - part.first;
	if (part.count == b->count)
		part.box = b->box;
	return page_add_block(out, &part);
}

static int
ends_sentence(const struct page *p, const struct line *line)
{
	const struct word *w = &p->words[line->first + line->count - 1];

	return strchr(".:;!?", w->text[w->length - 1]) != NULL;
}

/* Does the block continue the heading above it? */
static int
goes_on(const struct layout *l, const struct block *a, const struct block *b)
{
	const struct page *p = l->page;
	const size_t line = b->first;
	const struct word *w;
	double size;

	/* A figure has no lines. */
	if (a->count == 0 || b->count == 0 || a->first + a->count != line)
		return 0;
	w = &p->words[p->lines[line].first];
	size = l->lines[line].size;
	if (p->lines[line].count == 0 || p->lines[line - 1].count == 0 ||
	    a->type == BLOCK_TABLE || b->type == BLOCK_TABLE ||
	    is_bold(l, line) != is_bold(l, line - 1))
		return 0;
	return (is_bold(l, line) ||
		   (is_large(l, line) && is_large(l, line - 1))) &&
	    layout_similar_size(size, l->lines[line - 1].size) &&
	    line_distance(l, line) > 0 &&
	    line_distance(l, line) <= lines_apart * l->lead * size / l->body &&
	    box_overlap_x(&p->lines[line - 1].box, &p->lines[line].box) > 0 &&
	    marker_of(w) == MARKER_NONE && marker_section(w) == 0 &&
	    !ends_sentence(p, &p->lines[line - 1]);
}

int
layout_part_outstanding(struct layout *l)
{
	struct page *p = l->page, out = {0};
	size_t n = 0;

	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];

		if ((b->count < 2 || b->type == BLOCK_TABLE
			    ? page_add_block(&out, b)
			    : add_parts(l, b, &out)) < 0) {
			free(out.blocks);
			return -1;
		}
	}
	for (size_t i = 0; i < out.block_count; i++) {
		const struct block b = out.blocks[i];

		if (n > 0 && goes_on(l, &out.blocks[n - 1], &b)) {
			out.blocks[n - 1].count += b.count;
			box_join(&out.blocks[n - 1].box, &b.box);
			continue;
		}
		out.blocks[n++] = b;
	}
	free(p->blocks);
	p->blocks = out.blocks;
	p->block_count = n;
	return 0;
}
