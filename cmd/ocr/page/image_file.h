/* image_file.h - what a PNG or JPEG file says of itself in its first bytes. */
#ifndef IMAGE_FILE_H
#define IMAGE_FILE_H

#include <stddef.h>
#include <stdint.h>

struct image_size {
	int jpeg; /* else it is PNG */
	uint32_t width, height;
};

/* -1: it is neither a PNG nor a JPEG file, or does not say its size. */
int image_file_measure(const void *, size_t, struct image_size *);
/* Is it a PNG file of that size? */
int image_file_is_png(const void *, size_t, uint32_t width, uint32_t height);

#endif
