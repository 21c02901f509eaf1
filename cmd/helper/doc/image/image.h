/* image.h - image files: the only users of leptonica here. */
#ifndef IMAGE_H
#define IMAGE_H

#include "helper/doc/kind.h"

struct gray {
	unsigned char *pixels; /* one byte per pixel, width bytes per row;
				* owned, from malloc(3); NULL from
				* image_to_png */
	unsigned width, height, dpi;
	int assumed; /* the image gives no dpi, or an impossible one */
	int damaged; /* some of its data could not be read */
};

struct image_document {
	const struct doc_bytes *bytes;
	enum doc_kind kind;
	struct animation *animation; /* of KIND_ANIMATION */
	struct heif_file *heif;      /* of KIND_HEIF */
};

/* Open a file of this kind.  A GIF or WebP becomes KIND_ANIMATION if it has
 * several frames; the search for them stops after max.  Returns the number of
 * frames; 0 with error. */
unsigned image_open(struct image_document *, const struct doc_bytes *,
    enum doc_kind, unsigned max, char error[MESSAGE_SIZE]);
/* Decode an image file of width x height pixels and draw it at x, y in the
 * raster, which has room for it.  -1: it cannot be read. */
int image_draw(const unsigned char *file, size_t n, struct raster *, unsigned x,
    unsigned y, unsigned width, unsigned height);
/* Read one frame (from 0), upright as the file says, with no side over
 * SIDE_MAX.  -1 with error. */
int image_read(const struct image_document *, unsigned frame,
    const struct doc_options *, struct gray *, char error[MESSAGE_SIZE]);
/* Convert one frame (from 0) to a PNG file with the same pixels.  If side_max
 * is not 0, no side is longer, and the file has no metadata.  Sets the size
 * and dpi of *out.  NULL with error. */
void *image_to_png(const struct image_document *, unsigned frame,
    unsigned side_max, const struct doc_options *, struct gray *out,
    size_t *size, char error[MESSAGE_SIZE]);
/* Make a PNG file of rows of 24-bit pixels.  dpi 0: the file has none.  NULL:
 * out of memory. */
void *image_png(const unsigned char *rgb, int width, int height, int stride,
    unsigned dpi, size_t *size);

#endif
