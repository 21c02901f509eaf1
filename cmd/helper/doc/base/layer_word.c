/* layer_word.c - a word of a text layer, as pc-ocr reads it.  A page has
 * hundreds of them, so numbers are not written with printf(3), which would take
 * longer than poppler does. */
#include "layer_word.h"
#include "helper/doc/document_in.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 16 }; /* characters */

/* U+FFFD for a control character: it cannot be shown, but shows that something
 * is there. */
static const char replacement[] = "\xef\xbf\xbd";

/* Write a position in 1/100 point, and a tab.  One that pc-ocr refuses stays
 * one that it refuses.  Returns the end. */
static char *
put_place(char *out, double points)
{
	char text[NUMBER_MAX], *const end = text + sizeof text, *p = end;
	const double v = points * 100;
	const long place = fabs(v) <= PLACE_MAX + 0.5 ? lrint(v)
	    : v < 0                                   ? -(PLACE_MAX + 1L)
						      : PLACE_MAX + 1L;
	unsigned rest = (unsigned)labs(place);

	*--p = '\t';
	do
		*--p = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (place < 0)
		*--p = '-';
	memcpy(out, p, (size_t)(end - p));
	return out + (end - p);
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
	char line[2 + 4 * NUMBER_MAX + 3] = "w\t", *p = line + 2;

	p = put_place(p, w->x0);
	p = put_place(p, w->y0);
	p = put_place(p, w->x1);
	p = put_place(p, w->y1);
	memcpy(p, "-1\t", 3); /* no confidence */
	pc_buf_add(b, line, (size_t)(p + 3 - line));
	if (has_control(w->text, w->length))
		add_text(b, w->text, w->length);
	else
		pc_buf_add(b, w->text, w->length);
	pc_buf_add(b, "\n", 1);
}
