/* merge.c - merge a page's text layer with the words that OCR read. */
#include "merge.h"
#include "letters.h"
#include "merge_in.h"
#include "same_word.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	PAIRS_MAX = 50 * 1000 * 1000, /* comparisons of two words */
	/* 1/100 %: OCR with less confidence does not contradict a layer, */
	SURE_MIN = 6000,
	/* and a line that it adds has at least this. */
	LINE_MIN = 5000,
	WORD_SURE = 8000,  /* 1/100 %: a word alone contradicts a layer, */
	LETTERS_SURE = 3,  /* if it has this many letters */
	SHORT_SURE = 9000, /* 1/100 %: a shorter one stays beside such a word */
	WINDOW = 3,        /* words on each side that are counted too */
	STAMP_MAX = 20,    /* words; a page has more than a stamp */
	DISPLACED_MAX = 8, /* heights that a word may be off its place */
	SEEN_MARGIN = 2000, /* 1/100 point, around the words of OCR */
	DISPLACED_MIN = 8,  /* words that prove that the whole layer is off
			     * its place */
};

/* A word of the layer covers one of OCR if it covers at least this part of it,
 * and their heights differ by at most this factor: a watermark does not cover
 * a line of print. */
static const double covered_min = 0.5, height_ratio = 2.5;
/* A word that covers this part is at the same place. */
static const double touched_min = 0.1;
/* A layer is off its place if at least this part of the remaining words is
 * elsewhere in it. */
static const double displaced_part = 0.7;

static const size_t none = SIZE_MAX;

void
page_layer_clear(struct page_layer *l)
{
	free(l->data);
	*l = (struct page_layer){0};
}

/* ---- which words are at the same place ---- */

static int32_t
height_of(const struct word *w, unsigned turned)
{
	return turned & 1 ? w->box.x1 - w->box.x0 : w->box.y1 - w->box.y0;
}

/* Which part of the word of OCR the other covers, from 0 to 1. */
static double
cover(const struct merge *m, const struct word *ocr, const struct word *layer)
{
	const struct box *a = &ocr->box, *b = &layer->box;
	const double x = (a->x1 < b->x1 ? a->x1 : b->x1) -
	    (double)(a->x0 > b->x0 ? a->x0 : b->x0);
	const double y = (a->y1 < b->y1 ? a->y1 : b->y1) -
	    (double)(a->y0 > b->y0 ? a->y0 : b->y0);
	const double area = ((double)a->x1 - a->x0) * ((double)a->y1 - a->y0);
	double h, g;

	if (x <= 0 || y <= 0 || area <= 0)
		return 0;
	h = height_of(ocr, (unsigned)m->ocr->rotation / 90);
	g = height_of(layer, layer->turned);
	/* A comma's box is only as high as its ink. */
	if (g > height_ratio * h && same_word_letters(ocr) > 0 &&
	    !same_word_nearly(ocr, layer))
		return 0;
	return h > height_ratio * g ? 0 : x * y / area;
}

/* Is OCR sure of the word by itself? */
static int
is_sure(const struct word *w)
{
	return w->confidence >= WORD_SURE &&
	    same_word_letters(w) >= LETTERS_SURE;
}

/* Is OCR sure of a word at the same place that has nothing in common with that
 * of the layer?  That may be signs that stand for letters. */
static int
is_sure_of_other(const struct word *ocr, const struct word *layer, double part)
{
	const size_t letters = same_word_letters(layer);

	return part >= covered_min && is_sure(ocr) &&
	    (letters == 0 || letters >= LETTERS_SURE) &&
	    !same_word_partly(ocr, layer);
}

/* Judge each word of OCR by the layer's words at its place. */
static void
compare(struct merge *m)
{
	for (size_t i = 0; i < m->ocr->word_count; i++) {
		const struct word *w = &m->ocr->words[i];
		double covered = 0;

		for (size_t j = 0; j < m->layer.word_count; j++) {
			const struct word *v = &m->layer.words[j];
			const double part = cover(m, w, v);
			int same, other;

			if (part <= 0 || m->bad[j])
				continue;
			covered += part;
			if (part < touched_min)
				continue;
			same = same_word_nearly(w, v);
			m->used[j] |= same != 0;
			covered += same;
			other = is_sure_of_other(w, v, part);
			if (same_word_letters(w) > 1 && m->vote[j] <= 0 &&
			    (same_word_letters(v) > 0 || other))
				m->vote[j] = same ? VOTE_SAME
				    : other || m->vote[j] == VOTE_SURE
				    ? VOTE_SURE
				    : VOTE_OTHER;
		}
		m->drop[i] = covered >= covered_min;
	}
}

/* ---- a good layer ---- */

/* Is the layer's word on the same line, and only a little beside the other? */
static int
is_near(const struct word *ocr, const struct word *layer)
{
	const int32_t far = DISPLACED_MAX * (ocr->box.y1 - ocr->box.y0);

	return layer->box.y0 < ocr->box.y1 && layer->box.y1 > ocr->box.y0 &&
	    layer->box.x0 < ocr->box.x1 + far &&
	    layer->box.x1 > ocr->box.x0 - far;
}

