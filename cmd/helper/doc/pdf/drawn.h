/* drawn.h - the straight lines that a page draws, and where it begins to
 * draw text. */
#ifndef PDF_DRAWN_H
#define PDF_DRAWN_H

#include <stddef.h>

/* What marks a piece of content; otherwise its number in the structure of the
 * document. */
enum { TAG_NONE = -1, TAG_ARTIFACT = -2 };

/* Who is told; each function may be NULL.  Positions are in the file's
 * points. */
struct pdf_drawn {
	/* A line, a thin rectangle, or the edge of another one: left, bottom,
	 * right, top.  Lines that slant are left out. */
	void (*line)(void *ctx, const double box[4]);
	/* Text begins at this point of its baseline. */
	void (*text)(void *ctx, double x, double y, int tag);
	/* A piece of the text that begins there is in the font of this name
	 * (with its slash); stroked: its outlines are drawn too. */
	void (*piece)(void *ctx, double x, double y, const char *font,
	    int stroked);
	void *ctx;
};

/* Follow these n bytes of a page's content. */
void pdf_drawn_follow(const unsigned char *, size_t n,
    const struct pdf_drawn *);

#endif
