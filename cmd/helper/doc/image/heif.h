/* heif.h - HEIC and AVIF: the only user of libheif. */
#ifndef HEIF_H
#define HEIF_H

#include "helper/doc/doc.h"

struct heif_file;

/* Load libheif.  Returns its version, or NULL if it is missing.  Call it
 * first. */
const char *heif_library(void);
/* The bytes must stay valid.  NULL with error. */
struct heif_file *heif_file_open(const struct doc_bytes *,
    char error[MESSAGE_SIZE]);
/* The number of images, without thumbnails and parts of other images. */
unsigned heif_file_images(const struct heif_file *);
/* The size in pixels of image n (from 0) by its header.  -1: the header has
 * none. */
int heif_file_size(const struct heif_file *, unsigned n, unsigned *width,
    unsigned *height);
/* Decode image n (from 0) if it has at most this many megapixels.  -1 with
 * error. */
int heif_file_read(const struct heif_file *, unsigned n, double megapixels,
    struct raster *, char error[MESSAGE_SIZE]);

#endif
