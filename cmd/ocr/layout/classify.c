/* classify.c - find the type of each block of a page. */
#include "layout_in.h"

#include <string.h>

enum {
	MARGIN_LINES = 2, /* of a header or footer, at most */
	HEADING_LINES = 4,
	HEADING_WORDS = 30,
	PLAIN_WORDS = 10, /* at most, of a heading no larger than the text */
	BOLD_WORDS = 20,  /* the same, in bold letters */
	CAPTION_LINES = 8,
	LEVEL_PLAIN = 4, /* the level of headings that are no larger than the
			  * text */
	LEVEL_MAX = 6,
};

static const double margin_apart = 1.2; /* least distance from the text, in
					 * letter sizes */
static const double margin_size = 1.15; /* larger letters are a title, not a
					 * header */
/* a heading's letters are larger than the text by this factor; */
static const double larger = 1.12;
/* sizes measured from ink are less exact */
static const double larger_ink = 1.15;
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
static const double page_apart = 2; /* a page number from its title, in letter
				     * sizes */
static const double heading_width = 0.7; /* part of the width of the block
					  * below, at most */
/* most space between parts of one list, in leads */
static const double joined = 2.5;
/* most difference in indentation of one list's items, in letter sizes */
static const double item_shift = 6;

static const struct line *
line_of(const struct page *p, const struct block *b, size_t i)
{
	return &p->lines[b->first + i];
}

static const struct word *
first_word(const struct page *p, const struct block *b)
{
	return &p->words[line_of(p, b, 0)->first];
}

/* Lines in which OCR found nothing are empty. */
static int
has_words(const struct page *p, const struct block *b)
{
	return b->count > 0 && line_of(p, b, 0)->count > 0;
}

static size_t
word_count(const struct page *p, const struct block *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++)
		n += line_of(p, b, i)->count;
	return n;
}

static double
size_of(const struct layout *l, const struct block *b)
{
	double sum = 0;

	for (size_t i = 0; i < b->count; i++)
		sum += l->lines[b->first + i].size;
	return b->count ? sum / (double)b->count : 0;
}

/* Has its first line a letter?  A heading is not just numbers. */
static int
has_letter(const struct page *p, const struct block *b)
{
	const struct line *line = line_of(p, b, 0);
	const struct word *w = p->words + line->first;

	for (size_t i = 0; i < line->count; i++)
		for (size_t j = 0; j < w[i].length; j++) {
			unsigned char c = (unsigned char)w[i].text[j];

			if (c >= 0x80 || ((c | 32) >= 'a' && (c | 32) <= 'z'))
				return 1;
		}
	return 0;
}

/* ---- headers and footers ---- */

/* Which margin is it in?  -1: the top; 1: the bottom. */
static int
in_margin(const struct layout *l, const struct block *b)
{
	const double high = l->page->height;

	if (high <= 0 || b->count > MARGIN_LINES || b->type == BLOCK_FIGURE ||
	    b->type == BLOCK_TABLE || !has_words(l->page, b) ||
	    (has_letter(l->page, b) && size_of(l, b) > margin_size * l->body))
		return 0;
	return b->box.y1 <= LAYOUT_MARGIN * high      ? -1
	    : b->box.y0 >= (1 - LAYOUT_MARGIN) * high ? 1
						      : 0;
}

void
layout_find_margins(struct layout *l)
{
	struct page *p = l->page;
	const double apart = margin_apart * l->body;
	int32_t top = INT32_MAX, bottom = INT32_MIN;

	for (size_t i = 0; i < p->block_count; i++) {
		const struct block *b = &p->blocks[i];

		if (in_margin(l, b))
			continue;
		top = b->box.y0 < top ? b->box.y0 : top;
		bottom = b->box.y1 > bottom ? b->box.y1 : bottom;
	}
	if (top > bottom)
		return;
	for (size_t i = 0; i < p->block_count; i++) {
		struct block *b = &p->blocks[i];
		const int where = in_margin(l, b);

		if (where < 0 && (double)top - b->box.y1 >= apart)
			b->type = BLOCK_HEADER;
		if (where > 0 && (double)b->box.y0 - bottom >= apart)
			b->type = BLOCK_FOOTER;
	}
}

/* ---- the others ---- */

static int
is_block_of(const struct block *b, enum block_type a, enum block_type c)
{
	return b && (b->type == a || b->type == c);
}

