/* paper.h - find the ink on a page: what differs from the paper around it. */
#ifndef PAPER_H
#define PAPER_H

struct Pix;

/* The measures of a page image. */
struct paper {
	struct Pix *level; /* the paper's own gray, at a quarter of ink's
			    * size; NULL: the image is hardly larger than a
			    * word */
	struct Pix *ink;   /* 1 bit per pixel, at 100 to 300 dpi */
	int reduction;     /* pixels of the page across one pixel of ink */
	int contrast;      /* of the ink, % of the paper's gray */
	int grainy;        /* the paper varies by more than one gray level */
	int varied;        /* it varies by more than ink does: a picture */
	int light;         /* most of the ink is lighter than the paper */
	int dark;          /* the paper is darker than its print: both are
			    * inverted */
};

/* Measure a gray image.  -1: out of memory; call paper_clear() even then. */
int paper_measure(struct Pix *gray, int dpi, struct paper *);
/* Does it show nothing but grains? */
int paper_is_blank(const struct paper *);
/* Is its ink so pale that it may be print on the other side? */
int paper_is_pale(const struct paper *);
/* Copy the gray image with equally light paper everywhere and pale ink made
 * dark.  NULL: the paper has no level, or out of memory. */
struct Pix *paper_even(const struct paper *, struct Pix *gray);
/* Keep only ink of full contrast in such a copy, in place.  -1: out of
 * memory. */
int paper_strip(struct Pix *even);
/* The number of connected components of ink that are as large as letters. */
int paper_letters(struct Pix *ink);
void paper_clear(struct paper *);

#endif
