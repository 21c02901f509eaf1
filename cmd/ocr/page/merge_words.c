/* merge_words.c - the words of OCR and of the layer, row by row.
 *
 * What remains of a line of OCR, or of a row of the layer, is a row.  Rows
 * side by side are joined, for example a form's printed label and the text
 * typed after it.  The layout then makes lines and blocks of them. */
#include "merge_in.h"

#include <stdlib.h>
#include <string.h>

enum { NEAR = 3 }; /* joined rows are at most this many row heights apart */

/* Consecutive words in the array of all words. */
struct row {
	struct box box;
	size_t first, count;
	int ocr, gone;
};

struct rows {
	struct word *words;
	struct row *rows;
	size_t word_count, row_count;
};

static int
is_beside(const struct box *a, const struct box *b)
{
	const int32_t ha = a->y1 - a->y0, hb = b->y1 - b->y0;
	const int32_t low = a->y1 < b->y1 ? a->y1 : b->y1;
	const int32_t high = a->y0 > b->y0 ? a->y0 : b->y0;

	return 2 * (low - high) >= (ha < hb ? ha : hb);
}

static void
add_word(struct rows *r, const struct word *w, int starts, int ocr)
{
	struct row *last;

	if (starts)
		r->rows[r->row_count++] = (struct row){.box = w->box,
		    .first = r->word_count,
		    .ocr = ocr};
	last = &r->rows[r->row_count - 1];
	box_join(&last->box, &w->box);
	last->count++;
	r->words[r->word_count++] = *w;
}

static void
add_ocr(struct rows *r, const struct merge *m, const char *data)
{
	const struct page *p = m->ocr;

	for (size_t i = 0; i < p->line_count; i++) {
		const struct line *l = &p->lines[i];
		int starts = 1;

		for (size_t j = l->first; j < l->first + l->count; j++) {
			struct word w = p->words[j];

			if (m->drop[j])
				continue;
			w.text = data + (w.text - (const char *)p->data);
			w.turned = (unsigned char)(p->rotation / 90);
			add_word(r, &w, starts, 1);
			starts = 0;
		}
	}
}

static void
add_layer(struct rows *r, const struct merge *m, const char *data)
{
	const struct page *p = &m->layer;
	const struct word *last = NULL;

	for (size_t i = 0; i < p->word_count; i++) {
		struct word w = p->words[i];

		if (m->bad[i])
			continue;
		w.text = data + (w.text - (const char *)p->data);
		add_word(r, &w,
		    !last || last->turned != w.turned ||
			w.box.x0 < last->box.x0 ||
			!is_beside(&last->box, &w.box),
		    0);
		last = &p->words[i];
	}
}

static int
from_left(const void *va, const void *vb)
{
	const struct word *a = va, *b = vb;

	return (a->box.x0 > b->box.x0) - (a->box.x0 < b->box.x0);
}

/* Do a row of OCR and one of the layer form one row? */
static int
joins(const struct row *a, const struct row *b)
{
	const int32_t height = a->box.y1 - a->box.y0;
	const int32_t left = a->box.x0 - NEAR * height;
	const int32_t right = a->box.x1 + NEAR * height;

	return !a->gone && !b->gone && a->ocr != b->ocr &&
	    is_beside(&a->box, &b->box) && b->box.x1 > left &&
	    b->box.x0 < right && 2 * height > b->box.y1 - b->box.y0;
}

/* Copy the rows to out; a row beside one of OCR is joined to it. */
static void
put_rows(struct rows *r, struct word *out)
{
	size_t n = 0;

	for (size_t i = 0; i < r->row_count; i++) {
		struct row *row = &r->rows[i];
		const size_t start = n;

		if (row->gone)
			continue;
		memcpy(out + n, r->words + row->first,
		    row->count * sizeof *out);
		n += row->count;
		for (size_t j = i + 1; j < r->row_count; j++) {
			struct row *other = &r->rows[j];

			if (r->words[row->first].turned ||
			    r->words[other->first].turned || !joins(row, other))
				continue;
			memcpy(out + n, r->words + other->first,
			    other->count * sizeof *out);
			n += other->count;
			other->gone = 1;
		}
		if (n > start + row->count)
			qsort(out + start, n - start, sizeof *out, from_left);
	}
}

static void
set_confidence(struct page *p)
{
	int64_t sum = 0, n = 0;

	for (size_t i = 0; i < p->word_count; i++)
		if (p->words[i].confidence >= 0) {
			sum += p->words[i].confidence;
			n++;
		}
	p->confidence = n > 0 ? (int32_t)(sum / n) : -1;
}

/* Add the rules of the layer to those of OCR, and take all of them.  -1: out of
 * memory. */
static int
take_rules(struct merge *m, struct box **rules, size_t *count)
{
	struct page *p = m->ocr;

	for (size_t i = 0; i < m->layer.rule_count; i++)
		if (page_add_rule(p, &m->layer.rules[i]) < 0)
			return -1;
	*rules = p->rules;
	*count = p->rule_count;
	p->rules = NULL;
	p->rule_count = 0;
	return 0;
}

/* Set the rotation that makes most of the page's words upright. */
static void
set_rotation(struct page *p)
{
	size_t turned[4] = {0};
	int most = 0;

	for (size_t i = 0; i < p->word_count; i++)
		turned[p->words[i].turned & 3]++;
	for (int i = 1; i < 4; i++)
		most = turned[i] > turned[most] ? i : most;
	p->rotation = most * 90;
}

int
merge_words(struct merge *m)
{
	struct page *p = m->ocr;
	const size_t most = p->word_count + m->layer.word_count + 1;
	unsigned char *data = malloc(p->length + m->layer.length + 1);
	struct word *words = malloc(most * sizeof *words);
	struct rows r = {.words = malloc(most * sizeof *r.words),
	    .rows = malloc(most * sizeof *r.rows)};
	struct box *rules = NULL, *spots = NULL;
	size_t rule_count = 0, spot_count = 0;
	const int ok = data && words && r.words && r.rows &&
	    take_rules(m, &rules, &rule_count) == 0;
	const size_t length = p->length + m->layer.length;

	if (ok) {
		memcpy(data, p->data, p->length);
		memcpy(data + p->length, m->layer.data, m->layer.length);
		add_ocr(&r, m, (char *)data);
		add_layer(&r, m, (char *)data + p->length);
		put_rows(&r, words);
		spots = p->spots;
		spot_count = p->spot_count;
		p->spots = NULL;
		page_drop(p);
		p->data = data;
		p->length = length;
		p->words = words;
		p->word_count = r.word_count;
		p->rules = rules;
		p->rule_count = rule_count;
		p->spots = spots;
		p->spot_count = spot_count;
		p->parsed = 1;
		p->source = SOURCE_MIXED;
		set_confidence(p);
		set_rotation(p);
	} else {
		free(data);
		free(words);
	}
	free(r.words);
	free(r.rows);
	return ok ? 0 : -1;
}