/* The space between a block and the one below it; -1: next is not below it. */
static double
room(const struct block *b, const struct block *below)
{
	if (!b || !below || box_overlap_x(&b->box, &below->box) <= 0 ||
	    below->box.y0 < b->box.y0)
		return -1;
	return below->box.y0 > b->box.y1 ? (double)below->box.y0 - b->box.y1
					 : 0;
}

static int
is_caption(const struct layout *l, const struct block *b,
    const struct block *before, const struct block *after)
{
	const struct line *line = line_of(l->page, b, 0);
	const int beside = is_block_of(before, BLOCK_TABLE, BLOCK_FIGURE) ||
	    is_block_of(after, BLOCK_TABLE, BLOCK_FIGURE);

	if (b->count > CAPTION_LINES)
		return 0;
	return marker_caption(first_word(l->page, b), line->count) +
	    (beside && b->type == BLOCK_CAPTION) + beside >=
	    2;
}

static int
heading_level(const struct layout *l, const struct block *b)
{
	const double by = l->body > 0 ? size_of(l, b) / l->body : 0;

	if (b->count > HEADING_LINES ||
	    word_count(l->page, b) > HEADING_WORDS ||
	    by < (l->ink ? larger_ink : larger))
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

/* Does the block begin with a capital or a number, and not end like a sentence?
 */
static int
reads_like_title(const struct page *p, const struct block *b)
{
	const struct line *last = line_of(p, b, b->count - 1);
	const struct word *w = &p->words[last->first + last->count - 1];
	const char c = *first_word(p, b)->text;

	return !(c >= 'a' && c <= 'z') &&
	    !strchr(".,:;", w->text[w->length - 1]);
}

/* Can a heading stand above this block? */
static int
takes_heading(const struct layout *l, const struct block *b,
    const struct word *heading)
{
	const enum marker m = marker_of(heading);

	return b->type != BLOCK_TABLE && b->count >= 2 &&
	    has_words(l->page, b) && heading_level(l, b) == 0 &&
	    (m == MARKER_NONE || marker_of(first_word(l->page, b)) != m);
}

/* A heading in bold letters of the text's size: judge by the space around
 * it. */
static int
plain_level(const struct layout *l, const struct block *b,
    const struct block *before, const struct block *after)
{
	const struct page *p = l->page;
	const struct word *w = first_word(p, b);
	const int section = marker_section(w),
		  level = LEVEL_PLAIN - 1 + section;
	const double above = room(before, b), below = room(b, after);

	if (b->count != 1 || below < 0 || below > heading_below * l->lead ||
	    (l->ink && !section && b->type != BLOCK_HEADING) ||
	    !reads_like_heading(w, line_of(p, b, 0)->count) ||
	    !takes_heading(l, after, w))
		return 0;
	if ((above >= 0 &&
		above <
		    (section > 1 ? section_above : heading_above) * below) ||
	    (section > 1 && marker_section(first_word(p, after)) == section) ||
	    box_width(&b->box) > heading_width * box_width(&after->box) ||
	    (before && before->type == BLOCK_HEADING && before->level == 1))
		return 0;
	return !section ? LEVEL_PLAIN : level < LEVEL_MAX ? level : LEVEL_MAX;
}

/* Does the block end with a number that is far from its text, as a title in a
 * list of contents? */
static int
ends_with_page(const struct layout *l, const struct block *b)
{
	const struct line *line = line_of(l->page, b, b->count - 1);
	const struct word *w = &l->page->words[line->first + line->count - 1];

	return line->count > 1 && *w->text >= '0' && *w->text <= '9' &&
	    w->box.x0 - w[-1].box.x1 > page_apart * l->body;
}

/* Is it all in capitals, with several of them? */
static int
is_capitals(const struct page *p, const struct block *b)
{
	size_t capitals = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct line *line = line_of(p, b, i);

		for (size_t j = 0; j < line->count; j++) {
			const struct word *w = &p->words[line->first + j];

			for (size_t k = 0; k < w->length; k++) {
				capitals += w->text[k] >= 'A' &&
				    w->text[k] <= 'Z';
				if (w->text[k] >= 'a' && w->text[k] <= 'z')
					return 0;
			}
		}
	}
	return capitals > 2;
}

/* Is the bold block the header of the table below it, or a part of that? */
static int
is_head_of(const struct layout *l, const struct block *b,
    const struct block *after)
{
	return after->type == BLOCK_TABLE &&
	    room(b, after) < head_below * l->lead;
}

