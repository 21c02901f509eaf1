/* lines.c - words make pieces of lines, those make lines, those blocks. */
#include "layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* All in sizes of the letters, unless said otherwise. */
/* a space is 0.3; justified ones grow to this */
static const double word_gap = 0.9;
static const double line_gap = 1.5; /* poppler's own limit within a line */
/* between an item's bullet and its text */
static const double marker_gap = 4;
/* between a bare number and a heading */
static const double number_gap = 2;
/* words may overlap: italics, kerning */
static const double back_max = 0.6;
static const double size_change = 0.12; /* of it makes another block */
/* when there are too few lines to measure it */
static const double lead_usual = 1.35;
static const double lead_max = 2.5; /* double spacing, at most */
/* of the lead: ms's paragraphs are 1.3 apart */
static const double lead_break = 1.2;
static const double indent_min = 0.8;
static const double indent_max = 5; /* of a paragraph's first line */
/* lines of one centre are not indented */
static const double centred = 0.3;
/* it ends so far from the right edge */
static const double short_line = 2.5;

/* Ink is as high as the letters are: parts of the size (an em is 1). */
static const double ink_x = 0.48, ink_tall = 0.7, ink_deep = 0.22,
		    font_em = 0.9; /* so that both scales agree */

static double
ink_size(const struct word *w)
{
	double em = ink_x;
	int tall = 0, deep = 0;

	for (size_t i = 0; i < w->length; i++) {
		unsigned char c = (unsigned char)w->text[i];

		if (!c)
			continue;
		tall |= c >= 0x80 || !strchr("acegmnopqrsuvwxyz.,-;:_", c);
		deep |= strchr("gjpqy(),;[]{}Q", c) != NULL;
	}
	if (tall)
		em = ink_tall;
	if (deep)
		em += ink_deep;
	return box_height(&w->box) * font_em / em;
}

static double
word_size(const struct word *w, int ink)
{
	/* Of a word that runs up or down the width is the height; OCR does
	 * not say which do. */
	if (w->turned & 1 ||
	    (w->length >= 3 && box_height(&w->box) > 2.0 * box_width(&w->box)))
		return box_width(&w->box);
	return ink ? ink_size(w) : box_height(&w->box);
}

/* Is the first word what numbers or marks those that follow it? */
static double
gap_in_sizes(const struct word *a, const struct word *b, int alone)
{
	int section;

	if (!alone || b->length == 0)
		return word_gap;
	if (marker_of(a))
		return marker_gap;
	/* Two numbers are two cells. */
	section = marker_section(a);
	if (!section || (*b->text | 32) < 'a' || (*b->text | 32) > 'z')
		return word_gap;
	return section > 1 ? marker_gap : number_gap;
}

double
layout_gap_max(const struct word *a, const struct word *b, int alone)
{
	double size_a = word_size(a, 0), size_b = word_size(b, 0);

	return gap_in_sizes(a, b, alone) * (size_a > size_b ? size_a : size_b);
}

/* Means, weighted by width. */
static struct measure
measure_words(const struct word *w, size_t n, int ink)
{
	double all = 0, size = 0, base = 0;

	for (size_t i = 0; i < n; i++) {
		double weight = box_width(&w[i].box) + 1.0;

		all += weight;
		size += weight * word_size(&w[i], ink);
		base += weight * w[i].box.y1;
	}
	if (n == 0)
		return (struct measure){0};
	return (struct measure){(float)(size / all), (float)(base / all)};
}

/* ---- pieces ---- */

static int
same_row(const struct box *a, const struct box *b)
{
	int32_t ha = box_height(a), hb = box_height(b);

	return 2.0 * box_overlap_y(a, b) >= (ha < hb ? ha : hb);
}

/* Is b beside a, on the line of letters this large? */
static int
is_near(int32_t overlap_along, int32_t overlap_across, double size)
{
	return overlap_along >= -word_gap * size &&
	    overlap_along <= back_max * size && overlap_across >= size / 2;
}

static int
continues(const struct piece *p, const struct word *last, const struct word *w)
{
	const int32_t across = box_overlap_x(&last->box, &w->box),
		      down = box_overlap_y(&last->box, &w->box);
	double gap = w->box.x0 - p->box.x1;

	if (last->turned != w->turned)
		return 0;
	if (w->turned)
		return w->turned & 1 ? is_near(down, across, word_size(w, 0))
				     : is_near(across, down, word_size(w, 0));
	return same_row(&last->box, &w->box) && w->box.x0 >= last->box.x0 &&
	    gap <= layout_gap_max(last, w, p->count == 1) &&
	    gap >= -back_max * word_size(last, 0);
}

