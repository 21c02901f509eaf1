/* spread.h - two pages of a book on one image. */
#ifndef SPREAD_H
#define SPREAD_H

struct Pix;

/* The column of ink, of 1 bit a pixel and upright, at which the fold is between
 * two pages side by side; 0: it is one page. */
int spread_fold(struct Pix *ink);

#endif
