/* left_out.c - letters that tesseract's search for lines left out.
 *
 * Tesseract takes a digit far from other letters for a grain, so a column of
 * single digits is lost.  A piece of ink that is as large as the letters, and
 * beside a word at the same height, is recognised alone. */
#include "left_out.h"

#include "rules.h"
#include "words.h"

#include "pc.h"

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include <stdlib.h>
#include <string.h>

enum {
	TRIED_MAX = 120,   /* more are a drawing, or a picture */
	FOUND_MAX = 20000, /* more components are not letters */
	/* per cent: less confidence is a guess; a single letter needs more */
	SURE = 60,
	SURE_LETTER = 80,
	WHITE = 255,
};

/* In heights of the median word: pieces of ink closer than this are one word,
 * and a word's own parts are this near; */
static const double close_up = 0.4, beside = 0.3;
/* the height and the width of what may be letters, */
static const double low = 0.5, high = 1.6, thin = 0.12, wide = 12;
/* and the room that tesseract needs around them. */
static const double margin = 0.5;
/* The part of its height that is at the height of a word. */
static const double in_row = 0.6;
/* The part of its box that is ink. */
static const double sparse = 0.08, solid = 0.85;

/* A word that was read alone. */
struct found_word {
	struct word_place place; /* in pixels of the ink */
	double confidence;
	char *text; /* from tesseract */
};

struct left_out_search {
	struct word_writer *w;
	TessBaseAPI *api;
	PIX *page;
	int dpi;
	double height; /* of the median word, in pixels of the ink */
	struct found_word found[TRIED_MAX];
	size_t count;
};

/* ---- where it may be ---- */

static int
by_value(const void *va, const void *vb)
{
	const int a = *(const int *)va, b = *(const int *)vb;

	return (a > b) - (a < b);
}

/* The median height of the words; 0: there are too few. */
static int
median_height(const struct word_writer *w)
{
	const struct word_place *p = word_places(w);
	const size_t n = word_place_count(w);
	int *h = malloc((n + 1) * sizeof *h), median = 0;
	size_t count = 0;

	for (size_t i = 0; h && i < n; i++)
		if (!p[i].figure)
			h[count++] = p[i].bottom - p[i].top;
	if (count > 0) {
		qsort(h, count, sizeof *h, by_value);
		median = h[count / 2];
	}
	free(h);
	return median;
}

static void
clear_box(PIX *pix, int left, int top, int right, int bottom)
{
	BOX *box = boxCreate(left, top, right - left, bottom - top);

	if (box)
		pixClearInRect(pix, box);
	boxDestroy(&box);
}

/* Copy the ink without rules, words and figures.  NULL: out of memory. */
static PIX *
rest_of(const struct left_out_search *s, PIX *ink)
{
	const struct word_place *p = word_places(s->w);
	PIX *rest = rules_erase(ink, s->dpi, s->w->reduction);

	for (size_t i = 0; rest && i < word_place_count(s->w); i++)
		clear_box(rest, p[i].left - 1, p[i].top - 1, p[i].right + 1,
		    p[i].bottom + 1);
	return rest;
}

/* How far the intervals overlap. */
static int
overlap(int a0, int a1, int b0, int b1)
{
	return (a1 < b1 ? a1 : b1) - (a0 > b0 ? a0 : b0);
}

/* Is it beside a word, but not a part of it, as an accent is? */
static int
is_beside_words(const struct left_out_search *s, const struct word_place *box)
{
	const struct word_place *p = word_places(s->w);
	const int high_box = box->bottom - box->top;
	int some = 0;

	for (size_t i = 0; i < word_place_count(s->w); i++) {
		const int by = overlap(p[i].top, p[i].bottom, box->top,
		    box->bottom);
		const int high_word = p[i].bottom - p[i].top;

		if (overlap(p[i].left, p[i].right, box->left, box->right) >
			-beside * s->height &&
		    by > -beside * s->height)
			return 0;
		some |= !p[i].figure && by >= in_row * high_box &&
		    high_word < 2 * high_box;
	}
	return some;
}

static int
may_be_letters(const struct left_out_search *s, PIX *rest,
    const struct word_place *p)
{
	const int w = p->right - p->left, h = p->bottom - p->top;
	BOX *box;
	PIX *part;
	l_int32 ink = 0;

	if (h < low * s->height || h > high * s->height ||
	    w < thin * s->height || w > wide * s->height ||
	    !is_beside_words(s, p))
		return 0;
	box = boxCreate(p->left, p->top, w, h);
	part = box ? pixClipRectangle(rest, box, NULL) : NULL;
	if (part)
		pixCountPixels(part, &ink, NULL);
	pixDestroy(&part);
	boxDestroy(&box);
	return ink > sparse * w * h && ink < solid * w * h;
}

