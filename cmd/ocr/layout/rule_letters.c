/* rule_letters.c - rules that OCR took for letters.
 *
 * An upright rule looks like a bar or an l, one that lies like a dash.  Such a
 * word is dropped if it is where a rule is, and so is a bracket at a word's
 * end. */
#include "layout_in.h"

#include <string.h>

/* In 1/100 point. */
enum {
	BESIDE = 100,     /* a letter's ink is this near a rule */
	LETTER_MAX = 600, /* width of what looks like a rule */
};

static int
has_only(const struct word *w, const char *set)
{
	for (size_t i = 0; i < w->length; i++)
		if (!w->text[i] || !strchr(set, w->text[i]))
			return 0;
	return 1;
}

/* Does the rule cross a box no wider than that of a letter, from end to end? */
static int
is_at(const struct box *b, const struct box *rule)
{
	const int upright = box_height(rule) > box_width(rule);
	const int32_t wide = upright ? box_width(b) : box_height(b);

	return wide <= LETTER_MAX && b->x0 <= rule->x1 + BESIDE &&
	    b->x1 >= rule->x0 - BESIDE && b->y0 <= rule->y1 + BESIDE &&
	    b->y1 >= rule->y0 - BESIDE &&
	    2 * (upright ? box_overlap_y(b, rule) : box_overlap_x(b, rule)) >
	    (upright ? box_height(b) : box_width(b));
}

static int
is_rule(const struct page *p, const struct word *w)
{
	if (!has_only(w, "|[](){}!Il1_-=~."))
		return 0;
	for (size_t i = 0; i < p->rule_count; i++)
		if (is_at(&w->box, &p->rules[i]))
			return 1;
	return 0;
}

/* Is there an upright rule at this side of the word? */
static int
ends_at_rule(const struct page *p, const struct word *w, int right)
{
	const int32_t wide = box_height(&w->box) / 2;
	struct box side = w->box;

	if (right)
		side.x0 = side.x1 - wide;
	else
		side.x1 = side.x0 + wide;
	for (size_t i = 0; i < p->rule_count; i++) {
		const struct box *rule = &p->rules[i];

		if (box_height(rule) > box_width(rule) && rule->x0 >= side.x0 &&
		    rule->x1 <= side.x1 &&
		    2 * box_overlap_y(&side, rule) > box_height(&side))
			return 1;
	}
	return 0;
}

static void
trim(const struct page *p, struct word *w)
{
	if (w->length > 1 && strchr("|]})!", w->text[w->length - 1]) &&
	    ends_at_rule(p, w, 1))
		w->length--;
	if (w->length > 1 && strchr("|[{(!", *w->text) &&
	    ends_at_rule(p, w, 0)) {
		w->text++;
		w->length--;
	}
}

void
layout_drop_rule_letters(struct page *p)
{
	size_t kept = 0;

	if (p->rule_count == 0)
		return;
	for (size_t i = 0; i < p->line_count; i++) {
		struct line *line = &p->lines[i];
		const size_t first = line->first, end = first + line->count;

		line->first = kept;
		for (size_t j = first; j < end; j++) {
			if (is_rule(p, &p->words[j]))
				continue;
			p->words[kept] = p->words[j];
			trim(p, &p->words[kept++]);
		}
		line->count = kept - line->first;
	}
	p->word_count = kept;
}
