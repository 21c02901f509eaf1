/* upright.h - page images turned the right way up and straight. */
#ifndef UPRIGHT_H
#define UPRIGHT_H

struct Pix;

/* How a page is turned. */
struct upright {
	int quarters;        /* of a turn, clockwise */
	int sure;            /* the letters say which side is up */
	double skew;         /* the rest, about the middle: radians clockwise */
	double sine, cosine; /* of it */

	/* Pixels, as upright_page() found them. */
	int width, height;      /* of the page before */
	int middle_x, middle_y; /* of the page turned */
	int grown_x, grown_y;   /* added at its left and at its top */
};

/* Find how to turn a page with this ink, of 1 bit a pixel. */
void upright_find(struct Pix *ink, struct upright *);
/* The page's ink turned: a new image, or that one itself with one more
 * reference.  NULL: out of memory. */
struct Pix *upright_ink(const struct upright *, struct Pix *ink);
/* The same with its gray pixels, for upright_back(). */
struct Pix *upright_page(struct upright *, struct Pix *gray);
/* From a place on the turned page to that on the page before. */
void upright_back(const struct upright *, double *x, double *y);

#endif
