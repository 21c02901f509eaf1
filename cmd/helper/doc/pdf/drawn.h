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
	/* Text begins at this point of its baseline, or somewhere after it, but
	 * with another mark. */
	void (*text)(void *ctx, double x, double y, int tag);
	/* A piece of the text that begins there is in the font of this name
	 * (with its slash); stroked: its outlines are drawn too. */
	void (*piece)(void *ctx, double x, double y, const char *font,
	    int stroked);
	/* Content is marked by a property list that the resources may name so.
	 * Returns its number, or TAG_NONE. */
	int (*property)(void *ctx, const char *name);
	/* A form or image of this name in the resources is drawn. */
	void (*form)(void *ctx, const char *name, int tag,
	    const double matrix[6]);
	void *ctx;
};

/* Follow these n bytes of content, which begin with this matrix; NULL: those of
 * a page. */
void pdf_drawn_follow(const unsigned char *, size_t n, const double matrix[6],
    const struct pdf_drawn *);
/* Make of a form's matrix the one with which it begins. */
void pdf_drawn_transform(double matrix[6], const double outer[6]);

#endif
