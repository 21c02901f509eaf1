/* image_file.h - the size that a PNG or JPEG file's header gives. */
#ifndef IMAGE_FILE_H
#define IMAGE_FILE_H

#include <stddef.h>
#include <stdint.h>

struct image_size {
	int jpeg; /* else it is PNG */
	uint32_t width, height;
};

/* -1: it is neither a PNG nor a JPEG file, or has no size. */
int image_file_measure(const void *, size_t, struct image_size *);
/* Is it a PNG file of that size? */
int image_file_is_png(const void *, size_t, uint32_t width, uint32_t height);

#endif
