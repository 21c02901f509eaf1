/* classify.c - find the type of each block of a page. */
#include "layout_in.h"

#include <string.h>

enum {
	MARGIN_LINES = 2, /* of a header or footer, at most */
	CAPTION_LINES = 8,
};

static const double margin_apart = 1.2; /* least distance from the text, in
					 * letter sizes */
static const double margin_size = 1.15; /* larger letters are a title, not a
					 * header */
static const double note_size = 0.95;   /* part of the text's letter size */
/* most space between parts of one list, in leads */
static const double joined = 2.5;
/* most difference in indentation of one list's items, in letter sizes */
static const double item_shift = 6;

/* Has its first line a letter?  A heading is not just numbers. */
static int
has_letter(const struct page *p, const struct block *b)
{
	const struct line *line = block_line(p, b, 0);
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
	    b->type == BLOCK_TABLE || !block_has_words(l->page, b) ||
	    (has_letter(l->page, b) &&
		layout_block_size(l, b) > margin_size * l->body))
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

static int
is_caption(const struct layout *l, const struct block *b,
    const struct block *before, const struct block *after)
{
	const struct line *line = block_line(l->page, b, 0);
	const int beside = is_block_of(before, BLOCK_TABLE, BLOCK_FIGURE) ||
	    is_block_of(after, BLOCK_TABLE, BLOCK_FIGURE);

	if (b->count > CAPTION_LINES)
		return 0;
	return marker_caption(block_first_word(l->page, b), line->count) +
	    (beside && b->type == BLOCK_CAPTION) + beside >=
	    2;
}

static int
is_item(const struct page *p, const struct block *b)
{
	return b && block_has_words(p, b) &&
	    marker_of(block_first_word(p, b)) != MARKER_NONE;
}

static int
is_star(const struct word *w)
{
	return w->length == 1 && *w->text == '*';
}

/* Does a word on the page refer to a note below it? */
static int
has_reference(const struct page *p)
{
	for (size_t i = 0; i < p->word_count; i++)
		if (p->words[i].length > 1 &&
		    p->words[i].text[p->words[i].length - 1] == '*')
			return 1;
	return 0;
}

/* Is it a footnote: in small letters, or one that a word refers to, or alone at
 * the end? */
static int
is_note(const struct layout *l, const struct block *b,
    const struct block *before, const struct block *after)
{
	const struct page *p = l->page;

	if (!is_star(block_first_word(p, b)))
		return 0;
	return layout_block_size(l, b) < note_size * l->body ||
	    (!is_item(p, before) && !is_item(p, after) &&
		(has_reference(p) || !after || after->type == BLOCK_FOOTER));
}

/* OCR reads bullets as the letter e: do two such items follow each other? */
static int
is_e_item(const struct page *p, const struct block *b)
{
	const struct word *w;

	if (!b || !block_has_words(p, b))
		return 0;
	w = block_first_word(p, b);
	return block_line(p, b, 0)->count > 1 && w->length == 1 &&
	    *w->text == 'e';
}

static int
is_list(const struct layout *l, const struct block *b,
    const struct block *before, const struct block *after)
{
	const struct page *p = l->page;

	if (marker_of(block_first_word(p, b)) != MARKER_NONE)
		return !is_note(l, b, before, after);
	return l->ink && is_e_item(p, b) &&
	    (is_e_item(p, before) || is_e_item(p, after) ||
		is_item(p, before) || is_item(p, after));
}

/* Does its text run up or down the page, or upside down?  OCR does not report
 * this, but words side by side that are higher than wide show it. */
static int
runs_otherwise(const struct page *p, const struct block *b)
{
	const struct line *line = block_line(p, b, 0);

	return block_first_word(p, b)->turned ||
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
	if (!block_has_words(p, b)) {
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
	else if (has_letter(p, b) &&
	    (b->level = layout_heading_level(l, b, before, after)) > 0) {
		type = BLOCK_HEADING;
		layout_measure_heading(l, b);
	} else if (is_list(l, b, before, after))
		type = BLOCK_LIST;
	b->type = type;
}

/* ---- parts that belong together ---- */

static int
belongs(const struct layout *l, const struct block *a, const struct block *b)
{
	const double gap = block_room(a, b);
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
		if (!block_has_words(p, &b) && b.type != BLOCK_FIGURE)
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
