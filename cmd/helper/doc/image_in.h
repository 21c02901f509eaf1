/* image_in.h - what the files about images share: leptonica's pictures. */
#ifndef IMAGE_IN_H
#define IMAGE_IN_H

#include "doc.h"

#include <leptonica/allheaders.h>

/* One frame, from 0, upright as its camera says, and its dots per inch across.
 * NULL with error. */
PIX *image_unpack(const struct image_document *, unsigned frame,
    const struct doc_options *, struct gray *out, char error[MESSAGE_SIZE]);
/* May an image say this?  Less is a default, and not true. */
int image_dpi_is_possible(l_int32 dpi);
/* Without transparency: over white, or over black if that shows more. */
PIX *image_flatten(PIX *);
/* Rows of stride bytes, 24 bits a pixel, as a picture.  NULL: out of memory. */
PIX *image_pack(const unsigned char *rgb, unsigned width, unsigned height,
    size_t stride);

#endif
