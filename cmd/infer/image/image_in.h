/* image_in.h - what the files of image.h share. */
#ifndef IMAGE_IN_H
#define IMAGE_IN_H

#include "image.h"

#include "cli/stage_files.h"

#include <sys/stat.h>

/* ---- image_engines.c: what computes a PNG ---- */

/* Find it out, or what did so when there is no pc-doc now. */
int image_engines(struct cli *, const char *doc, struct pc_error *err);
/* Add it to a key.  -1 with errno. */
int image_engines_add(struct pc_spec *);
/* Note it for runs without pc-doc. */
void image_engines_note(struct cli *);

/* ---- image_list.c: which pages became which PNG files ---- */

/* The stored list of a file's pages. */
struct image_list {
	struct stage_entry entry;
	struct pc_buf material;
	int stored; /* it has a key, and there is a store */
	struct images *images;
	size_t first; /* of the images that are its own */
	size_t file;
	unsigned side_max;
};

/* Begin the list of the pages of a file; NULL: all.  Its images come after
 * those that are there. */
void image_list_begin(struct cli *, struct image_list *, struct images *,
    size_t file, const char *pages, unsigned side_max);
/* Unlock and free it. */
void image_list_end(struct image_list *);
/* Look it up, and append an image for each page.  1: it is not there. */
int image_list_find(struct image_list *);
/* Be the process that makes the images, until image_list_end; or wait for the
 * one that does, and append what it made.  1: they are to be made here. */
int image_list_claim(struct image_list *);
/* Store it; cost is in us. */
void image_list_store(struct image_list *, int64_t cost);

/* ---- image_store.c: PNG files in the store ---- */

#define IMAGE_STAGE "infer.image"

/* Begin the key of a result that is made from the image's file.  -1 with
 * errno. */
int image_begin_key(struct pc_spec *, const struct image *, const char *stage);
/* Find the PNG with the image's id, and append it to png.  If png is NULL, find
 * any PNG of the page and set the image's id.  1: a miss. */
int image_find(struct cli *, struct image *, struct pc_buf *png);
/* Store its PNG; cost is in us.  1: it is not stored. */
int image_keep(struct cli *, const struct image *, int64_t cost,
    uint32_t peak_kib);

/* ---- images.c: their list ---- */

/* One more, of that file.  NULL: out of memory. */
struct image *image_append(struct images *, size_t file, unsigned page,
    unsigned side_max);
void image_drop(struct images *, size_t first); /* these and all after */

/* ---- image_file.c ---- */

/* "'NAME': WHAT".  Returns -1. */
int image_fail(struct pc_error *err, const char *name, const char *what);
/* A descriptor of what the file has now, whose id is set; the caller's unless
 * it is f->kept.  *st is of before it was read.  -1: err. */
int image_file_open(struct cli *, struct image_source *f, struct stat *st,
    struct pc_error *err);
void image_file_close(const struct image_source *, int fd);

#endif
