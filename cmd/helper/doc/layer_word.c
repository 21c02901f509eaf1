/* layer_word.c - a word of a text layer, as pc-ocr reads it. */
#include "document_in.h"

#include <ctype.h>

/* U+FFFD for a control character: it cannot be shown, but shows that something
 * is there. */
static const char replacement[] = "\xef\xbf\xbd";

void
layer_add_word(struct pc_buf *b, const struct pdf_word *w)
{
	/* Boxes are in 1/100 point, as in cmd/ocr/page/page.h. */
	pc_buf_addf(b, "w\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t", w->x0 * 100,
	    w->y0 * 100, w->x1 * 100, w->y1 * 100, -1);
	for (size_t i = 0; i < w->length; i++) {
		const unsigned char c = (unsigned char)w->text[i];

		if (c >= ' ')
			pc_buf_add(b, w->text + i, 1);
		else if (!isspace(c))
			pc_buf_add(b, replacement, sizeof replacement - 1);
	}
	pc_buf_add(b, "\n", 1);
}