int
layout_find_pieces(struct layout *l)
{
	const struct page *p = l->page;
	struct piece *piece = NULL;

	l->pieces = malloc((p->word_count + 1) * sizeof *l->pieces);
	if (!l->pieces)
		return -1;
	for (size_t i = 0; i < p->word_count; i++) {
		const struct word *w = &p->words[i];

		if (piece && continues(piece, w - 1, w)) {
			box_join(&piece->box, &w->box);
			piece->count++;
			continue;
		}
		piece = &l->pieces[l->piece_count++];
		*piece = (struct piece){.box = w->box,
		    .first = (uint32_t)i,
		    .count = 1,
		    .turned = w->turned};
	}
	for (size_t i = 0; i < l->piece_count; i++) {
		piece = &l->pieces[i];
		piece->m = measure_words(p->words + piece->first, piece->count,
		    l->ink);
	}
	return 0;
}

/* ---- lines ---- */

struct build {
	struct layout *l;
	struct word *words;
	size_t word_count;
};

static void
take_words(struct build *b, struct line *line, const struct piece *piece)
{
	memcpy(b->words + b->word_count, b->l->page->words + piece->first,
	    piece->count * sizeof *b->words);
	b->word_count += piece->count;
	line->count += piece->count;
	box_join(&line->box, &piece->box);
}

static int
joins_line(const struct piece *a, const struct piece *b)
{
	double size = a->m.size > b->m.size ? a->m.size : b->m.size;
	double gap = b->box.x0 - a->box.x1;

	return !b->table && !a->turned && !b->turned &&
	    same_row(&a->box, &b->box) && gap <= line_gap * size &&
	    gap >= -back_max * size;
}

/* A line from the pieces at i, which is moved past them. */
static int
add_line(struct build *b, size_t *i)
{
	const struct piece *piece = b->l->pieces + *i,
			   *end = b->l->pieces + b->l->piece_count;
	struct line line = {.box = piece->box, .first = b->word_count};

	take_words(b, &line, piece);
	while (++piece < end && joins_line(piece - 1, piece))
		take_words(b, &line, piece);
	*i = (size_t)(piece - b->l->pieces);
	return page_add_line(b->l->page, &line);
}

static int
add_table(struct build *b, const struct table *t)
{
	const uint32_t *order = b->l->tables.order + t->first;
	struct block block = {.type = BLOCK_TABLE,
	    .first = b->l->page->line_count};
	const struct piece *piece, *last = NULL;
	struct line line = {0};

	for (size_t i = 0; i < t->count; i++, last = piece) {
		piece = &b->l->pieces[order[i]];
		if (last && piece->m.base == last->m.base) {
			take_words(b, &line, piece);
			continue;
		}
		if (last && page_add_line(b->l->page, &line) < 0)
			return -1;
		line = (struct line){.box = piece->box, .first = b->word_count};
		take_words(b, &line, piece);
	}
	if (page_add_line(b->l->page, &line) < 0)
		return -1;
	block.count = b->l->page->line_count - block.first;
	return page_add_block(b->l->page, &block);
}

/* ---- what is usual on the page ---- */

struct sample {
	double value, weight;
};

static int
compare_samples(const void *va, const void *vb)
{
	const struct sample *a = va, *b = vb;

	return (a->value > b->value) - (a->value < b->value);
}

static double
median(struct sample *s, size_t n)
{
	double all = 0, half = 0;

	qsort(s, n, sizeof *s, compare_samples);
	for (size_t i = 0; i < n; i++)
		all += s[i].weight;
	for (size_t i = 0; i < n; i++)
		if ((half += s[i].weight) * 2 >= all)
			return s[i].value;
	return 0;
}

static int
similar(double a, double b)
{
	return fabs(a - b) <= size_change * (a > b ? a : b);
}

static double
usual_lead(const struct layout *l, struct sample *s)
{
	const struct page *p = l->page;
	size_t n = 0;

	for (size_t i = 1; i < p->line_count; i++) {
		const struct measure *a = &l->lines[i - 1], *b = a + 1;
		double d = b->base - a->base;

		if (d > 0.5 * b->size && d < lead_max * b->size &&
		    similar(a->size, b->size) && similar(b->size, l->body) &&
		    box_overlap_x(&p->lines[i - 1].box, &p->lines[i].box) > 0)
			s[n++] = (struct sample){d, 1};
	}
	return n < 3 ? lead_usual * l->body : median(s, n);
}

int
layout_measure(struct layout *l)
{
	const struct page *p = l->page;
	struct sample *s = malloc((p->line_count + 1) * sizeof *s);

	free(l->lines);
	l->lines = malloc((p->line_count + 1) * sizeof *l->lines);
	if (!l->lines || !s) {
		free(s);
		return -1;
	}
	for (size_t i = 0; i < p->line_count; i++) {
		const struct line *line = &p->lines[i];

		l->lines[i] = measure_words(p->words + line->first, line->count,
		    l->ink);
		s[i].value = l->lines[i].size;
		s[i].weight = (double)line->count;
	}
	l->body = median(s, p->line_count);
	l->lead = usual_lead(l, s);
	free(s);
	return 0;
}