/* Find the same word in the layer, within the area that OCR read, where OCR
 * found nothing.  Returns none if there is none. */
static size_t
find_displaced(const struct merge *m, const struct word *w, int near)
{
	for (size_t j = 0; j < m->layer.word_count; j++) {
		const struct word *v = &m->layer.words[j];

		if (!m->used[j] && v->box.x0 < m->seen.x1 &&
		    v->box.x1 > m->seen.x0 && v->box.y0 < m->seen.y1 &&
		    v->box.y1 > m->seen.y0 && (!near || is_near(w, v)) &&
		    same_word_exactly(w, v))
			return j;
	}
	return none;
}

/* Drop words that the layer has beside their place.  Returns how many remain.
 * With dry, only count. */
static size_t
drop_displaced(struct merge *m, int near, int dry)
{
	size_t left = 0;

	for (size_t i = 0; i < m->ocr->word_count; i++) {
		size_t j;

		if (m->drop[i])
			continue;
		j = find_displaced(m, &m->ocr->words[i], near);
		left += j == none;
		if (j == none || dry)
			continue;
		m->drop[i] = 1;
		m->used[j] = 1;
	}
	return left;
}

/* At most places, does OCR read other words than the layer has? */
static int
places_differ(const struct merge *m)
{
	size_t same = 0, other = 0;

	for (size_t j = 0; j < m->layer.word_count; j++) {
		same += m->vote[j] > 0;
		other += m->vote[j] < 0;
	}
	return other > same;
}

/* A layer made by another program may have its words beside those of the scan:
 * single words, or all of them. */
static void
find_same_words(struct merge *m)
{
	const size_t left = drop_displaced(m, 1, 0);

	if (left > 0 && (left >= DISPLACED_MIN || places_differ(m)) &&
	    (double)drop_displaced(m, 0, 1) <
		(1 - displaced_part) * (double)left)
		(void)drop_displaced(m, 0, 0);
}

/* Does it stand where the layer is wrong?  Even a guess is more than nothing
 * then. */
static int
replaces(const struct merge *m, const struct word *w)
{
	for (size_t j = 0; j < m->layer.word_count; j++)
		if (m->bad[j] && cover(m, w, &m->layer.words[j]) >= touched_min)
			return 1;
	return 0;
}

/* Drop what remains of a line unless it looks like print.  A line of contents
 * may have one bad word, its dots, and good ones. */
static void
drop_junk(struct merge *m, const struct line *l)
{
	size_t kept = 0, letters = 0, sure = 0;
	double confidence = 0;

	for (size_t i = l->first; i < l->first + l->count; i++)
		if (!m->drop[i]) {
			kept++;
			sure += (size_t)is_sure(&m->ocr->words[i]);
			letters += same_word_letters(&m->ocr->words[i]);
			confidence += m->ocr->words[i].confidence;
		}
	if (kept == 0 ||
	    (confidence >= (double)LINE_MIN * (double)kept && letters > 1))
		return;
	for (size_t i = l->first; i < l->first + l->count; i++)
		m->drop[i] |= !is_sure(&m->ocr->words[i]) &&
		    !(sure > 0 && m->ocr->words[i].confidence >= SHORT_SURE) &&
		    !replaces(m, &m->ocr->words[i]);
}

static void
add_to_layer(struct merge *m)
{
	find_same_words(m);
	for (size_t i = 0; i < m->ocr->line_count; i++)
		drop_junk(m, &m->ocr->lines[i]);
}

/* ---- a layer in doubt ---- */

/* Has it digits and no letters?  A font that lies about its letters may be
 * right about its digits. */
static int
is_number(const struct word *w)
{
	size_t digits = 0;

	for (size_t i = 0; i < w->length; i++) {
		const unsigned char c = (unsigned char)w->text[i];

		if (c >= 0x80 || isalpha(c))
			return 0;
		digits += isdigit(c) != 0;
	}
	return digits > 0;
}

/* Do OCR and the layer disagree around word j? */
static int
is_refuted(const struct merge *m, size_t j)
{
	const size_t first = j > WINDOW ? j - WINDOW : 0;
	const size_t end = j + WINDOW + 1 < m->layer.word_count
	    ? j + WINDOW + 1
	    : m->layer.word_count;
	const int number = is_number(&m->layer.words[j]);
	size_t agree = 0, all = 0;

	for (size_t i = first; i < end; i++) {
		if (is_number(&m->layer.words[i]) != number)
			continue;
		agree += m->vote[i] > 0;
		all += m->vote[i] != 0;
	}
	/* If OCR sees nothing there, it refutes nothing. */
	if (all == 0)
		return 0;
	return agree * 2 < all;
}

/* Does it have a character that stands for an unknown one? */
static int
has_unknown(const struct word *w)
{
	return memmem(w->text, w->length, "\xef\xbf\xbd", 3) != NULL;
}

/* Has it nothing else? */
static int
is_unknown(const struct word *w)
{
	for (size_t i = 0; i < w->length; i += 3)
		if (w->length - i < 3 ||
		    memcmp(w->text + i, "\xef\xbf\xbd", 3) != 0)
			return 0;
	return w->length > 0;
}

