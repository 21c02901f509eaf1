/* upright.h - page images turned the right way up and straight. */
#ifndef UPRIGHT_H
#define UPRIGHT_H

struct Pix;

/* How a page was turned. */
struct upright {
	int quarters;              /* of a turn, clockwise */
	int sure;                  /* they were found, or given */
	double sine, cosine;       /* of the rest, about the middle */
	int width, height;         /* before, pixels */
	double middle_x, middle_y; /* after the quarters */
};

enum { UPRIGHT_FIND = -1 };

/* A new image, gray as the given one, or that one itself with one more
 * reference; NULL: out of memory.  It is turned by so many quarters. */
struct Pix *upright_make(struct Pix *gray, int dpi, int quarters,
    struct upright *);
/* From a place on the new image to that on the old one. */
void upright_back(const struct upright *, double *x, double *y);

#endif
