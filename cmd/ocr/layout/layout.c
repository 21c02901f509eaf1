/* layout.c - from the words of a page to blocks in reading order. */
#include "layout.h"
#include "layout_in.h"

#include "ocr/page/direction.h"
#include "ocr/page/vertical.h"

#include <stdlib.h>
#include <string.h>

/* ---- boxes that can be reckoned with ---- */

static int32_t
place(int32_t v)
{
	return v < -PLACE_MAX ? -PLACE_MAX : v > PLACE_MAX ? PLACE_MAX : v;
}

static void
make_sane(struct box *b)
{
	const struct box was = *b;

	b->x0 = place(was.x0 < was.x1 ? was.x0 : was.x1);
	b->x1 = place(was.x0 < was.x1 ? was.x1 : was.x0);
	b->y0 = place(was.y0 < was.y1 ? was.y0 : was.y1);
	b->y1 = place(was.y0 < was.y1 ? was.y1 : was.y0);
}

static void
each_box(struct page *p, void (*f)(struct box *))
{
	for (size_t i = 0; i < p->word_count; i++)
		f(&p->words[i].box);
	for (size_t i = 0; i < p->line_count; i++)
		f(&p->lines[i].box);
	for (size_t i = 0; i < p->block_count; i++)
		f(&p->blocks[i].box);
	for (size_t i = 0; i < p->cell_count; i++)
		f(&p->cells[i].box);
	for (size_t i = 0; i < p->rule_count; i++)
		f(&p->rules[i]);
	for (size_t i = 0; i < p->spot_count; i++)
		f(&p->spots[i]);
}

/* Turn a box a quarter clockwise, and back.  The page's edges do not matter
 * here, so the corner stays the origin. */
static void
turn(struct box *b)
{
	*b = (struct box){-b->y1, b->x0, -b->y0, b->x1};
}

/* Right-to-left text is laid out as its mirror image. */
static void
mirror(struct box *b)
{
	*b = (struct box){-b->x1, b->y0, -b->x0, b->y1};
}

/* ---- reading order ---- */

/* Columns are a letter's height apart, or as far as the narrowest gutter that
 * was found. */
static double
narrowest_gutter(const struct layout *l)
{
	double least = l->body;

	for (size_t i = 0; i < l->gutter_count; i++)
		if (box_width(&l->gutters[i]) < least)
			least = box_width(&l->gutters[i]);
	return least;
}

/* Order the blocks: headers first, footers last, and the rest by columns. */
static int
sort_blocks(struct layout *l)
{
	struct page *p = l->page;
	const size_t n = p->block_count;
	struct block *sorted = malloc((n + 1) * sizeof *sorted);
	struct box *boxes = malloc((n + 1) * sizeof *boxes);
	size_t *order = malloc((n + 1) * sizeof *order);
	size_t *middle = malloc((n + 1) * sizeof *middle);
	size_t at = 0, rest = 0;
	int r = -1;

	if (sorted && boxes && order && middle) {
		for (size_t i = 0; i < n; i++) {
			const struct block *b = &p->blocks[i];

			if (b->type == BLOCK_HEADER)
				sorted[at++] = *b;
			else if (b->type != BLOCK_FOOTER) {
				boxes[rest] = b->box;
				middle[rest++] = i;
			}
		}
		layout_order(boxes, rest, narrowest_gutter(l), l->body, order);
		for (size_t i = 0; i < rest; i++)
			sorted[at++] = p->blocks[middle[order[i]]];
		for (size_t i = 0; i < n; i++)
			if (p->blocks[i].type == BLOCK_FOOTER)
				sorted[at++] = p->blocks[i];
		memcpy(p->blocks, sorted, n * sizeof *sorted);
		r = 0;
	}
	free(sorted);
	free(boxes);
	free(order);
	free(middle);
	return r;
}

/* Put lines and words in the order of the blocks. */
static int
sort_lines(struct layout *l)
{
	struct page *p = l->page;
	struct line *lines = malloc((p->line_count + 1) * sizeof *lines);
	struct word *words = malloc((p->word_count + 1) * sizeof *words);
	size_t line = 0, word = 0;

	if (!lines || !words) {
		free(lines);
		free(words);
		return -1;
	}
	for (size_t i = 0; i < p->block_count; i++) {
		struct block *b = &p->blocks[i];
		size_t first = line;

		for (size_t j = 0; j < b->count; j++) {
			struct line new = p->lines[b->first + j];

			memcpy(words + word, p->words + new.first,
			    new.count * sizeof *words);
			new.first = word;
			word += new.count;
			lines[line++] = new;
		}
		b->first = first;
	}
	free(p->lines);
	free(p->words);
	p->lines = lines;
	p->words = words;
	return 0;
}