/* A heading in bold letters of the text's size needs no space around it. */
static int
bold_level(const struct layout *l, const struct block *b,
    const struct block *after)
{
	const struct page *p = l->page;
	const struct word *w = first_word(p, b);
	const int section = marker_section(w),
		  level = LEVEL_PLAIN - 1 + section;
	const double below = room(b, after);

	if (!after || is_head_of(l, b, after) || !layout_block_is_bold(l, b) ||
	    word_count(p, b) > BOLD_WORDS || below < 0 ||
	    below > bold_below * l->lead || marker_of(w) == MARKER_BULLET ||
	    ends_with_page(l, b) || !reads_like_title(p, b))
		return 0;
	if (!section)
		return LEVEL_PLAIN - is_capitals(p, b);
	return level < LEVEL_MAX ? level : LEVEL_MAX;
}

/* OCR reads bullets as the letter e: do two such items follow each other? */
static int
is_e_item(const struct page *p, const struct block *b)
{
	const struct word *w;

	if (!b || !has_words(p, b))
		return 0;
	w = first_word(p, b);
	return line_of(p, b, 0)->count > 1 && w->length == 1 && *w->text == 'e';
}

static int
is_list(const struct layout *l, const struct block *b,
    const struct block *before, const struct block *after)
{
	const struct page *p = l->page;

	return marker_of(first_word(p, b)) != MARKER_NONE ||
	    (l->ink && is_e_item(p, b) &&
		(is_e_item(p, before) || is_e_item(p, after)));
}

/* Does its text run up or down the page, or upside down?  OCR does not report
 * this, but words side by side that are higher than wide show it. */
static int
runs_otherwise(const struct page *p, const struct block *b)
{
	const struct line *line = line_of(p, b, 0);

	return first_word(p, b)->turned ||
	    (line->count > 1 && box_height(&line->box) > box_width(&line->box));
}

static void
classify(struct layout *l, struct block *b, const struct block *before,
    const struct block *after)
{
	const struct page *p = l->page;
	enum block_type type = BLOCK_PARAGRAPH;

	if (b->type == BLOCK_HEADER || b->type == BLOCK_FOOTER ||
	    b->type == BLOCK_FIGURE)
		return;
	b->level = 0;
	if (!has_words(p, b)) {
		b->type = b->type == BLOCK_TABLE ? b->type : type;
		return;
	}
	if (!layout_block_is_ruled(l, b) && layout_is_code(l, b))
		type = BLOCK_CODE;
	else if (b->type == BLOCK_TABLE)
		type = BLOCK_TABLE;
	else if (is_caption(l, b, before, after))
		type = BLOCK_CAPTION;
	else if (runs_otherwise(p, b))
		type = BLOCK_PARAGRAPH; /* of letters of any size */
	else if (has_letter(p, b) && !layout_has_leader(p, line_of(p, b, 0)) &&
	    ((b->level = heading_level(l, b)) > 0 ||
		(b->level = bold_level(l, b, after)) > 0 ||
		(b->level = plain_level(l, b, before, after)) > 0))
		type = BLOCK_HEADING;
	else if (is_list(l, b, before, after))
		type = BLOCK_LIST;
	b->type = type;
}

/* ---- parts that belong together ---- */

static int
belongs(const struct layout *l, const struct block *a, const struct block *b)
{
	const double gap = room(a, b);
	double shift = (double)b->box.x0 - a->box.x0;

	if (a->type != b->type || gap < 0 || gap > joined * l->lead ||
	    a->first + a->count != b->first)
		return 0;
	shift = shift < 0 ? -shift : shift;
	return a->type == BLOCK_LIST && shift <= item_shift * l->body;
}

void
layout_classify(struct layout *l)
{
	struct page *p = l->page;
	size_t n = 0;

	for (size_t i = 0; i < p->block_count; i++)
		classify(l, &p->blocks[i], i > 0 ? &p->blocks[i - 1] : NULL,
		    i + 1 < p->block_count ? &p->blocks[i + 1] : NULL);
	for (size_t i = 0; i < p->block_count; i++) {
		const struct block b = p->blocks[i];

		/* Drop rules and specks that OCR took for text. */
		if (!has_words(p, &b) && b.type != BLOCK_FIGURE)
			continue;
		if (n == 0 || !belongs(l, &p->blocks[n - 1], &b)) {
			p->blocks[n++] = b;
			continue;
		}
		p->blocks[n - 1].count += b.count;
		box_join(&p->blocks[n - 1].box, &b.box);
	}
	p->block_count = n;
}
