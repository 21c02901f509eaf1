/* image_png.c - convert images and pixels to PNG files. */
#include "image_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Encode as PNG into memory from malloc(3); leptonica does not promise that
 * for its own. */
static void *
write_png(PIX *pix, unsigned dpi, size_t *size)
{
	l_uint8 *png = NULL;
	void *out;

	/* Leptonica 1.82 takes no 0 from pixSetResolution(). */
	pixSetXRes(pix, (l_int32)dpi);
	pixSetYRes(pix, (l_int32)dpi);
	if (pixWriteMemPng(&png, size, pix, 0) != 0)
		png = NULL;
	out = png ? malloc(*size) : NULL;
	if (out)
		memcpy(out, png, *size);
	lept_free(png);
	return out;
}

/* Shrink to side_max, and keep only colours without transparency, which is
 * what a model sees.  Takes in; NULL: out of memory. */
static PIX *
shrink(PIX *in, unsigned side_max, unsigned *dpi)
{
	PIX *flat = image_flatten(in);
	PIX *plain = !flat ? NULL
	    : pixGetColormap(flat)
	    ? pixRemoveColormap(flat, REMOVE_CMAP_BASED_ON_SRC)
	    : pixGetDepth(flat) == 16 ? pixConvert16To8(flat, L_MS_BYTE)
				      : pixClone(flat);
	PIX *gray, *small = NULL;
	l_int32 w, h, longer;

	pixDestroy(&flat);
	pixDestroy(&in);
	if (!plain)
		return NULL;
	pixSetText(plain, NULL);
	pixGetDimensions(plain, &w, &h, NULL);
	longer = w > h ? w : h;
	if (longer <= (l_int32)side_max)
		return plain;
	*dpi = (unsigned)(*dpi * (double)side_max / longer + 0.5);
	*dpi += *dpi == 0;
	/* Black-and-white pixels cannot be averaged. */
	gray = pixGetDepth(plain) < 8 ? pixConvertTo8(plain, 0)
				      : pixClone(plain);
	w = (l_int32)(w * (double)side_max / longer + 0.5);
	h = (l_int32)(h * (double)side_max / longer + 0.5);
	if (gray)
		small = pixScaleAreaMapToSize(gray, w > 0 ? w : 1,
		    h > 0 ? h : 1);
	pixDestroy(&gray);
	pixDestroy(&plain);
	return small;
}

void *
image_to_png(const struct image_document *f, unsigned frame, unsigned side_max,
    const struct doc_options *o, struct gray *out, size_t *size,
    char error[MESSAGE_SIZE])
{
	PIX *in = image_unpack(f, frame, o, out, error);
	void *png = NULL;

	if (!in)
		return NULL;
	if (side_max)
		in = shrink(in, side_max, &out->dpi);
	if (!in) {
		snprintf(error, MESSAGE_SIZE, "cannot scale it");
		return NULL;
	}
	out->width = (unsigned)pixGetWidth(in);
	out->height = (unsigned)pixGetHeight(in);
	if (out->width > SIDE_MAX || out->height > SIDE_MAX)
		snprintf(error, MESSAGE_SIZE,
		    "%u x %u pixels: a side exceeds %d pixels", out->width,
		    out->height, SIDE_MAX);
	else if (!(png = write_png(in, side_max ? 0 : out->dpi, size)))
		snprintf(error, MESSAGE_SIZE, "cannot convert it to PNG");
	pixDestroy(&in);
	return png;
}

void *
image_png(const unsigned char *rgb, int width, int height, int stride,
    unsigned dpi, size_t *size)
{
	PIX *pix = image_pack(rgb, (unsigned)width, (unsigned)height,
	    (size_t)stride);
	void *png;

	if (!pix)
		return NULL;
	png = write_png(pix, dpi, size);
	pixDestroy(&pix);
	return png;
}
