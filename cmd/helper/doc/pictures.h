/* pictures.h - which parts of a PDF page are images, and whether they show
 * print that the text layer lacks. */
#ifndef PICTURES_H
#define PICTURES_H

#include "document_in.h"

/* The page as a grid of cells of about a point. */
struct pictures {
	double scale; /* cells per point */
	unsigned width, height;
	unsigned char *cells; /* owned, row by row; PICTURE or 0; NULL: no
			       * image may show print */
	size_t covered;       /* cells that such images cover */
	unsigned left, top, right, bottom; /* cells: the box that holds them */
	struct pdf_image shown;            /* owned: that box */
};

/* Find the images that may show print.  If that fails, the whole page counts
 * as one.  -1: out of memory. */
int pictures_find(struct document *, struct pdf_page *,
    const struct page_request *, struct pictures *);
/* The whole page, of w x h points, is one image; the caller renders it in
 * shown, with a pixel per cell.  -1: out of memory. */
int pictures_whole(struct pictures *, double w, double h);
/* Render them.  -1: poppler cannot do that. */
int pictures_look(struct pictures *, struct pdf_page *);
/* Mark a box (1/100 point) whose print is in the text layer. */
void pictures_cover(struct pictures *, double x0, double y0, double x1,
    double y1);
/* The number of pieces of print in images that no box covers, after
 * pictures_look(). */
unsigned pictures_unread(const struct pictures *);
/* Make everything white except the images. */
void pictures_cut_out(const struct pictures *, unsigned char *gray,
    unsigned width, unsigned height);
void pictures_clear(struct pictures *);

#endif
