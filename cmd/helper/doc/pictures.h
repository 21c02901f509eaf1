/* pictures.h - which parts of a PDF's page are images, and whether there is
 * print in them that the text layer lacks. */
#ifndef PICTURES_H
#define PICTURES_H

#include "document_in.h"

/* The page as a grid of cells, which are about a point large. */
struct pictures {
	double scale; /* cells a point */
	unsigned width, height;
	unsigned char *cells; /* owned, row by row; PICTURE or 0 */
	size_t covered;       /* cells that images cover */
};

/* Find the images.  If that is not possible, all of the page counts as one.
 * -1: out of memory. */
int pictures_find(struct document *, struct pdf_page *,
    const struct page_request *, struct pictures *);
/* A box, in 1/100 point, whose print is in the text layer. */
void pictures_cover(struct pictures *, double x0, double y0, double x1,
    double y1);
/* How many pieces of print are in the images, that no box covers.  -1: poppler
 * cannot render the page. */
int pictures_unread(struct pictures *, struct pdf_page *);
/* Make all but the images white. */
void pictures_cut_out(const struct pictures *, unsigned char *gray,
    unsigned width, unsigned height);
void pictures_clear(struct pictures *);

#endif
