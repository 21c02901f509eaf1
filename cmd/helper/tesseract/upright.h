/* upright.h - turn page images upright and straight. */
#ifndef UPRIGHT_H
#define UPRIGHT_H

struct Pix;

/* How a page is turned. */
struct upright {
	int quarters;        /* clockwise quarter turns */
	int sure;            /* the letters say which side is up */
	double skew;         /* the remaining turn around the middle, radians
			      * clockwise */
	double sine, cosine; /* of the skew */

	/* Pixels, set by upright_page(). */
	int width, height;      /* of the original page */
	int middle_x, middle_y; /* of the turned page */
	int grown_x, grown_y;   /* added at its left and top */
};

/* Find how to turn a page with this ink (1 bit per pixel). */
void upright_find(struct Pix *ink, struct upright *);
/* The turned ink: a new image, or the same one with another reference.  NULL:
 * out of memory. */
struct Pix *upright_ink(const struct upright *, struct Pix *ink);
/* The turned gray pixels; also prepares upright_back(). */
struct Pix *upright_page(struct upright *, struct Pix *gray);
/* Convert a position on the turned page to one on the original page. */
void upright_back(const struct upright *, double *x, double *y);

#endif