/* Find the pieces of ink that may be letters. */
static void
find_letters(struct left_out_search *s, PIX *rest)
{
	const int by = (int)(close_up * s->height) | 1;
	PIX *closed = pixCloseSafeBrick(NULL, rest, by, by / 2 | 1);
	BOXA *boxes = closed ? pixConnCompBB(closed, 8) : NULL;
	const int n = boxes ? boxaGetCount(boxes) : 0;
	l_int32 x, y, w, h;

	for (int i = 0; n < FOUND_MAX && i < n; i++) {
		struct word_place p;

		if (boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h) != 0)
			continue;
		p = (struct word_place){.left = x,
		    .top = y,
		    .right = x + w,
		    .bottom = y + h};
		if (!may_be_letters(s, rest, &p))
			continue;
		if (s->count == TRIED_MAX) {
			s->count = 0;
			break;
		}
		s->found[s->count++] = (struct found_word){.place = p};
	}
	boxaDestroy(&boxes);
	pixDestroy(&closed);
}

/* ---- what it says ---- */

/* Copy the box from the page, with white around it. */
static PIX *
cut_out(const struct left_out_search *s, const struct word_place *p)
{
	const int by = s->w->reduction, room = by;
	const int white = (int)(margin * s->height) * by + 1;
	BOX *box = boxCreate(p->left * by - room, p->top * by - room,
	    (p->right - p->left) * by + 2 * room,
	    (p->bottom - p->top) * by + 2 * room);
	PIX *part = box ? pixClipRectangle(s->page, box, NULL) : NULL;
	PIX *framed = part ? pixAddBorder(part, white, WHITE) : NULL;

	pixDestroy(&part);
	boxDestroy(&box);
	return framed;
}

static int
has_letters(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c >= 0xc3 || (*c >= '0' && *c <= '9') ||
		    ((*c | 32) >= 'a' && (*c | 32) <= 'z'))
			return 1;
	return 0;
}

/* Replace line ends, and cut those at the end. */
static void
make_line(char *text)
{
	size_t n = strlen(text);

	while (n > 0 && (unsigned char)text[n - 1] <= ' ')
		text[--n] = '\0';
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ')
			text[i] = ' ';
}

/* Read it in this mode; keep the text if it is more certain. */
static void
read_as(struct left_out_search *s, PIX *part, TessPageSegMode mode, int sure,
    struct found_word *f)
{
	char *text;
	double confidence;

	TessBaseAPISetPageSegMode(s->api, mode);
	TessBaseAPISetImage2(s->api, part);
	TessBaseAPISetSourceResolution(s->api, s->dpi);
	if (TessBaseAPIRecognize(s->api, NULL) != 0)
		return;
	text = TessBaseAPIGetUTF8Text(s->api);
	confidence = TessBaseAPIMeanTextConf(s->api);
	if (text)
		make_line(text);
	if (text && confidence >= sure && confidence > f->confidence &&
	    has_letters(text)) {
		TessDeleteText(f->text);
		f->text = text;
		f->confidence = confidence;
		text = NULL;
	}
	TessDeleteText(text);
}

static void
read_letters(struct left_out_search *s, struct found_word *f)
{
	const struct word_place *p = &f->place;
	PIX *part = cut_out(s, p);

	if (!part)
		return;
	if (p->right - p->left < p->bottom - p->top)
		read_as(s, part, PSM_SINGLE_CHAR, SURE_LETTER, f);
	if (!f->text)
		read_as(s, part, PSM_SINGLE_LINE, SURE, f);
	pixDestroy(&part);
}

/* ---- the output ---- */

double
left_out_add(struct word_writer *w, TessBaseAPI *api, PIX *page, PIX *ink,
    int dpi)
{
	struct left_out_search *s = calloc(1, sizeof *s);
	const int height = median_height(w);
	PIX *rest = NULL;
	double sum = 0;

	if (s && height > 0) {
		*s = (struct left_out_search){w, api, page, dpi,
		    .height = height};
		rest = rest_of(s, ink);
	}
	if (rest)
		find_letters(s, rest);
	pixDestroy(&rest);
	for (size_t i = 0; s && i < s->count; i++) {
		struct found_word *f = &s->found[i];

		read_letters(s, f);
		if (f->text)
			words_insert(w, &f->place, f->text, f->confidence);
		else
			words_add_unread(w, &f->place);
		sum += f->confidence;
		TessDeleteText(f->text);
	}
	free(s);
	return sum;
}
