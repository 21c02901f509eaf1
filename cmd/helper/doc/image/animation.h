/* animation.h - the pictures that an animation shows. */
#ifndef ANIMATION_H
#define ANIMATION_H

#include "helper/doc/doc.h"

struct animation;

/* The bytes must stay valid.  The search for frames stops after max.  NULL: it
 * is not a GIF or WebP with several frames, or out of memory. */
struct animation *animation_open(const struct doc_bytes *, unsigned max);
unsigned animation_frames(const struct animation *);
/* Are frames missing at its end? */
int animation_is_cut(const struct animation *);
void animation_size(const struct animation *, unsigned *width,
    unsigned *height);
/* The picture shown with a frame (from 0), valid until the next call.  NULL
 * with error. */
const struct raster *animation_picture(struct animation *, unsigned n,
    char error[MESSAGE_SIZE]);

#endif
