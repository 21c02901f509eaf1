/* image.h - the images of a request: PNG files of a size that a model accepts.
 * pc-doc makes them on a miss, and they are cached. */
#ifndef IMAGE_H
#define IMAGE_H

#include "cli/cli.h"

enum {
	IMAGES_MAX = 64,   /* of a request */
	IMAGE_SIDE = 1568, /* pixels of the longest side, by default */
};

struct image {
	struct pc_id source; /* of the file's bytes */
	struct pc_id id;     /* of the PNG's */
	unsigned page;       /* from 1 */
	unsigned side_max;
	size_t file;       /* in images.files */
	struct pc_buf png; /* owned; empty when the store has it */
};

/* All zero is none. */
struct images {
	struct image *all; /* owned */
	size_t count;
	/* only for the files of this folder */
	struct image_source {
		char *name; /* owned */
		int kept;   /* a copy of what can be read only once; -1: none */
		struct pc_id id;
	} * files;
	size_t file_count;
};

/* Add the file's image, or each page that pages ("1-3,7", NULL: all) names of
 * a PDF or TIFF; "-" is standard input, whose use is the caller's to count.
 * Upright, and scaled down when a side is longer than side_max (0:
 * IMAGE_SIDE).  Cached images run no helper.  -1: err names the file and the
 * remedy, and nothing was added.  Ends the program if pages is malformed, or if
 * pc-doc is broken. */
int images_add(struct cli *, struct images *, const char *file,
    const char *pages, unsigned side_max, struct pc_error *err);
/* Append the bytes of one.  If the store no longer has it, it is made again.
 * -1: err. */
int images_png(struct cli *, struct images *, size_t i, struct pc_buf *png,
    struct pc_error *err);
void images_clear(struct images *);

#endif
