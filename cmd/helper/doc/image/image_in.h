/* image_in.h - what the image files share: leptonica's pictures. */
#ifndef IMAGE_IN_H
#define IMAGE_IN_H

#include "image.h"
#include <leptonica/allheaders.h>

/* Decode one frame (from 0), upright as its metadata says, with its horizontal
 * dots per inch.  NULL with error. */
PIX *image_unpack(const struct image_document *, unsigned frame,
    const struct doc_options *, struct gray *out, char error[MESSAGE_SIZE]);
/* Can this be an image's real dpi?  Lower values are defaults of programs. */
int image_dpi_is_possible(l_int32 dpi);
/* Remove transparency: over white, or over black if that shows more. */
PIX *image_flatten(PIX *);
/* Make a picture of rows of stride bytes, 24 bits per pixel.  NULL: out of
 * memory. */
PIX *image_pack(const unsigned char *rgb, unsigned width, unsigned height,
    size_t stride);

#endif
