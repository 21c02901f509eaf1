/* recognise.c - OCR by libtesseract. */
#include "recognise.h"
#include "reader/reader_protocol.h"
#include "upright.h"

#include "pc.h"

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Per cent.  A page that is upside down is read with 20 to 55, and one that is
 * not with 70 or more. */
enum { DOUBTFUL = 60 };

struct recogniser {
	TessBaseAPI *api;
	int clean;
};

/* Orientation and script are told by a model that no worker could open; its
 * pages are upright by then (upright.c). */
static TessPageSegMode
without_osd(int psm)
{
	return psm == PSM_AUTO_OSD       ? PSM_AUTO
	    : psm == PSM_SPARSE_TEXT_OSD ? PSM_SPARSE_TEXT
					 : (TessPageSegMode)psm;
}

struct recogniser *
recogniser_open(const char *lang, int psm, int clean)
{
	struct recogniser *r;

	if (recogniser_languages(lang) < 0)
		return NULL;
	r = calloc(1, sizeof *r);
	setMsgSeverity(L_SEVERITY_NONE);
	if (r)
		r->api = TessBaseAPICreate();
	if (!r || !r->api || recogniser_init(r->api, lang) != 0) {
		free(r);
		return NULL;
	}
	r->clean = clean;
	/* It prints its doubts about pages otherwise. */
	TessBaseAPISetVariable(r->api, "debug_file", "/dev/null");
	TessBaseAPISetPageSegMode(r->api, without_osd(psm));
	return r;
}

const char *
recogniser_version(void)
{
	return TessVersion();
}

static PIX *
pack(const unsigned char *pixels, int width, int height)
{
	PIX *gray = pixCreate(width, height, 8);

	for (int y = 0; gray && y < height; y++) {
		l_uint32 *line = pixGetData(gray) +
		    (size_t)y * (size_t)pixGetWpl(gray);
		const unsigned char *from = pixels + (size_t)y * (size_t)width;

		for (int x = 0; x < width; x++)
			SET_DATA_BYTE(line, x, from[x]);
	}
	return gray;
}

/* Is there anything on it?  A blank page needs no OCR. */
static int
is_blank(PIX *gray)
{
	PIX *bits = pixThresholdToBinary(gray, 200);
	l_int32 empty = 0;

	if (!bits)
		return 0;
	pixZero(bits, &empty);
	pixDestroy(&bits);
	return empty;
}

/* Without grains, and on white where the paper was lit unevenly.  NULL: out
 * of memory. */
static PIX *
cleaned(PIX *gray)
{
	PIX *even = pixBackgroundNormSimple(gray, NULL, NULL);
	PIX *smooth = pixMedianFilter(even ? even : gray, 3, 3);

	pixDestroy(&even);
	return smooth;
}

/* ---- what was found, in the page's own places ---- */

struct sheet {
	struct upright upright;
	double scale;       /* 1/100 points a pixel */
	size_t words, down; /* of them, those in lines down the page */
	struct pc_buf *out;
};

/* Add the box that holds this one where it was on the page. */
static void
add_box(struct sheet *s, const char *what, int left, int top, int right,
    int bottom)
{
	double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;

	for (int corner = 0; corner < 4; corner++) {
		double x = corner & 1 ? right : left;
		double y = corner & 2 ? bottom : top;

		upright_back(&s->upright, &x, &y);
		x0 = fmin(x0, x);
		y0 = fmin(y0, y);
		x1 = fmax(x1, x);
		y1 = fmax(y1, y);
	}
	pc_buf_addf(s->out, "%s\t%.0f\t%.0f\t%.0f\t%.0f", what, x0 * s->scale,
	    y0 * s->scale, x1 * s->scale, y1 * s->scale);
}

static int
add_level(struct sheet *s, const char *what, const TessPageIterator *at,
    TessPageIteratorLevel level)
{
	int left, top, right, bottom;

	if (!TessPageIteratorBoundingBox(at, level, &left, &top, &right,
		&bottom))
		return 0;
	add_box(s, what, left, top, right, bottom);
	return 1;
}

static const char *
type_name(TessPolyBlockType type)
{
	switch (type) {
	case PT_HEADING_TEXT:
		return "heading";
	case PT_TABLE:
		return "table";
	case PT_CAPTION_TEXT:
		return "caption";
	case PT_FLOWING_IMAGE:
	case PT_HEADING_IMAGE:
	case PT_PULLOUT_IMAGE:
		return "figure";
	case PT_HORZ_LINE:
	case PT_VERT_LINE:
	case PT_NOISE:
		return "rule";
	default:
		return "text";
	}
}

