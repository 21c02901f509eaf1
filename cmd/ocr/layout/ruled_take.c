/* ruled_take.c - the pieces of text in tables that are bounded by drawn lines.
 */
#include "layout_in.h"

#include <stdlib.h>

/* how far the baselines of one line's cells differ, in letter sizes */
static const double line_shift = 0.3;

static int
by_height(const void *va, const void *vb, void *ctx)
{
	const uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;
	const struct piece *p = ctx;

	if (p[a].m.base != p[b].m.base)
		return p[a].m.base < p[b].m.base ? -1 : 1;
	return (a > b) - (a < b);
}

/* Assign the pieces to the ruled table, line by line. */
static void
take_table(struct layout *l, uint32_t table)
{
	struct page_tables *ts = &l->tables;
	struct page_table *t = &ts->table[ts->count++];
	struct piece *head = NULL;

	*t = (struct page_table){
	    .first = ts->count > 1 ? t[-1].first + t[-1].count : 0};
	for (size_t i = 0; i < l->piece_count; i++) {
		const struct ruled_cell *c = layout_ruled_cell(l,
		    &l->page->words[l->pieces[i].first]);

		if (!c || c->table != table)
			continue;
		l->pieces[i].table = (uint32_t)ts->count;
		ts->order[t->first + t->count++] = (uint32_t)i;
	}
	qsort_r(ts->order + t->first, t->count, sizeof *ts->order, by_height,
	    l->pieces);
	for (size_t i = t->first; i < t->first + t->count; i++) {
		struct piece *p = &l->pieces[ts->order[i]];

		if (head &&
		    p->m.base - head->m.base <= line_shift * head->m.size)
			p->m.base = head->m.base;
		else
			head = p;
	}
}

void
layout_take_ruled(struct layout *l)
{
	for (size_t i = 0; i < l->ruled.table_count; i++)
		take_table(l, (uint32_t)i);
}
