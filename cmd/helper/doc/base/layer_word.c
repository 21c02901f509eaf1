/* layer_word.c - a word of a text layer, as pc-ocr reads it.  A page has
 * hundreds of them, so numbers are not written with printf(3), which would take
 * longer than poppler does. */
#include "layer_word.h"
#include "helper/doc/document_in.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

enum { NUMBER_MAX = 16 }; /* characters */

/* U+FFFD for a control character: it cannot be shown, but shows that something
 * is there. */
static const char replacement[] = "\xef\xbf\xbd";

/* Append a position in 1/100 point, and a tab.  One that pc-ocr refuses stays
 * one that it refuses. */
static void
add_place(struct pc_buf *b, double points)
{
	char text[NUMBER_MAX], *const end = text + sizeof text, *p = end;
	const double v = rint(points * 100);
	long rest = fabs(v) <= PLACE_MAX ? labs((long)v) : PLACE_MAX + 1L;

	*--p = '\t';
	do
		*--p = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (v < 0)
		*--p = '-';
	pc_buf_add(b, p, (size_t)(end - p));
}

static void
add_text(struct pc_buf *b, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)text[i];

		if (c >= ' ')
			pc_buf_add(b, text + i, 1);
		else if (!isspace(c))
			pc_buf_add(b, replacement, sizeof replacement - 1);
	}
}

static int
has_control(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ')
			return 1;
	return 0;
}

void
layer_add_word(struct pc_buf *b, const struct pdf_word *w)
{
	pc_buf_add(b, "w\t", 2);
	add_place(b, w->x0);
	add_place(b, w->y0);
	add_place(b, w->x1);
	add_place(b, w->y1);
	pc_buf_add(b, "-1\t", 3); /* no confidence */
	if (has_control(w->text, w->length))
		add_text(b, w->text, w->length);
	else
		pc_buf_add(b, w->text, w->length);
	pc_buf_add(b, "\n", 1);
}
