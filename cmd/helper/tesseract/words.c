/* words.c - tesseract's words, at their positions on the original page. */
#include "words.h"

#include "strokes.h"
#include "upright.h"

#include "pc.h"

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include <math.h>
#include <stdlib.h>
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

/* ---- places ---- */

const struct word_place *
word_places(const struct word_writer *s)
{
	return (const void *)s->places.data;
}

size_t
word_place_count(const struct word_writer *s)
{
	return s->places.len / sizeof(struct word_place);
}

void
word_writer_clear(struct word_writer *s)
{
	pc_buf_clear(&s->places);
	pc_buf_clear(&s->lines);
}

static struct word_line *
lines_of(const struct word_writer *s, size_t *n)
{
	*n = s->lines.len / sizeof(struct word_line);
	return (void *)s->lines.data;
}

/* Keep the place of the word or figure. */
static void
add_place(struct word_writer *s, const TessPageIterator *at,
    TessPageIteratorLevel level)
{
	struct word_place p = {.figure = level == RIL_BLOCK};
	size_t n;
	struct word_line *lines = lines_of(s, &n);

	if (!TessPageIteratorBoundingBox(at, level, &p.left, &p.top, &p.right,
		&p.bottom))
		return;
	p.left /= s->reduction;
	p.top /= s->reduction;
	p.right = p.right / s->reduction + 1;
	p.bottom = p.bottom / s->reduction + 1;
	if (!p.figure && n > 0) {
		p.line = n - 1;
		lines[n - 1].end = s->out->len;
	}
	pc_buf_add(&s->places, &p, sizeof p);
}

/* If the word is certain, count it and erase its ink. */
static void
take_certain(struct word_writer *s, const struct word_place *p,
    const char *text, double confidence)
{
	BOX *box;

	if (confidence < CERTAIN)
		return;
	s->score += count_letters(text) * (confidence - CERTAIN);
	box = boxCreate(p->left - 1, p->top - 1, p->right - p->left + 2,
	    p->bottom - p->top + 2);
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
take_last(struct word_writer *s, const char *text, double confidence)
{
	const size_t n = word_place_count(s);

	if (n > 0)
		take_certain(s, word_places(s) + n - 1, text, confidence);
}

/* ---- words ---- */

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
		add_place(s, at, RIL_WORD);
		take_last(s, text, confidence);
	}
	TessDeleteText(text);
}

/* Each paragraph of tesseract's becomes a block. */
void
words_add(struct word_writer *s, TessBaseAPI *api)
{
	TessResultIterator *words = TessBaseAPIGetIterator(api);
	const TessPageIterator *at;
	struct word_line line;

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
		if (figure) {
			if (starts)
				add_place(s, at, RIL_BLOCK);
			continue;
		}
		if (TessPageIteratorIsAtBeginningOf(at, RIL_TEXTLINE)) {
			line.begin = s->out->len;
			if (add_level(s, "l", at, RIL_TEXTLINE))
				pc_buf_add(s->out, "\n", 1);
			line.end = s->out->len;
			pc_buf_add(&s->lines, &line, sizeof line);
		}
		add_word(s, words, at);
	} while (TessResultIteratorNext(words, RIL_WORD));
	TessResultIteratorDelete(words);
}

/* ---- words that were read alone ---- */

static void
add_place_box(struct word_writer *s, const char *what,
    const struct word_place *p)
{
	words_add_box(s, what, p->left * s->reduction, p->top * s->reduction,
	    p->right * s->reduction, p->bottom * s->reduction);
}

static int
same_height(const struct word_place *a, const struct word_place *b)
{
	const int top = a->top > b->top ? a->top : b->top;
	const int bottom = a->bottom < b->bottom ? a->bottom : b->bottom;

	return 2 * (bottom - top) > b->bottom - b->top;
}

/* Where the line of a new word goes: after the nearest word at its left, or
 * before the nearest one at its right. */
static size_t
place_for(const struct word_writer *s, const struct word_place *new)
{
	const struct word_place *p = word_places(s), *best = NULL;
	size_t n;
	const struct word_line *lines = lines_of(s, &n);
	int left = 0;

	for (size_t i = 0; i < word_place_count(s); i++) {
		const int is_left = p[i].right <= new->left;

		if (p[i].figure || !same_height(&p[i], new) || is_left < left)
			continue;
		if (!best || is_left > left ||
		    (is_left ? p[i].right > best->right
			     : p[i].left < best->left))
			best = &p[i];
		left = is_left;
	}
	if (!best || best->line >= n)
		return s->out->len;
	return left ? lines[best->line].end : lines[best->line].begin;
}

/* Move the end of the output, from this byte on, to `at`. */
static void
move_end(struct word_writer *s, size_t from, size_t at)
{
	const size_t added = s->out->len - from;
	unsigned char *end = malloc(added + 1);
	size_t n;
	struct word_line *lines = lines_of(s, &n);

	if (!end) {
		s->out->failed = 1;
		return;
	}
	memcpy(end, s->out->data + from, added);
	memmove(s->out->data + at + added, s->out->data + at, from - at);
	memcpy(s->out->data + at, end, added);
	free(end);
	for (size_t i = 0; i < n; i++) {
		lines[i].begin += lines[i].begin >= at ? added : 0;
		lines[i].end += lines[i].end > at ? added : 0;
	}
}

