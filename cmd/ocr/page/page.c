/* page.c - the parts of a page, and its text as poppler prints it. */
#include "page.h"

#include <stdlib.h>
#include <string.h>

const char *const block_names[BLOCK_TYPES] = {"paragraph", "heading", "list",
    "table", "figure", "caption", "header", "footer", "code"};
const char *const source_names[SOURCES] = {"", "text-layer", "no-text",
    "bad-text", "forced", "image", "text", "mixed", "vision"};
const char *const damage_names[DAMAGE_KINDS] = {"content", "image", "font",
    "object"};

int
page_is_damaged(const struct page *p)
{
	for (int i = 0; i < DAMAGE_KINDS; i++)
		if (p->damage[i])
			return 1;
	return 0;
}

void
page_drop(struct page *p)
{
	free(p->data);
	free(p->words);
	free(p->lines);
	free(p->blocks);
	free(p->cells);
	free(p->rules);
	free(p->spots);
	free(p->tag_cells);
	p->data = NULL;
	p->words = NULL;
	p->lines = NULL;
	p->blocks = NULL;
	p->cells = NULL;
	p->rules = NULL;
	p->spots = NULL;
	p->tag_cells = NULL;
	p->length = p->word_count = p->line_count = p->block_count = 0;
	p->cell_count = p->rule_count = p->spot_count = 0;
	p->tag_cell_count = 0;
	p->parsed = 0;
	p->text = NULL;
	p->text_length = 0;
}

/* Make room for one more item in an array that doubles when it is full. */
static void *
grown(void *array, size_t count, size_t size)
{
	if (count & (count - 1) || count == 1)
		return array;
	return realloc(array, (count ? 2 * count : 2) * size);
}

int
page_add_word(struct page *p, const struct word *w)
{
	struct word *a = grown(p->words, p->word_count, sizeof *a);

	if (!a)
		return -1;
	p->words = a;
	a[p->word_count++] = *w;
	return 0;
}

int
page_add_line(struct page *p, const struct line *l)
{
	struct line *a = grown(p->lines, p->line_count, sizeof *a);

	if (!a)
		return -1;
	p->lines = a;
	a[p->line_count++] = *l;
	return 0;
}

int
page_add_block(struct page *p, const struct block *b)
{
	struct block *a = grown(p->blocks, p->block_count, sizeof *a);

	if (!a)
		return -1;
	p->blocks = a;
	a[p->block_count++] = *b;
	return 0;
}

int
page_add_cell(struct page *p, const struct cell *c)
{
	struct cell *a = grown(p->cells, p->cell_count, sizeof *a);

	if (!a)
		return -1;
	p->cells = a;
	a[p->cell_count++] = *c;
	return 0;
}

int
page_add_rule(struct page *p, const struct box *b)
{
	struct box *a = grown(p->rules, p->rule_count, sizeof *a);

	if (!a)
		return -1;
	p->rules = a;
	a[p->rule_count++] = *b;
	return 0;
}

int
page_add_spot(struct page *p, const struct box *b)
{
	struct box *a = grown(p->spots, p->spot_count, sizeof *a);

	if (!a)
		return -1;
	p->spots = a;
	a[p->spot_count++] = *b;
	return 0;
}

int
page_add_tagged_cell(struct page *p, const struct tagged_cell *c)
{
	struct tagged_cell *a = grown(p->tag_cells, p->tag_cell_count,
	    sizeof *a);

	if (!a)
		return -1;
	p->tag_cells = a;
	a[p->tag_cell_count++] = *c;
	return 0;
}

void
box_join(struct box *b, const struct box *other)
{
	b->x0 = b->x0 < other->x0 ? b->x0 : other->x0;
	b->y0 = b->y0 < other->y0 ? b->y0 : other->y0;
	b->x1 = b->x1 > other->x1 ? b->x1 : other->x1;
	b->y1 = b->y1 > other->y1 ? b->y1 : other->y1;
}

/* ---- poppler's own text ---- */

static const unsigned char *
skip_blanks(const unsigned char *s, const unsigned char *end)
{
	while (s < end && *s <= ' ')
		s++;
	return s;
}

/* Does the text at s continue with this word?  Returns the word's end in it,
 * or NULL.  Poppler joins some words that a hyphen broke. */
static const unsigned char *
match_word(const struct word *w, const unsigned char *s,
    const unsigned char *end)
{
	for (size_t i = 0; i < w->length; i++) {
		s = skip_blanks(s, end);
		if (s < end && *s == (unsigned char)w->text[i])
			s++;
		else if (w->text[i] != '-' || i + 1 < w->length)
			return NULL;
	}
	return s;
}

static int
has_order_of_text(const struct page *p)
{
	const unsigned char *s = p->text, *end = p->text + p->text_length;

	for (size_t i = 0; i < p->word_count; i++)
		if (!(s = match_word(&p->words[i], s, end)))
			return 0;
	return skip_blanks(s, end) == end;
}

void
page_keep_text(struct page *p)
{
	unsigned char *data = p->data;
	const size_t n = p->text_length;

	/* In right-to-left lines poppler puts spaces in wrong places. */
	if (!p->text || p->rtl || !has_order_of_text(p))
		return;
	memmove(data, p->text, n);
	p->data = NULL;
	page_drop(p);
	p->data = data;
	p->length = n;
}
