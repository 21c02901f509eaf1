/* spread.h - find two book pages in one image. */
#ifndef SPREAD_H
#define SPREAD_H

struct Pix;

/* The column at the fold between two pages side by side; 0: it is one page.
 * ink is upright, 1 bit per pixel. */
int spread_fold(struct Pix *ink);

#endif
