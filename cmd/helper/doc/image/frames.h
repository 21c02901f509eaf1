/* frames.h - the frames of a GIF or WebP animation.
 *
 * A frame changes part of the previous picture.  A page shows the whole
 * picture at that frame, over white.  Each frame is made into a file of its
 * own (gif.c, webp.c), which leptonica decodes. */
#ifndef FRAMES_H
#define FRAMES_H

#include "helper/doc/doc.h"

/* What happens to a frame when the next one is shown. */
enum disposal { DISPOSE_NOT, DISPOSE_TO_WHITE, DISPOSE_TO_BEFORE };

struct animation_frame {
	size_t at, size; /* its data in the document */
	size_t control;  /* GIF: offset of its graphic control; 0: none */
	unsigned x, y, width, height;
	enum disposal disposal;
	int opaque; /* its transparent pixels replace the picture too */
};

struct frame_list {
	struct animation_frame *frames;
	unsigned count, room, max;
	unsigned width, height; /* of the picture, as the header says */
	int cut;                /* the file ends within or between its frames */
};

/* Append a frame.  -1: out of memory, or there are max already. */
int frame_add(struct frame_list *, const struct animation_frame *);

/* Find the frames.  -1: it is not such a file. */
int gif_scan(const struct doc_bytes *, struct frame_list *);
int webp_scan(const struct doc_bytes *, struct frame_list *);
/* Make a file of one frame, from malloc(3); NULL: out of memory. */
unsigned char *gif_extract(const struct doc_bytes *,
    const struct animation_frame *, size_t *size);
unsigned char *webp_extract(const struct doc_bytes *,
    const struct animation_frame *, size_t *size);

#endif
