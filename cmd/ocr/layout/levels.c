/* levels.c - the levels of a document's headings.
 *
 * Headings that look alike have one level: letters of one size, bold or not,
 * all capitals or not, or a section number of one depth.  The first page with
 * headings is ranked with the pages after it.  A kind that appears later does
 * not change the levels that were given before. */
#include "layout.h"
#include "layout_in.h"

#include <math.h>
#include <string.h>

enum { LEVEL_MAX = 6 };

/* Sizes of one kind differ by less than this part; OCR measures them less
 * exactly. */
static const double same_size = 0.05, same_size_ink = 0.09;
/* The same, of numbered headings of one depth. */
static const double same_depth = 0.25;

static int
within(double a, double b, double part)
{
	return fabs(a - b) <= part * (a > b ? a : b);
}

static int
same_kind(const struct heading_kind *a, const struct heading_kind *b)
{
	if (a->depth && b->depth)
		return a->depth == b->depth &&
		    within(a->size, b->size, same_depth);
	return a->depth + b->depth <= 1 &&
	    within(a->size, b->size, b->ink ? same_size_ink : same_size) &&
	    a->bold == b->bold &&
	    (a->depth || b->depth || a->capitals == b->capitals);
}

static int
is_above(const struct heading_kind *a, const struct heading_kind *b)
{
	if (a->depth && b->depth && a->depth != b->depth)
		return a->depth < b->depth;
	if (!within(a->size, b->size, b->ink ? same_size_ink : same_size))
		return a->size > b->size;
	if (a->capitals != b->capitals)
		return a->capitals;
	if (a->bold != b->bold)
		return a->bold;
	return b->depth > 1 && b->depth > a->depth;
}

static struct heading_kind
kind_of(const struct page *p, const struct block *b)
{
	const struct line *line = block_line(p, b, 0);
	const struct word *w = block_first_word(p, b);

	return (struct heading_kind){.size = b->letters,
	    .bold = b->bold,
	    .capitals = layout_is_capitals(p, b),
	    .ink = w->confidence >= 0,
	    .depth = line->count > 1 ? marker_section(w) : 0};
}

static struct heading_kind *
find(struct heading_levels *s, const struct heading_kind *k)
{
	for (size_t i = 0; i < s->count; i++)
		if (same_kind(&s->kinds[i], k))
			return &s->kinds[i];
	return NULL;
}

static void
add(struct heading_levels *s, const struct heading_kind *k)
{
	struct heading_kind *known = find(s, k);
	size_t at = 0;

	if (known) {
		if (!known->depth)
			known->depth = k->depth;
		return;
	}
	if (s->count == HEADING_KINDS_MAX)
		return;
	while (at < s->count && !is_above(k, &s->kinds[at]))
		at++;
	memmove(&s->kinds[at + 1], &s->kinds[at],
	    (s->count - at) * sizeof *s->kinds);
	s->kinds[at] = *k;
	s->count++;
	s->kinds[at].level = at + 1 < s->count ? s->kinds[at + 1].level
	    : at > 0                           ? s->kinds[at - 1].level + 1
					       : 1;
	for (size_t i = 0; !s->used && i < s->count; i++)
		s->kinds[i].level = (int)i + 1;
}

/* Tagged headings have a level, and no size. */
static int
is_measured(const struct page *p, const struct block *b)
{
	return b->type == BLOCK_HEADING && b->letters > 0 &&
	    block_has_words(p, b);
}

static void
add_page(struct heading_levels *s, const struct page *p)
{
	for (size_t i = 0; i < p->block_count; i++)
		if (is_measured(p, &p->blocks[i])) {
			const struct heading_kind k = kind_of(p, &p->blocks[i]);

			add(s, &k);
		}
}

void
page_set_levels(struct heading_levels *s, struct page *p,
    const struct page *const *next, size_t n)
{
	add_page(s, p);
	for (size_t i = 0; i < n; i++)
		add_page(s, next[i]);
	for (size_t i = 0; i < p->block_count; i++) {
		struct block *b = &p->blocks[i];
		struct heading_kind k;
		const struct heading_kind *known;

		if (!is_measured(p, b))
			continue;
		k = kind_of(p, b);
		known = find(s, &k);
		if (!known)
			continue;
		b->level = known->level > k.depth ? known->level : k.depth;
		if (b->level > LEVEL_MAX)
			b->level = LEVEL_MAX;
		s->used = 1;
	}
}
