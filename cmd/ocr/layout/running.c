/* running.c - running titles that differ from page to page, such as the names
 * of chapters.
 *
 * They cannot be told from content by themselves.  A running title shares its
 * row with the page's number, and most near pages have another at its place,
 * with theirs. */
#include "layout_in.h"

#include <stdlib.h>

enum {
	PLACE_SHIFT = 300, /* 1/100 point, between two pages */
	LINES_MAX = 1,
	WORDS_MAX = 12,
	DIGITS_MAX = 4, /* of a page number */
	OTHER_DIGITS_MAX = 2,
	PAGES_MIN = 2,
	BLOCKS_MAX = 200, /* of a page: blocks are compared with each other */
};

/* Space between the title and the number, in heights of the line. */
static const double apart = 1.5;
static const double same_height = 0.25;

/* The number that the word is; -1: it is none. */
static long
number_of(const struct word *w, size_t digits)
{
	long v = 0;

	for (size_t i = 0; i < w->length; i++) {
		if (i == digits || w->text[i] < '0' || w->text[i] > '9')
			return -1;
		v = v * 10 + (w->text[i] - '0');
	}
	return w->length > 0 ? v : -1;
}

/* A block of one line at a page's edge. */
struct title {
	const struct word *words;
	size_t count; /* without the page's number */
	long number;
};

static int
is_apart(const struct box *a, const struct box *b)
{
	return box_overlap_x(a, b) < -apart * box_height(a);
}

/* Take the page's number off the line, if it begins or ends with one. */
static void
take_number(struct title *t)
{
	const struct word *w = t->words, *last = w + t->count - 1;

	if (t->count < 2)
		return;
	if (is_apart(&last->box, &last[-1].box) &&
	    (t->number = number_of(last, DIGITS_MAX)) >= 0) {
		t->count--;
	} else if (is_apart(&w->box, &w[1].box) &&
	    (t->number = number_of(w, DIGITS_MAX)) >= 0) {
		t->words++;
		t->count--;
	}
}

/* Find the page's number in another block of the same row. */
static void
find_number(const struct page *p, const struct block *b, struct title *t)
{
	for (size_t i = 0; t->number < 0 && i < p->block_count; i++) {
		const struct block *other = &p->blocks[i];

		if (other != b && other->count == 1 &&
		    block_line(p, other, 0)->count == 1 &&
		    box_same_row(&b->box, &other->box) &&
		    is_apart(&b->box, &other->box))
			t->number = number_of(block_first_word(p, other),
			    DIGITS_MAX);
	}
}

/* Other numbers are content, for example an invoice's. */
static int
has_long_number(const struct title *t)
{
	for (size_t i = 0; i < t->count; i++) {
		size_t digits = 0;

		for (size_t j = 0; j < t->words[i].length; j++) {
			const char c = t->words[i].text[j];

			digits += c >= '0' && c <= '9';
		}
		if (digits > OTHER_DIGITS_MAX)
			return 1;
	}
	return 0;
}

static int
read_title(const struct page *p, const struct block *b, struct title *t)
{
	if (b->count != LINES_MAX || !block_has_words(p, b))
		return 0;
	*t = (struct title){.words = block_first_word(p, b),
	    .count = block_line(p, b, 0)->count,
	    .number = -1};
	take_number(t);
	if (t->number < 0)
		find_number(p, b, t);
	return t->number >= 0 && t->count <= WORDS_MAX && !has_long_number(t);
}

static int
same_place(const struct block *a, const struct block *b)
{
	const double ha = box_height(&a->box), hb = box_height(&b->box);

	return labs((long)a->box.y0 - b->box.y0) <= PLACE_SHIFT &&
	    (ha > hb ? ha - hb : hb - ha) <= same_height * (ha > hb ? ha : hb);
}

static int
has_title_at(const struct page *p, const struct block *place, long number)
{
	struct title t;

	for (size_t i = 0; i < p->block_count; i++)
		if (same_place(place, &p->blocks[i]) &&
		    read_title(p, &p->blocks[i], &t) && t.number == number)
			return 1;
	return 0;
}

int
layout_is_running_title(const struct page *p, const struct block *b,
    const struct page *const *near, size_t n)
{
	size_t pages = 0, titles = 0;
	struct title t;

	if (p->block_count > BLOCKS_MAX || !read_title(p, b, &t))
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (!near[i] || near[i]->word_count == 0 ||
		    near[i]->block_count > BLOCKS_MAX)
			continue;
		pages++;
		titles += has_title_at(near[i], b,
			      t.number + (long)near[i]->number - p->number) !=
		    0;
	}
	return titles >= PAGES_MIN && 2 * titles > pages;
}
