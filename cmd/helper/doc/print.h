/* print.h - do pixels show print? */
#ifndef PRINT_H
#define PRINT_H

#include <stddef.h>

/* An area of gray pixels, about one per point. */
struct print_area {
	const unsigned char *pixels;
	size_t stride; /* bytes per row */
	/* One per pixel: only pixels whose cell has this value are looked at.
	 * NULL: all are. */
	const unsigned char *cells;
	size_t cells_stride;
	unsigned char looked_at;
	unsigned width, height;
};

/* The number of pieces of print. */
unsigned print_pieces(const struct print_area *);
/* May the area show print in another place, moved by a part of a pixel, or
 * only in part?  If not, print_pieces() finds none there. */
int print_possible(const struct print_area *);

#endif
