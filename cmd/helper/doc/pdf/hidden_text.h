/* hidden_text.h - remove invisible text from a PDF's content, as OCR programs
 * put it over scans. */
#ifndef HIDDEN_TEXT_H
#define HIDDEN_TEXT_H

#include "pc.h"

/* Are glyphs of this font painted even if the text is invisible, or unknown?
 * name: as in the content, such as /F1. */
typedef int hidden_text_paints(void *ctx, const char *name);
/* Could this graphics state (such as /GS1) choose a font? */
typedef int hidden_text_sets_font(void *ctx, const char *name);

struct hidden_text_fonts {
	hidden_text_paints *paints;
	hidden_text_sets_font *sets_font;
	void *ctx;
};

/* Append n bytes of content to out, without the text of rendering mode 3.  What
 * is painted stays the same: text is only removed if all text between its BT
 * and ET is invisible, so that no other text is moved.  The number of removed
 * pieces; -1: the content is malformed, or out of memory. */
int hidden_text_remove(const unsigned char *, size_t n,
    const struct hidden_text_fonts *, struct pc_buf *out);

#endif