/* Append the words of the text, each with its part of the place. */
static void
add_words(struct word_writer *s, const struct word_place *p, const char *text,
    double confidence)
{
	const size_t all = strlen(text);
	const int width = p->right - p->left;

	for (size_t i = 0, n; i < all; i += n + 1) {
		struct word_place part = *p;

		n = strcspn(text + i, " ");
		if (n == 0)
			continue;
		part.left = p->left + (int)((double)i / (double)all * width);
		part.right = p->left +
		    (int)((double)(i + n) / (double)all * width);
		add_place_box(s, "w", &part);
		pc_buf_addf(s->out, "\t%.0f\t%.*s\n", confidence * 100, (int)n,
		    text + i);
	}
}

void
words_insert(struct word_writer *s, const struct word_place *p,
    const char *text, double confidence)
{
	const size_t from = s->out->len, at = place_for(s, p);
	struct word_place new = *p;
	struct word_line line = {.begin = at};

	add_place_box(s, "l", p);
	pc_buf_add(s->out, "\n", 1);
	add_words(s, p, text, confidence);
	if (s->out->failed)
		return;
	line.end = at + s->out->len - from;
	move_end(s, from, at);
	lines_of(s, &new.line);
	pc_buf_add(&s->lines, &line, sizeof line);
	pc_buf_add(&s->places, &new, sizeof new);
	s->count++;
	take_certain(s, p, text, confidence);
}

void
words_add_unread(struct word_writer *s, const struct word_place *p)
{
	add_place_box(s, "u", p);
	pc_buf_add(s->out, "\n", 1);
}

/* ---- dots that lead from words to others ---- */

/* The nearest word at this height, at the left or the right of the place. */
static const struct word_place *
neighbour(const struct word_writer *s, const struct word_place *at, int right)
{
	const struct word_place *p = word_places(s), *best = NULL;

	for (size_t i = 0; i < word_place_count(s); i++) {
		if (p[i].figure || !same_height(&p[i], at) ||
		    (right ? p[i].left < at->right : p[i].right > at->left))
			continue;
		if (!best ||
		    (right ? p[i].left < best->left : p[i].right > best->right))
			best = &p[i];
	}
	return best;
}

/* Is all of the line at the right of the place? */
static int
is_right_of(const struct word_writer *s, size_t line,
    const struct word_place *at)
{
	const struct word_place *p = word_places(s);

	for (size_t i = 0; i < word_place_count(s); i++)
		if (!p[i].figure && p[i].line == line && p[i].left < at->right)
			return 0;
	return 1;
}

/* Where the line's items begin, or those of its block if that has no other
 * line. */
static size_t
begin_of(const struct word_writer *s, const struct word_line *line)
{
	const char *out = (const char *)s->out->data;
	size_t at = line->begin;

	if (line->end < s->out->len && out[line->end] == 'l')
		return at;
	while (at > 0 && (at == line->begin || out[at - 1] != '\n'))
		at--;
	return out[at] == 'b' ? at : line->begin;
}

static void
cut(struct word_writer *s, size_t from, size_t to)
{
	const size_t n = to - from;
	size_t count;
	struct word_line *lines = lines_of(s, &count);

	memmove(s->out->data + from, s->out->data + to, s->out->len - to);
	s->out->len -= n;
	for (size_t i = 0; i < count; i++) {
		lines[i].begin -= lines[i].begin >= to ? n : 0;
		lines[i].end -= lines[i].end >= to ? n : 0;
	}
}

/* Append a copy of the words of line b to line a, and remove line b. */
static void
join_lines(struct word_writer *s, size_t a, size_t b)
{
	size_t count;
	struct word_line *lines = lines_of(s, &count);
	const size_t from = s->out->len, at = lines[a].end;
	const struct word_line old = lines[b];
	const unsigned char *words = memchr(s->out->data + old.begin, '\n',
	    old.end - old.begin);
	struct word_place *p = (void *)s->places.data;
	struct pc_buf copy = {0};

	if (!words)
		return;
	words++;
	pc_buf_add(&copy, words, old.end - (size_t)(words - s->out->data));
	pc_buf_add(s->out, copy.data, copy.len);
	if (!s->out->failed && !copy.failed) {
		move_end(s, from, at);
		lines[a].end += lines[a].end == at ? copy.len : 0;
		cut(s, begin_of(s, &lines[b]), lines[b].end);
		lines[b].end = lines[b].begin = lines[a].end;
		for (size_t i = 0; i < word_place_count(s); i++)
			if (!p[i].figure && p[i].line == b)
				p[i].line = a;
	}
	pc_buf_clear(&copy);
}

void
words_lead(struct word_writer *s, const struct word_place *p, int dots)
{
	const struct word_place *left = neighbour(s, p, 0);
	const struct word_place *right = neighbour(s, p, 1);
	const size_t from = s->out->len;
	struct word_place row = *p;
	size_t n, a, b;
	struct word_line *lines = lines_of(s, &n);

	if (!left || left->line >= n || s->out->failed)
		return;
	a = left->line;
	b = right ? right->line : a;
	pc_buf_addf(s->out, "k\t0\n"); /* dots have no strokes */
	/* The word is as high as others, as in a text layer. */
	row.top = left->top < p->top ? left->top : p->top;
	add_place_box(s, "w", &row);
	pc_buf_addf(s->out, "\t10000\t");
	for (int i = 0; i < dots; i++)
		pc_buf_add(s->out, ".", 1);
	pc_buf_add(s->out, "\n", 1);
	if (s->out->failed)
		return;
	move_end(s, from, lines[a].end);
	lines[a].end += s->out->len - from;
	if (a != b && b < n && is_right_of(s, b, p))
		join_lines(s, a, b);
}
