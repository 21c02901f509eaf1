/* style.c - lines in bold letters, which may be headings. */
#include "layout_in.h"

#include <string.h>

enum { BOLD_LINES_MAX = 3 };

/* Bullets and dashes are often set in another font. */
static int
has_letters(const struct word *w)
{
	for (size_t i = 0; i < w->length; i++) {
		const unsigned char c = (unsigned char)w->text[i];

		if (c >= 0xc0 || (c >= '0' && c <= '9') ||
		    ((c | 32) >= 'a' && (c | 32) <= 'z'))
			return 1;
	}
	return 0;
}

unsigned
layout_common_style(const struct page *p)
{
	size_t all = 0, counts[STYLES + 1] = {0};
	unsigned common = 0;

	for (size_t i = 0; i < p->word_count; i++) {
		all += p->words[i].length;
		counts[p->words[i].style & STYLES] += p->words[i].length;
	}
	for (unsigned bit = STYLE_BOLD; bit < STYLES; bit *= 2) {
		size_t n = 0;

		for (unsigned i = 0; i <= STYLES; i++)
			n += i & bit ? counts[i] : 0;
		common |= 2 * n > all ? bit : 0;
	}
	return common;
}

unsigned
layout_line_style(const struct layout *l, size_t line)
{
	const struct line *at = &l->page->lines[line];
	const struct word *w = l->page->words + at->first;
	unsigned style = STYLES;
	size_t n = 0;

	for (size_t i = 0; i < at->count; i++)
		if (has_letters(&w[i])) {
			style &= w[i].style;
			n++;
		}
	return n > 0 ? style & ~l->common_style : 0;
}

static int
is_bold(const struct layout *l, size_t line)
{
	return (layout_line_style(l, line) & STYLE_BOLD) != 0;
}

int
layout_block_is_bold(const struct layout *l, const struct block *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (!is_bold(l, b->first + i))
			return 0;
	return b->count > 0;
}

/* Does the line's first word continue a sentence or a bold text? */
static int
goes_on(const struct layout *l, size_t line)
{
	const struct line *at = &l->page->lines[line];
	const struct word *w = l->page->words + at->first;

	return at->count > 0 &&
	    ((w->style & ~l->common_style & STYLE_BOLD) ||
		(*w->text >= 'a' && *w->text <= 'z'));
}

/* Can the bold lines [from, end) be a heading, and not words of a paragraph
 * that are emphasised and happen to fill lines? */
static int
stands_alone(const struct layout *l, size_t from, size_t end)
{
	const struct page *p = l->page;
	const struct line *last = &p->lines[end - 1];
	const struct word *w = &p->words[last->first + last->count - 1];
	const char first = *p->words[p->lines[from].first].text;

	return end - from <= BOLD_LINES_MAX &&
	    !(first >= 'a' && first <= 'z') &&
	    !strchr(",;-", w->text[w->length - 1]) &&
	    (end == p->line_count || !goes_on(l, end));
}

int
layout_is_capitals(const struct page *p, const struct block *b)
{
	size_t capitals = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct line *line = block_line(p, b, i);

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

/* Is the bold line below a title in capitals, and not itself in capitals? */
static int
is_subtitle(const struct layout *l, size_t line)
{
	const struct block above = {.first = line - 1, .count = 1},
			   below = {.first = line, .count = 1};

	return layout_is_capitals(l->page, &above) &&
	    !layout_is_capitals(l->page, &below);
}

int
layout_bold_changes(const struct layout *l, size_t line)
{
	const int bold = is_bold(l, line);
	size_t from = line, end = line;

	if (is_bold(l, line - 1) == bold)
		return bold && is_subtitle(l, line);
	if (bold)
		while (end < l->page->line_count && is_bold(l, end))
			end++;
	else
		while (from > 0 && is_bold(l, from - 1))
			from--;
	return stands_alone(l, from, end);
}
