/* part.c - take the words of tables out of the lines and blocks that OCR
 * found. */
#include "layout_in.h"

#include <stdlib.h>
#include <string.h>

struct table_parting {
	struct layout *l;
	struct page was; /* its lines and blocks are owned */
	struct build b;
	uint32_t *table;     /* owned: of each word, from 1; 0: none */
	unsigned char *done; /* owned: of each table */
	struct block part;   /* the part of a block that grows */
};

static int
end_part(struct table_parting *s)
{
	struct page *p = s->l->page;
	struct block *b = &s->part;

	b->count = p->line_count - b->first;
	if (b->count == 0)
		return 0;
	b->box = p->lines[b->first].box;
	for (size_t i = 1; i < b->count; i++)
		box_join(&b->box, &p->lines[b->first + i].box);
	return page_add_block(p, b);
}

/* Add what is left of the line when the words of tables are out. */
static int
add_rest(struct table_parting *s, const struct line *line)
{
	struct line rest = {.box = line->box, .first = s->b.word_count};

	for (size_t i = line->first; i < line->first + line->count; i++) {
		const struct word *w = &s->l->page->words[i];

		if (s->table[i])
			continue;
		if (rest.count == 0)
			rest.box = w->box;
		box_join(&rest.box, &w->box);
		s->b.words[s->b.word_count++] = *w;
		rest.count++;
	}
	if (rest.count == line->count)
		rest.box = line->box;
	return rest.count > 0 || line->count == 0
	    ? page_add_line(s->l->page, &rest)
	    : 0;
}

/* Add the tables that begin in the line, each as a block between the parts of
 * this one. */
static int
add_tables(struct table_parting *s, const struct line *line)
{
	int r = 0;

	for (size_t i = line->first; r == 0 && i < line->first + line->count;
	     i++) {
		const uint32_t t = s->table[i];

		if (!t || s->done[t])
			continue;
		r = end_part(s);
		if (r == 0)
			r = build_add_table(&s->b, &s->l->tables.table[t - 1]);
		s->done[t] = 1;
		s->part.first = s->l->page->line_count;
	}
	return r;
}

/* Is a word of it in a table that was found? */
static int
has_table(const struct table_parting *s, const struct block *b)
{
	for (size_t i = b->first; i < b->first + b->count; i++) {
		const struct line *line = &s->was.lines[i];

		for (size_t j = 0; j < line->count; j++)
			if (s->table[line->first + j])
				return 1;
	}
	return 0;
}

static int
part_block(struct table_parting *s, const struct block *b)
{
	int r = 0;

	if (b->count == 0)
		return page_add_block(s->l->page, b);
	s->part = *b;
	s->part.first = s->l->page->line_count;
	/* What is left of a table is none. */
	if (b->type == BLOCK_TABLE && has_table(s, b))
		s->part.type = BLOCK_PARAGRAPH;
	for (size_t i = b->first; r == 0 && i < b->first + b->count; i++) {
		r = add_tables(s, &s->was.lines[i]);
		if (r == 0)
			r = add_rest(s, &s->was.lines[i]);
	}
	return r == 0 ? end_part(s) : r;
}

static int
part(struct table_parting *s)
{
	struct layout *l = s->l;
	int r = 0;

	for (size_t i = 0; i < l->piece_count; i++)
		for (size_t j = 0; j < l->pieces[i].count; j++)
			s->table[l->pieces[i].first + j] = l->pieces[i].table;
	l->page->lines = NULL;
	l->page->blocks = NULL;
	l->page->line_count = l->page->block_count = 0;
	for (size_t i = 0; r == 0 && i < s->was.block_count; i++)
		r = part_block(s, &s->was.blocks[i]);
	free(s->was.lines);
	free(s->was.blocks);
	if (r < 0)
		return -1;
	free(l->page->words);
	l->page->words = s->b.words;
	l->page->word_count = s->b.word_count;
	s->b.words = NULL;
	return 0;
}

int
layout_part_tables(struct layout *l)
{
	const size_t words = l->page->word_count + 1;
	struct table_parting s = {.l = l,
	    .was = *l->page,
	    .b = {.l = l, .words = malloc(words * sizeof *s.b.words)},
	    .table = calloc(words, sizeof *s.table),
	    .done = calloc(l->tables.count + 1, 1)};
	int r = s.b.words && s.table && s.done ? part(&s) : -1;

	free(s.b.words);
	free(s.table);
	free(s.done);
	return r;
}