/* ---- blocks ---- */

static int
ends_sentence(const struct page *p, const struct line *line)
{
	const struct word *w = &p->words[line->first + line->count - 1];

	return w->length > 0 && strchr(".:;!?", w->text[w->length - 1]) != NULL;
}

/* Does this line, indented, begin a paragraph? */
static int
is_indented(const struct layout *l, const struct block *b, size_t i)
{
	const struct box *above = &l->page->lines[i - 1].box,
			 *box = &l->page->lines[i].box;
	double size = l->lines[i].size, by = box->x0 - above->x0;
	double centre = (box->x0 + box->x1 - above->x0 - above->x1) / 2.0;

	if (by < indent_min * size || by > indent_max * size ||
	    fabs(centre) < centred * size)
		return 0;
	/* A second line is indented in hanging paragraphs too. */
	return i - b->first > 1 || above->x1 < box->x1 - short_line * size;
}

static int
begins_item(const struct layout *l, const struct block *b, size_t i)
{
	const struct page *p = l->page;
	enum marker m = marker_of(&p->words[p->lines[i].first]);

	/* A wrapped line may begin with a number. */
	return m == MARKER_BULLET ||
	    (m != MARKER_NONE &&
		(ends_sentence(p, &p->lines[i - 1]) ||
		    marker_of(&p->words[p->lines[b->first].first]) == m));
}

static int
is_turned(const struct page *p, const struct line *line)
{
	return p->words[line->first].turned;
}

static int
begins_block(const struct layout *l, const struct block *b, size_t i)
{
	const struct box *above = &l->page->lines[i - 1].box,
			 *box = &l->page->lines[i].box;
	const struct measure *a = &l->lines[i - 1], *m = &l->lines[i];
	double lead = l->lead;

	/* Large letters are further apart. */
	if (m->size > l->body && l->body > 0)
		lead *= m->size / l->body;
	return is_turned(l->page, &l->page->lines[i - 1]) ||
	    is_turned(l->page, &l->page->lines[i]) || m->base - a->base <= 0 ||
	    m->base - a->base > lead * lead_break ||
	    !similar(a->size, m->size) || box_overlap_x(above, box) <= 0 ||
	    begins_item(l, b, i) || is_indented(l, b, i);
}

/* Blocks of the lines from first, to the next table or the end. */
static int
add_blocks(struct layout *l, size_t first, size_t end)
{
	struct block b = {.first = first};

	for (size_t i = first; i < end; i++) {
		if (i > b.first && begins_block(l, &b, i)) {
			b.count = i - b.first;
			if (page_add_block(l->page, &b) < 0)
				return -1;
			b.first = i;
		}
	}
	b.count = end - b.first;
	return b.count > 0 ? page_add_block(l->page, &b) : 0;
}

/* Tables are blocks already; make those of the lines between them. */
static int
part_lines(struct layout *l)
{
	struct page *p = l->page;
	struct block *tables = p->blocks;
	size_t n = p->block_count, next = 0;
	int r = 0;

	p->blocks = NULL;
	p->block_count = 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		r = add_blocks(l, next, tables[i].first) |
		    page_add_block(p, &tables[i]);
		next = tables[i].first + tables[i].count;
	}
	free(tables);
	if (r == 0)
		r = add_blocks(l, next, p->line_count);
	for (size_t i = 0; r == 0 && i < p->block_count; i++) {
		struct block *b = &p->blocks[i];

		b->box = p->lines[b->first].box;
		for (size_t j = 1; j < b->count; j++)
			box_join(&b->box, &p->lines[b->first + j].box);
	}
	return r;
}

int
layout_find_blocks(struct layout *l)
{
	struct page *p = l->page;
	struct build b = {.l = l};
	unsigned char *done = calloc(l->tables.count + 1, 1);
	int r = 0;

	b.words = malloc((p->word_count + 1) * sizeof *b.words);
	if (!b.words || !done)
		r = -1;
	for (size_t i = 0; r == 0 && i < l->piece_count;) {
		uint32_t t = l->pieces[i].table;

		if (!t) {
			r = add_line(&b, &i);
			continue;
		}
		if (!done[t])
			r = add_table(&b, &l->tables.table[t - 1]);
		done[t] = 1;
		i++;
	}
	free(done);
	if (r < 0) {
		free(b.words);
		return -1;
	}
	free(p->words);
	p->words = b.words;
	return layout_measure(l) < 0 ? -1 : part_lines(l);
}
