/* heading.c - which blocks are headings, and of which level. */
#include "layout_in.h"

#include <string.h>

enum {
	HEADING_LINES = 4,
	HEADING_WORDS = 30,
	PLAIN_WORDS = 10, /* at most, of a heading no larger than the text */
	BOLD_WORDS = 20,  /* the same, in bold letters */
	LEVEL_PLAIN = 4,  /* the level of headings that are no larger than the
			   * text */
	LEVEL_MAX = 6,
};

/* a heading's letters are larger than the text by this factor; */
static const double larger = 1.12;
/* sizes measured from ink are less exact */
static const double larger_ink = 1.15;
/* a wider gap between words is not a space; in letter sizes */
static const double gap_max = 1.8;
static const double level_1 = 1.6;
static const double level_2 = 1.3;
/* the space above a heading is this many times that below */
static const double heading_above = 1.3;
/* a section number such as 2.1 says so too */
static const double section_above = 0.9;
static const double heading_below = 1.8; /* most space below a heading, in
					  * leads */
static const double bold_below = 4;      /* the same, of one in bold letters */
static const double head_below = 0.5;    /* less space is that between a table's
					  * rows, in leads */
/* most indentation of text below a heading, in letter sizes */
static const double indent_max = 8;
static const double heading_width = 0.7; /* part of the width of the block
					  * below, at most */

static size_t
word_count(const struct page *p, const struct block *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++)
		n += block_line(p, b, i)->count;
	return n;
}

double
layout_block_size(const struct layout *l, const struct block *b)
{
	double sum = 0;

	for (size_t i = 0; i < b->count; i++)
		sum += l->lines[b->first + i].size;
	return b->count ? sum / (double)b->count : 0;
}

/* Does the block begin with a capital or a number, and not end like a sentence?
 */
static int
reads_like_title(const struct page *p, const struct block *b)
{
	const struct line *last = block_line(p, b, b->count - 1);
	const struct word *w = p->words + last->first + last->count - 1;
	const unsigned char c = (unsigned char)*block_first_word(p, b)->text;

	return last->count > 0 &&
	    (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		strchr("\"'([$", c)) &&
	    !strchr(".,:;", w->text[w->length - 1]);
}

/* Is there a wide gap in its first line, as between a label and its value? */
static int
has_gap(const struct layout *l, const struct block *b)
{
	const struct line *line = block_line(l->page, b, 0);
	const struct word *w = l->page->words + line->first;

	for (size_t i = marker_section(w) ? 2 : 1; i < line->count; i++)
		if ((double)w[i].box.x0 - w[i - 1].box.x1 >
		    gap_max * layout_word_size(&w[i], l->ink))
			return 1;
	return 0;
}

/* Has OCR read a line between cells as a letter? */
static int
has_bar(const struct page *p, const struct block *b)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct line *line = block_line(p, b, i);

		for (size_t j = 0; j < line->count; j++) {
			const struct word *w = &p->words[line->first + j];

			if (memchr(w->text, '|', w->length))
				return 1;
		}
	}
	return 0;
}

/* Measured from ink, the size of a few small letters is a guess: they also
 * have to read like a title. */
static int
is_doubtful(const struct layout *l, const struct block *b, double by)
{
	return l->ink &&
	    (has_gap(l, b) || has_bar(l->page, b) ||
		(by < level_1 && !reads_like_title(l->page, b)));
}

static int
large_level(const struct layout *l, const struct block *b)
{
	const double by = l->body > 0 ? layout_block_size(l, b) / l->body : 0;

	if (b->count > HEADING_LINES ||
	    word_count(l->page, b) > HEADING_WORDS ||
	    by < (l->ink ? larger_ink : larger) || is_doubtful(l, b, by))
		return 0;
	return by >= level_1 ? 1 : by >= level_2 ? 2 : 3;
}

/* Does the line read like a heading: it begins with a capital, and does not
 * end a sentence? */
static int
reads_like_heading(const struct word *w, size_t n)
{
	const struct word *last = &w[n - 1];
	char c;

	if (marker_section(w) > 0 && n > 1)
		w++;
	if (n > PLAIN_WORDS || w->length == 0 || last->length == 0)
		return 0;
	c = *w->text;
	return ((unsigned char)c >= 0x80 || (c >= 'A' && c <= 'Z')) &&
	    !strchr(".,:;!?", last->text[last->length - 1]);
}