/* Replace those parts of the layer that are wrong. */
static void
replace_in_layer(struct merge *m)
{
	if (m->quality == LAYER_DOUBTFUL && m->ocr->confidence < SURE_MIN) {
		memset(m->drop, 1, m->ocr->word_count);
		return;
	}
	for (size_t j = 0; j < m->layer.word_count; j++)
		m->bad[j] = m->quality == LAYER_GARBAGE ||
		    is_unknown(&m->layer.words[j]) || m->vote[j] == VOTE_SURE ||
		    (m->vote[j] < 0 && has_unknown(&m->layer.words[j])) ||
		    is_refuted(m, j);
	/* Compare again, without the words that were dropped. */
	compare(m);
	if (m->quality == LAYER_DOUBTFUL)
		for (size_t i = 0; i < m->ocr->line_count; i++)
			drop_junk(m, &m->ocr->lines[i]);
}

/* ---- the page ---- */

/* Use the layer alone, in the requested form. */
static int
use_layer(struct page *p, struct page_layer *l, size_t words)
{
	size_t turned[4] = {0};

	/* A stamp does not replace a scan that OCR cannot read. */
	if (l->quality != LAYER_GOOD)
		p->marks = MARK_LOW_CONFIDENCE |
		    (p->marks & MARK_LANGUAGE_SUSPECT);
	else
		p->marks &= words < STAMP_MAX ? ~(unsigned)MARK_BLANK : 0;
	page_drop(p);
	p->source = SOURCE_TEXT_LAYER;
	p->confidence = -1;
	p->dpi = 0;
	p->rotation = 0;
	p->parsed = l->text == 0;
	p->length = p->parsed ? l->words : l->text;
	if (!p->parsed)
		memmove(l->data, l->data + l->words, l->text);
	if (!p->parsed)
		p->length = letters_clean(l->data, l->text);
	l->data[p->length] = '\0';
	p->data = l->data;
	l->data = NULL;
	if (p->parsed && page_parse(p) < 0)
		return -1;
	for (size_t i = 0; i < p->word_count; i++)
		turned[p->words[i].turned & 3]++;
	for (int i = 1; i < 4; i++)
		if (turned[i] > turned[p->rotation / 90])
			p->rotation = i * 90;
	return 0;
}

static size_t
count_zero(const unsigned char *flags, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += !flags[i];
	return count;
}

/* Is OCR sure, and does it read the same as a layer that was in doubt? */
static int
is_confirmed(const struct merge *m)
{
	return m->quality == LAYER_DOUBTFUL && m->ocr->confidence >= SURE_MIN &&
	    !places_differ(m);
}

/* Decide on each word, then on the page. */
static int
merge(struct merge *m, struct page_layer *l)
{
	size_t kept, added;

	m->seen = m->ocr->words[0].box;
	for (size_t i = 1; i < m->ocr->word_count; i++)
		box_join(&m->seen, &m->ocr->words[i].box);
	m->seen = (struct box){m->seen.x0 - SEEN_MARGIN,
	    m->seen.y0 - SEEN_MARGIN, m->seen.x1 + SEEN_MARGIN,
	    m->seen.y1 + SEEN_MARGIN};
	compare(m);
	if (m->quality == LAYER_GOOD)
		add_to_layer(m);
	else
		replace_in_layer(m);
	kept = count_zero(m->bad, m->layer.word_count);
	added = count_zero(m->drop, m->ocr->word_count);
	if (added == 0) {
		if (is_confirmed(m))
			l->quality = LAYER_GOOD;
		return use_layer(m->ocr, l, kept);
	}
	if (kept > 0)
		return merge_words(m);
	m->ocr->source = SOURCE_BAD_TEXT;
	return 0;
}

static int
parse_layer(struct merge *m, const struct page_layer *l)
{
	m->layer.data = malloc(l->words + 1);
	if (!m->layer.data)
		return -1;
	memcpy(m->layer.data, l->data, l->words);
	m->layer.length = l->words;
	return page_parse(&m->layer);
}

int
page_merge(struct page *p, struct page_layer *l)
{
	struct merge m = {.ocr = p, .quality = l->quality};
	size_t n, k;
	int r, too_many;

	if (!l->data)
		return 0;
	r = parse_layer(&m, l);
	n = p->word_count;
	k = m.layer.word_count;
	/* The words that OCR added are not known then. */
	too_many = k > 0 && n > PAIRS_MAX / k;
	m.drop = calloc(n + 1, 1);
	m.bad = calloc(k + 1, 1);
	m.used = calloc(k + 1, 1);
	m.vote = calloc(k + 1, 1);
	if (r == 0 && (!m.drop || !m.bad || !m.used || !m.vote)) {
		errno = ENOMEM;
		r = -1;
	}
	if (r == 0)
		r = n == 0 || k == 0 || too_many ? use_layer(p, l, k)
						 : merge(&m, l);
	if (too_many)
		p->marks |= MARK_LOW_CONFIDENCE;
	free(m.drop);
	free(m.bad);
	free(m.used);
	free(m.vote);
	page_drop(&m.layer);
	page_layer_clear(l);
	return r;
}
