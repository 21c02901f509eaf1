/* png_rows.h - write rows of samples as a PNG file, in the same form. */
#ifndef PNG_ROWS_H
#define PNG_ROWS_H

#include "pc.h"

/* PNG's own numbers. */
enum png_colours { PNG_GRAY = 0, PNG_RGB = 2, PNG_PALETTE = 3 };

struct png_rows {
	uint32_t width, height;
	unsigned bits; /* of a sample: 1, 2, 4, 8 or 16; RGB: 8 or 16 */
	enum png_colours colours;
	const unsigned char *rows; /* each of png_row_size() bytes */
	/* 2 to the power of bits entries of 3 bytes. */
	const unsigned char *palette;
	/* A profile of these colours, or NULL. */
	const unsigned char *icc;
	size_t icc_size;
};

size_t png_row_size(const struct png_rows *);
/* Append the file.  -1: out of memory. */
int png_rows_write(const struct png_rows *, struct pc_buf *);

#endif
