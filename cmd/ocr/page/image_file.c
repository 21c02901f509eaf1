/* image_file.c - the size that a PNG or JPEG file's header gives. */
#include "image_file.h"

#include <string.h>

static uint32_t
big_endian(const unsigned char *p, int n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

/* A JPEG file's size is in its frame header. */
static int
measure_jpeg(const unsigned char *p, size_t n, struct image_size *f)
{
	size_t at = 2;

	while (at + 9 <= n && p[at] == 0xff) {
		const unsigned char kind = p[at + 1];

		if (kind == 0xff) { /* fill bytes */
			at++;
			continue;
		}
		/* SOF0 to SOF15, without DHT, JPG and DAC. */
		if (kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 &&
		    kind != 0xc8 && kind != 0xcc) {
			f->height = big_endian(p + at + 5, 2);
			f->width = big_endian(p + at + 7, 2);
			return f->width && f->height ? 0 : -1;
		}
		at += 2;
		if (kind != 0x01 && (kind < 0xd0 || kind > 0xd8))
			at += big_endian(p + at, 2);
	}
	return -1;
}

int
image_file_measure(const void *data, size_t n, struct image_size *f)
{
	/* The signature, and the head of the first chunk, which holds the
	 * size. */
	static const unsigned char png[] = {0x89, 'P', 'N', 'G', '\r', '\n',
	    0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
	const unsigned char *p = data;

	*f = (struct image_size){0};
	if (n > 3 && p[0] == 0xff && p[1] == 0xd8) {
		f->jpeg = 1;
		return measure_jpeg(p, n, f);
	}
	if (n < sizeof png + 8 || memcmp(p, png, sizeof png) != 0)
		return -1;
	f->width = big_endian(p + sizeof png, 4);
	f->height = big_endian(p + sizeof png + 4, 4);
	return 0;
}

int
image_file_is_png(const void *data, size_t n, uint32_t width, uint32_t height)
{
	struct image_size f;

	return image_file_measure(data, n, &f) == 0 && !f.jpeg &&
	    f.width == width && f.height == height;
}
