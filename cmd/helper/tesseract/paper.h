/* paper.h - what is ink on a page: what differs from the paper around it. */
#ifndef PAPER_H
#define PAPER_H

struct Pix;

/* A page image, measured. */
struct paper {
	struct Pix *level; /* the paper's own gray, at a quarter of ink's size;
			    * NULL: the image is hardly larger than a word */
	struct Pix *ink;   /* 1 bit a pixel, at 100 to 300 dpi */
	int reduction;     /* pixels of the page across one of ink */
	int contrast;      /* of the ink, per cent of the paper's gray */
	int grainy;        /* the paper varies by more than a step of gray */
	int dark;          /* it is darker than its print: both are inverted */
};

/* Measure a gray image.  -1: out of memory; paper_clear() it all the same. */
int paper_measure(struct Pix *gray, int dpi, struct paper *);
/* Has it nothing but grains? */
int paper_is_blank(const struct paper *);
/* Is its ink so pale that it may be print on the other side? */
int paper_is_pale(const struct paper *);
/* A copy of the gray image with paper as light everywhere, and pale ink made
 * dark.  NULL: paper has no level, or out of memory. */
struct Pix *paper_even(const struct paper *, struct Pix *gray);
/* The same with nothing but ink of full contrast, in place.  -1: out of
 * memory. */
int paper_strip(struct Pix *even);
/* Components of ink as large as letters are. */
int paper_letters(struct Pix *ink);
void paper_clear(struct paper *);

#endif
