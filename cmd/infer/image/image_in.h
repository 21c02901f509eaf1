/* image_in.h - what the files of image.h share. */
#ifndef IMAGE_IN_H
#define IMAGE_IN_H

#include "image.h"

/* ---- what is remembered (image_store.c) ---- */

/* Find out what computes a PNG, or did so when there is no pc-doc now. */
int image_engines(struct cli *, const char *doc, struct pc_error *err);
/* Find the ids of a file's pages, of which the record tells, and append an
 * image for each.  1: not known. */
int image_find_list(struct cli *, struct images *, size_t file,
    const char *pages, unsigned side_max);
/* Be the one process that makes them, until image_land.  1: another was, and
 * they may be known now. */
int image_flight(struct cli *, const struct images *, size_t file,
    const char *pages, unsigned side_max, struct pc_id *flight);
void image_land(struct cli *, const struct pc_id *flight);
/* Remember them: images from `first` on. */
void image_keep_list(struct cli *, const struct images *, size_t first,
    const char *pages, int64_t cost);
/* Find the PNG, into png unless that is NULL, and its id.  1: not known. */
int image_find(struct cli *, struct image *, struct pc_buf *png);
/* Remember its PNG.  1: it is not kept. */
int image_keep(struct cli *, const struct image *, int64_t cost,
    uint32_t peak_kib);

/* One more, of that file.  NULL: out of memory. */
struct image *image_append(struct images *, size_t file, unsigned page,
    unsigned side_max);
void image_drop(struct images *, size_t first); /* these and all after */

#endif
