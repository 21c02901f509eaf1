/* words.c - tesseract's words, at their positions on the original page. */
#include "words.h"

#include "strokes.h"
#include "upright.h"

#include "pc.h"

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include <math.h>
#include <string.h>

/* %: words with less confidence are guesses */
enum { CERTAIN = 50 };

void
words_add_box(struct word_writer *s, const char *what, int left, int top,
    int right, int bottom)
{
	double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;

	for (int corner = 0; corner < 4; corner++) {
		double x = corner & 1 ? right : left;
		double y = corner & 2 ? bottom : top;

		upright_back(s->upright, &x, &y);
		x0 = fmin(x0, x);
		y0 = fmin(y0, y);
		x1 = fmax(x1, x);
		y1 = fmax(y1, y);
	}
	pc_buf_addf(s->out, "%s\t%.0f\t%.0f\t%.0f\t%.0f", what, x0 * s->scale,
	    y0 * s->scale, x1 * s->scale, y1 * s->scale);
}

static int
add_level(struct word_writer *s, const char *what, const TessPageIterator *at,
    TessPageIteratorLevel level)
{
	int left, top, right, bottom;

	if (!TessPageIteratorBoundingBox(at, level, &left, &top, &right,
		&bottom))
		return 0;
	words_add_box(s, what, left, top, right, bottom);
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

static int
count_letters(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* If the word is certain, count it and erase its ink. */
static void
take_certain(struct word_writer *s, const TessPageIterator *at,
    const char *text, double confidence)
{
	int left, top, right, bottom;
	BOX *box;

	if (confidence < CERTAIN ||
	    !TessPageIteratorBoundingBox(at, RIL_WORD, &left, &top, &right,
		&bottom))
		return;
	s->score += count_letters(text) * (confidence - CERTAIN);
	left /= s->reduction;
	top /= s->reduction;
	box = boxCreate(left - 1, top - 1, right / s->reduction - left + 3,
	    bottom / s->reduction - top + 3);
	if (box)
		pixClearInRect(s->ink, box);
	boxDestroy(&box);
}

/* Say how wide the strokes of the next word are. */
static void
add_strokes(struct word_writer *s, const TessPageIterator *at)
{
	int left, top, right, bottom;

	if (TessPageIteratorBoundingBox(at, RIL_WORD, &left, &top, &right,
		&bottom))
		pc_buf_addf(s->out, "k\t%.0f\n",
		    s->scale *
			strokes_width(s->page, left, top, right, bottom));
}

static void
add_word(struct word_writer *s, const TessResultIterator *words,
    const TessPageIterator *at)
{
	char *text = TessResultIteratorGetUTF8Text(words, RIL_WORD);
	double confidence = (double)TessResultIteratorConfidence(words,
	    RIL_WORD);
	TessOrientation top;
	TessWritingDirection writing = WRITING_DIRECTION_LEFT_TO_RIGHT;
	TessTextlineOrder order;
	float deskew;

	if (text && text[strspn(text, " \t\n")])
		add_strokes(s, at);
	if (text && text[strspn(text, " \t\n")] &&
	    add_level(s, "w", at, RIL_WORD)) {
		pc_buf_addf(s->out, "\t%.0f\t", confidence * 100);
		for (const char *c = text; *c; c++)
			pc_buf_add(s->out, (unsigned char)*c < ' ' ? " " : c,
			    1);
		pc_buf_add(s->out, "\n", 1);
		/* It takes no const, but does not write here. */
		TessPageIteratorOrientation((TessPageIterator *)(uintptr_t)at,
		    &top, &writing, &order, &deskew);
		s->down += writing == WRITING_DIRECTION_TOP_TO_BOTTOM;
		s->count++;
		take_certain(s, at, text, confidence);
	}
	TessDeleteText(text);
}

/* Each paragraph of tesseract's becomes a block. */
void
words_add(struct word_writer *s, TessBaseAPI *api)
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
