/* image_draw.c - draw an image file into another picture. */
#include "image_in.h"

static void
blend(unsigned char *to, l_uint32 pixel, int alpha)
{
	l_int32 c[4];

	extractRGBAValues(pixel, &c[0], &c[1], &c[2], &c[3]);
	if (!alpha)
		c[3] = 255;
	for (int i = 0; i < 3; i++)
		to[i] = (unsigned char)((c[i] * c[3] + to[i] * (255 - c[3]) +
					    127) /
		    255);
}

int
image_draw(const unsigned char *file, size_t n, struct raster *on, unsigned x,
    unsigned y, unsigned width, unsigned height)
{
	PIX *in = pixReadMem(file, n), *full = NULL;
	int r = -1, alpha;

	if (in && pixGetWidth(in) == (l_int32)width &&
	    pixGetHeight(in) == (l_int32)height)
		full = pixGetColormap(in)
		    ? pixRemoveColormap(in, REMOVE_CMAP_WITH_ALPHA)
		    : pixConvertTo32(in);
	pixDestroy(&in);
	alpha = full && pixGetSpp(full) == 4;
	for (unsigned row = 0; full && row < height; row++) {
		const l_uint32 *from = pixGetData(full) +
		    (size_t)row * (size_t)pixGetWpl(full);
		unsigned char *to = on->rgb +
		    ((size_t)(y + row) * on->width + x) * 3;

		for (unsigned i = 0; i < width; i++, to += 3)
			blend(to, from[i], alpha);
		r = 0;
	}
	pixDestroy(&full);
	return r;
}