/* ---- a page ---- */

static void
free_pieces(struct layout *l)
{
	free(l->pieces);
	free(l->tables.order);
	free(l->tables.table);
	l->pieces = NULL;
	l->tables = (struct page_tables){0};
}

static int
lay_out_words(struct layout *l)
{
	if (layout_measure_page(l) < 0 || layout_find_tagged(l) < 0 ||
	    layout_find_ruled(l) < 0 || layout_find_gutters(l) < 0 ||
	    layout_find_code(l) < 0 || layout_find_pieces(l) < 0 ||
	    layout_find_tables(l) < 0 || layout_find_lines(l) < 0 ||
	    layout_find_blocks(l) < 0)
		return -1;
	free_pieces(l); /* the next steps need the memory */
	layout_find_margins(l);
	/* Lines were moved: measure them again. */
	if (sort_blocks(l) < 0 || layout_order_by_tags(l) < 0 ||
	    sort_lines(l) < 0 || layout_measure(l) < 0)
		return -1;
	layout_classify(l);
	if (layout_use_tags(l->page) < 0)
		return -1;
	return layout_find_cells(l);
}

/* Poppler gives words and their letters in the order in which they are seen. */
static int
lay_out_text(struct layout *l)
{
	struct page *p = l->page;
	const int any = direction_find(p);
	int r;

	if (p->rtl) {
		direction_turn_rows(p);
		each_box(p, mirror);
	}
	r = lay_out_words(l);
	for (size_t i = 0; any && r == 0 && i < p->line_count; i++)
		direction_order_line(p, &p->lines[i]);
	if (p->rtl)
		each_box(p, mirror);
	return r;
}

/* Find the tables on a page with lines and blocks. */
static int
find_tables_of_ocr(struct layout *l)
{
	if (layout_find_ruled(l) < 0)
		return -1;
	layout_judge_tables(l);
	if (layout_find_gutters(l) < 0 || layout_find_pieces(l) < 0 ||
	    layout_find_tables(l) < 0)
		return -1;
	layout_keep_tables(l);
	if (layout_part_tables(l) < 0 || layout_measure(l) < 0)
		return -1;
	free_pieces(l);
	return 0;
}

/* A word that OCR read later may be beside its block. */
static void
enclose_lines(struct page *p)
{
	for (size_t i = 0; i < p->block_count; i++) {
		struct block *b = &p->blocks[i];

		for (size_t j = b->first; j < b->first + b->count; j++)
			box_join(&b->box, &p->lines[j].box);
	}
}

static int
lay_out_blocks(struct layout *l)
{
	enclose_lines(l->page);
	layout_drop_rule_letters(l->page);
	if (layout_measure(l) < 0 || layout_find_bold(l) < 0)
		return -1;
	if (layout_lines_lean(l))
		layout_judge_tables(l);
	else if (find_tables_of_ocr(l) < 0)
		return -1;
	if (layout_part_outstanding(l) < 0)
		return -1;
	layout_find_margins(l);
	layout_classify(l);
	return layout_find_cells(l);
}

int
page_lay_out(struct page *p)
{
	const uint32_t height = p->height;
	struct layout l = {.page = p};
	int turns, r;

	if (p->word_count == 0)
		return 0;
	each_box(p, make_sane);
	if (p->block_count == 0 && p->rotation == 0)
		vertical_find(p);
	turns = p->rotation / 90 & 3;
	for (int i = 0; i < turns; i++)
		each_box(p, turn);
	/* The page was turned for OCR, and its words with it. */
	for (size_t i = 0; i < p->word_count; i++)
		p->words[i].turned = p->block_count > 0
		    ? 0
		    : (p->words[i].turned + 4u - (unsigned)turns) & 3;
	/* A page that lies on its side is not searched for headers and
	 * footers. */
	p->height = turns ? 0 : height;
	l.ink = p->block_count > 0;
	l.common_style = layout_common_style(p);
	r = l.ink ? lay_out_blocks(&l) : lay_out_text(&l);
	p->height = height;
	for (int i = turns; i > 0 && i < 4; i++)
		each_box(p, turn);
	free_pieces(&l);
	free(l.ruled.cells);
	free(l.ruled.tables);
	free(l.lines);
	return r;
}
