/* image.c - image files to gray pixels. */
#include "image_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	/* for scaled images: a side of SIDE_MAX is then at most PLACE_MAX */
	DPI_LEAST = 3,
	OBLONG_MAX = 4, /* largest ratio of the two resolutions */
};

/* Make the dots per inch equal in both directions: fax machines use half, or
 * twice, as many down the page.  Repeated dots are read better than
 * interpolated ones. */
static PIX *
make_square(PIX *gray, const struct doc_options *o, struct gray *out)
{
	const float x = (float)pixGetXRes(gray), y = (float)pixGetYRes(gray);
	const float ratio = fmaxf(x / y, y / x);
	const double pixels = (double)pixGetWidth(gray) * pixGetHeight(gray) *
	    (double)ratio;

	if (!image_dpi_is_possible(pixGetXRes(gray)) ||
	    !image_dpi_is_possible(pixGetYRes(gray)) || ratio < 1.02f ||
	    ratio > OBLONG_MAX || pixels > o->max_megapixels * 1e6)
		return pixClone(gray);
	out->dpi = (unsigned)fmaxf(x, y);
	return pixScaleBySampling(gray, fmaxf(y / x, 1), fmaxf(x / y, 1));
}

/* Convert to gray without transparency, with no side too long. */
static PIX *
normalise(PIX *in, const struct doc_options *o, struct gray *out)
{
	l_int32 w, h, longer;
	PIX *flat = image_flatten(in);
	PIX *gray = flat ? pixConvertTo8(flat, 0) : NULL;
	PIX *square;

	pixDestroy(&flat);
	if (!gray)
		return NULL;
	pixCopyResolution(gray, in);
	square = make_square(gray, o, out);
	pixDestroy(&gray);
	if (!square)
		return NULL;
	pixGetDimensions(square, &w, &h, NULL);
	longer = w > h ? w : h;
	if (longer > SIDE_MAX) {
		/* Scale to a whole number of dots per inch, so that the page
		 * keeps its size. */
		const unsigned fits = out->dpi * SIDE_MAX / (unsigned)longer;
		const unsigned dpi = fits > DPI_LEAST ? fits : DPI_LEAST;
		const float scale = fminf((float)dpi / (float)out->dpi,
		    (float)SIDE_MAX / (float)longer);
		PIX *small = pixScale(square, scale, scale);

		pixDestroy(&square);
		square = small;
		out->dpi = dpi;
	}
	return square;
}

/* Copy the pixels from leptonica's words of 32 bits. */
static int
unpack(PIX *gray, struct gray *out)
{
	l_int32 w = pixGetWidth(gray), h = pixGetHeight(gray);

	out->width = (unsigned)w;
	out->height = (unsigned)h;
	out->pixels = malloc((size_t)w * (size_t)h);
	if (!out->pixels)
		return -1;
	for (l_int32 y = 0; y < h; y++) {
		const l_uint32 *line = pixGetData(gray) +
		    (size_t)y * (size_t)pixGetWpl(gray);
		unsigned char *to = out->pixels + (size_t)y * (size_t)w;

		for (l_int32 x = 0; x < w; x++)
			to[x] = (unsigned char)GET_DATA_BYTE(line, x);
	}
	return 0;
}

int
image_read(const struct image_document *f, unsigned frame,
    const struct doc_options *o, struct gray *out, char error[MESSAGE_SIZE])
{
	PIX *in = image_unpack(f, frame, o, out, error);
	PIX *gray = in ? normalise(in, o, out) : NULL;
	int r;

	if (in && !gray)
		snprintf(error, MESSAGE_SIZE, "cannot read the image");
	pixDestroy(&in);
	if (!gray)
		return -1;
	r = unpack(gray, out);
	pixDestroy(&gray);
	if (r < 0)
		snprintf(error, MESSAGE_SIZE, "out of memory");
	return r;
}
