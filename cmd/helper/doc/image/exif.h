/* exif.h - which way up a photo is. */
#ifndef EXIF_H
#define EXIF_H

#include "helper/doc/doc.h"

/* Clockwise quarter turns that make it upright, by a JPEG file's metadata. */
int exif_quarters(const struct doc_bytes *);

#endif