static void
add_word(struct sheet *s, const TessResultIterator *words,
    const TessPageIterator *at)
{
	char *text = TessResultIteratorGetUTF8Text(words, RIL_WORD);
	float confidence = TessResultIteratorConfidence(words, RIL_WORD);
	TessOrientation top;
	TessWritingDirection writing = WRITING_DIRECTION_LEFT_TO_RIGHT;
	TessTextlineOrder order;
	float deskew;

	if (text && text[strspn(text, " \t\n")] &&
	    add_level(s, "w", at, RIL_WORD)) {
		pc_buf_addf(s->out, "\t%.0f\t", (double)confidence * 100);
		for (const char *c = text; *c; c++)
			pc_buf_add(s->out, (unsigned char)*c < ' ' ? " " : c,
			    1);
		pc_buf_add(s->out, "\n", 1);
		/* It takes no const; it does not write there. */
		TessPageIteratorOrientation((TessPageIterator *)(uintptr_t)at,
		    &top, &writing, &order, &deskew);
		s->down += writing == WRITING_DIRECTION_TOP_TO_BOTTOM;
		s->words++;
	}
	TessDeleteText(text);
}

/* A block of ours is a paragraph of tesseract's. */
static void
add_all(struct sheet *s, TessBaseAPI *api)
{
	TessResultIterator *words = TessBaseAPIGetIterator(api);
	const TessPageIterator *at;

	if (!words)
		return;
	at = TessResultIteratorGetPageIteratorConst(words);
	do {
		const char *type = type_name(TessPageIteratorBlockType(at));
		int figure = strcmp(type, "figure") == 0;
		int starts = TessPageIteratorIsAtBeginningOf(at,
		    figure ? RIL_BLOCK : RIL_PARA);

		if (strcmp(type, "rule") == 0)
			continue;
		if (starts &&
		    add_level(s, "b", at, figure ? RIL_BLOCK : RIL_PARA))
			pc_buf_addf(s->out, "\t%s\n", type);
		if (figure)
			continue;
		if (TessPageIteratorIsAtBeginningOf(at, RIL_TEXTLINE) &&
		    add_level(s, "l", at, RIL_TEXTLINE))
			pc_buf_add(s->out, "\n", 1);
		add_word(s, words, at);
	} while (TessResultIteratorNext(words, RIL_WORD));
	TessResultIteratorDelete(words);
}

static void
fail(struct page_answer *a, const char *message)
{
	a->kind = ANSWER_ERROR;
	snprintf(a->message, sizeof a->message, "%s", message);
}

/* Read the page, turned by so many quarters.  *sure: it is hardly upside down.
 * -1: a says why not. */
static int
read_page(struct recogniser *r, PIX *gray, const struct page_request *ask,
    int quarters, struct page_answer *a, struct pc_buf *out, int *sure)
{
	struct sheet s = {.scale = 7200.0 / ask->dpi, .out = out};
	PIX *page = upright_make(gray, (int)ask->dpi, quarters, &s.upright);
	int down;

	if (!page) {
		fail(a, "out of memory");
		return -1;
	}
	TessBaseAPISetImage2(r->api, page);
	TessBaseAPISetSourceResolution(r->api, (int)ask->dpi);
	if (TessBaseAPIRecognize(r->api, NULL) != 0) {
		fail(a, "tesseract cannot recognise it");
	} else {
		add_all(&s, r->api);
		a->confidence = TessBaseAPIMeanTextConf(r->api) * 100;
		/* Tesseract sees by itself that lines run down the page. */
		down = s.down > s.words / 2 ? 3 : 0;
		a->rotation = (s.upright.quarters + down) % 4 * 90;
	}
	*sure = s.upright.sure || a->confidence >= DOUBTFUL * 100;
	pixDestroy(&page);
	TessBaseAPIClear(r->api);
	/* Else a page's text would depend on the pages before it. */
	TessBaseAPIClearAdaptiveClassifier(r->api);
	return a->kind == ANSWER_ERROR ? -1 : 0;
}

void
recognise(struct recogniser *r, const struct page_request *ask,
    const unsigned char *pixels, struct page_answer *a, struct pc_buf *out)
{
	PIX *gray = pack(pixels, (int)ask->width, (int)ask->height), *page;
	struct pc_buf other = {0};
	struct page_answer b = *a;
	int sure = 1;

	a->kind = b.kind = ANSWER_WORDS;
	if (gray && is_blank(gray)) {
		pixDestroy(&gray);
		return;
	}
	if (gray && r->clean) {
		page = cleaned(gray);
		pixDestroy(&gray);
		gray = page;
	}
	if (!gray)
		fail(a, "out of memory");
	else if (read_page(r, gray, ask, UPRIGHT_FIND, a, out, &sure) == 0 &&
	    !sure && out->len > 0 &&
	    read_page(r, gray, ask, 2, &b, &other, &sure) == 0 &&
	    b.confidence > a->confidence) {
		const struct pc_buf first = *out;

		*a = b;
		*out = other;
		other = first;
	}
	pixDestroy(&gray);
	pc_buf_clear(&other);
	a->length = out->len;
	if (out->failed)
		fail(a, "out of memory");
}
