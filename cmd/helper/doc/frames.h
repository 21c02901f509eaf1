/* frames.h - the frames of a GIF or WebP animation.
 *
 * A frame changes a part of the picture before it; as a page it is the whole
 * picture that is shown then, over white.  Each frame is made a file of its own
 * (gif.c, webp.c), which leptonica unpacks. */
#ifndef FRAMES_H
#define FRAMES_H

#include "doc.h"

/* What becomes of a frame when the next is shown. */
enum disposal { DISPOSE_NOT, DISPOSE_TO_WHITE, DISPOSE_TO_BEFORE };

struct animation_frame {
	size_t at, size; /* its data in the document */
	size_t control;  /* of a GIF: where its graphic control is; 0: none */
	unsigned x, y, width, height;
	enum disposal disposal;
	int opaque; /* what is transparent in it replaces, too */
};

struct frame_list {
	struct animation_frame *frames;
	unsigned count, room, max;
	unsigned width, height; /* of the picture, as the header says */
	int cut; /* the file ends within, or between, its frames */
};

/* Is there another frame?  -1: no memory, or there are max already. */
int frame_add(struct frame_list *, const struct animation_frame *);

/* Find the frames.  -1: it is not such a file. */
int gif_scan(const struct doc_bytes *, struct frame_list *);
int webp_scan(const struct doc_bytes *, struct frame_list *);
/* A frame as a file, from malloc(3); NULL: no memory. */
unsigned char *gif_extract(const struct doc_bytes *,
    const struct animation_frame *, size_t *size);
unsigned char *webp_extract(const struct doc_bytes *,
    const struct animation_frame *, size_t *size);

#endif