/* Can a heading stand above this block? */
static int
takes_heading(const struct layout *l, const struct block *b,
    const struct word *heading)
{
	const enum marker m = marker_of(heading);

	return b->type != BLOCK_TABLE && b->count >= 2 &&
	    block_has_words(l->page, b) && large_level(l, b) == 0 &&
	    (m == MARKER_NONE || marker_of(block_first_word(l->page, b)) != m);
}

/* A heading in bold letters of the text's size: judge by the space around
 * it. */
static int
plain_level(const struct layout *l, const struct block *b,
    const struct block *before, const struct block *after)
{
	const struct page *p = l->page;
	const struct word *w = block_first_word(p, b);
	const int section = marker_section(w),
		  level = LEVEL_PLAIN - 1 + section;
	const double above = block_room(before, b),
		     below = block_room(b, after);

	if (b->count != 1 || below < 0 || below > heading_below * l->lead ||
	    (l->ink && !section && b->type != BLOCK_HEADING) ||
	    !reads_like_heading(w, block_line(p, b, 0)->count) ||
	    !takes_heading(l, after, w))
		return 0;
	if ((above >= 0 &&
		above <
		    (section > 1 ? section_above : heading_above) * below) ||
	    (section > 1 &&
		marker_section(block_first_word(p, after)) == section) ||
	    box_width(&b->box) > heading_width * box_width(&after->box) ||
	    (before && before->type == BLOCK_HEADING && before->level == 1))
		return 0;
	return !section ? LEVEL_PLAIN : level < LEVEL_MAX ? level : LEVEL_MAX;
}

/* The space between a heading and indented text that begins to its right; -1:
 * that is elsewhere. */
static double
room_above_indented(const struct layout *l, const struct block *b,
    const struct block *after)
{
	return after && after->box.y0 >= b->box.y1 &&
		after->box.x0 >= b->box.x1 &&
		after->box.x0 - b->box.x0 <= indent_max * l->body
	    ? (double)after->box.y0 - b->box.y1
	    : -1;
}

/* Is the bold block the header of the table below it, or a part of that? */
static int
is_head_of(const struct layout *l, const struct block *b,
    const struct block *after)
{
	return after->type == BLOCK_TABLE &&
	    block_room(b, after) < head_below * l->lead;
}

/* Is the block beside a table, as a cell that was left out of it? */
static int
is_beside(const struct block *b, const struct block *table)
{
	return table && table->type == BLOCK_TABLE &&
	    box_same_row(&b->box, &table->box);
}

/* A heading in bold letters of the text's size needs no space around it. */
static int
bold_level(const struct layout *l, const struct block *b,
    const struct block *after)
{
	const struct page *p = l->page;
	const struct word *w = block_first_word(p, b);
	const int section = marker_section(w),
		  level = LEVEL_PLAIN - 1 + section;
	double below = block_room(b, after);

	if (below < 0 && layout_is_capitals(p, b))
		below = room_above_indented(l, b, after);
	if (!after || is_head_of(l, b, after) || (l->ink && has_gap(l, b)) ||
	    !layout_block_is_bold(l, b) || word_count(p, b) > BOLD_WORDS ||
	    below < 0 || below > bold_below * l->lead ||
	    marker_of(w) == MARKER_BULLET ||
	    layout_ends_with_page(l, block_line(p, b, b->count - 1)) ||
	    !reads_like_title(p, b))
		return 0;
	if (!section)
		return LEVEL_PLAIN - layout_is_capitals(p, b);
	return level < LEVEL_MAX ? level : LEVEL_MAX;
}

void
layout_measure_heading(const struct layout *l, struct block *b)
{
	b->letters = layout_block_size(l, b);
	b->bold = layout_block_is_bold(l, b);
}

int
layout_heading_level(const struct layout *l, const struct block *b,
    const struct block *before, const struct block *after)
{
	int level;

	if (is_beside(b, before) || is_beside(b, after) ||
	    layout_has_leader(l->page, block_line(l->page, b, 0)))
		return 0;
	level = large_level(l, b);
	if (!level)
		level = bold_level(l, b, after);
	return level ? level : plain_level(l, b, before, after);
}
