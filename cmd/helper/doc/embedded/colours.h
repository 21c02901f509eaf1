/* colours.h - the colour space of an image (ISO 32000-1, 8.6). */
#ifndef EMBEDDED_COLOURS_H
#define EMBEDDED_COLOURS_H

#include "samples.h"

#include "helper/doc/image/png_rows.h"

struct colours {
	enum png_colours form;
	unsigned components;
	int inverted;   /* the highest value is black */
	int calibrated; /* it is CalRGB: the samples are not those
			 * of a screen */
	unsigned char palette[256 * 3];
	unsigned char *icc; /* owned: a profile, or NULL */
	size_t icc_size;
};

/* -1: it is not one that a PNG file can have. */
int colours_read(struct colours *, const struct picture *);
void colours_clear(struct colours *);

#endif
