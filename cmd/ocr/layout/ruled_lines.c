/* ruled_lines.c - the lines that a page draws, in groups that touch. */
#include "ruled.h"

#include <stdlib.h>

/* In 1/100 point. */
enum {
	THICK_MAX = 300,
	NEAR = 250,  /* lines this close touch */
	ALONG = 100, /* parts of one line are this close, across it */
};

enum { THIN = 3 }; /* a line is this many times as long as it is thick */

/* 0: the box is not a line. */
static int
read_rule(const struct box *b, struct drawn_rule *r)
{
	const int32_t w = box_width(b), h = box_height(b);
	const int upright = h > w;
	const int32_t length = upright ? h : w, thick = upright ? w : h;

	if (thick > THICK_MAX || length < THIN * thick)
		return 0;
	*r = upright ? (struct drawn_rule){.at = b->x0 + w / 2,
			   .from = b->y0,
			   .to = b->y1,
			   .upright = 1}
		     : (struct drawn_rule){.at = b->y0 + h / 2,
			   .from = b->x0,
			   .to = b->x1};
	return 1;
}

static int
touches(const struct drawn_rule *a, const struct drawn_rule *b)
{
	return a->upright != b->upright && a->at >= b->from - NEAR &&
	    a->at <= b->to + NEAR && b->at >= a->from - NEAR &&
	    b->at <= a->to + NEAR;
}

static uint32_t
group_of(struct rules *all, uint32_t i)
{
	struct drawn_rule *r = all->rule;

	while (r[i].group != i) {
		r[i].group = r[r[i].group].group;
		i = r[i].group;
	}
	return i;
}

static int
by_direction(const void *va, const void *vb)
{
	const struct drawn_rule *a = va, *b = vb;

	if (a->upright != b->upright)
		return a->upright < b->upright ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static int
by_group(const void *va, const void *vb)
{
	const struct drawn_rule *a = va, *b = vb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return by_direction(va, vb);
}

/* Join the groups of the upright rule i and of those that lie across it, which
 * are sorted from the top down. */
static void
join_groups(struct rules *all, uint32_t lying, uint32_t i)
{
	const struct drawn_rule *r = &all->rule[i];
	uint32_t first = 0, end = lying;

	while (first < end) {
		const uint32_t middle = first + (end - first) / 2;

		if (all->rule[middle].at < r->from - NEAR)
			first = middle + 1;
		else
			end = middle;
	}
	for (; first < lying && all->rule[first].at <= r->to + NEAR; first++)
		if (touches(r, &all->rule[first]))
			all->rule[group_of(all, first)].group = group_of(all,
			    i);
}

/* Join the groups of the parts of one line: a cell that covers several may have
 * a part of its edge above each of them. */
static void
join_parts(struct rules *all, uint32_t i)
{
	const struct drawn_rule *r = all->rule;

	for (uint32_t j = i + 1; j < all->count &&
	     r[j].upright == r[i].upright && r[j].at - r[i].at <= ALONG;
	     j++)
		if (r[j].from <= r[i].to + NEAR && r[i].from <= r[j].to + NEAR)
			all->rule[group_of(all, j)].group = group_of(all, i);
}

int
rules_group(struct rules *all, const struct page *p)
{
	uint32_t lying = 0;

	all->rule = malloc((p->rule_count + 1) * sizeof *all->rule);
	if (!all->rule)
		return -1;
	for (size_t i = 0; i < p->rule_count; i++)
		all->count += (size_t)read_rule(&p->rules[i],
		    &all->rule[all->count]);
	qsort(all->rule, all->count, sizeof *all->rule, by_direction);
	for (uint32_t i = 0; i < all->count; i++) {
		all->rule[i].group = i;
		lying += !all->rule[i].upright;
	}
	for (uint32_t i = lying; i < all->count; i++)
		join_groups(all, lying, i);
	for (uint32_t i = 0; i < all->count; i++)
		join_parts(all, i);
	for (uint32_t i = 0; i < all->count; i++)
		all->rule[i].group = group_of(all, i);
	qsort(all->rule, all->count, sizeof *all->rule, by_group);
	return 0;
}
