/* image_frame.c - image files and their frames, decoded by leptonica. */
#include "animation.h"
#include "exif.h"
#include "heif.h"
#include "helper/doc/base/stream.h"
#include "image_in.h"
#include "tiff_errors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DPI_MIN = 70, DPI_MAX = 2400 };

static unsigned
count_tiff(const struct doc_bytes *b, char error[MESSAGE_SIZE])
{
	l_int32 n = 1;
	int fd = dup(b->fd);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");

	if (!f || tiffGetCount(f, &n) != 0 || n < 1) {
		snprintf(error, MESSAGE_SIZE, "cannot read the TIFF file");
		n = 0;
	}
	if (f)
		fclose(f);
	return (unsigned)n;
}

unsigned
image_open(struct image_document *f, const struct doc_bytes *b,
    enum doc_kind kind, unsigned max, char error[MESSAGE_SIZE])
{
	setMsgSeverity(L_SEVERITY_NONE);
	*f = (struct image_document){.bytes = b, .kind = kind};
	if (kind == KIND_TIFF)
		return count_tiff(b, error);
	if (kind == KIND_HEIF) {
		f->heif = heif_file_open(b, error);
		return f->heif ? heif_file_images(f->heif) : 0;
	}
	f->animation = animation_open(b, max);
	if (!f->animation)
		return 1;
	f->kind = KIND_ANIMATION;
	return animation_frames(f->animation);
}

static int
exceeds(unsigned w, unsigned h, const struct doc_options *o,
    char error[MESSAGE_SIZE])
{
	if ((double)w * h <= o->max_megapixels * 1e6)
		return 0;
	snprintf(error, MESSAGE_SIZE,
	    "%u x %u pixels exceed %u megapixels; raise ocr.max_megapixels", w,
	    h, o->max_megapixels);
	return 1;
}

/* Find the size that the file claims, before its pixels are decoded.  -1: it
 * has none. */
static int
claimed_size(const struct image_document *f, unsigned frame, unsigned *width,
    unsigned *height)
{
	const struct doc_bytes *b = f->bytes;
	l_int32 format, w = 0, h = 0, bps, spp, cmap, failed;

	if (f->kind == KIND_HEIF)
		return heif_file_size(f->heif, frame, width, height);
	if (f->kind == KIND_ANIMATION) {
		animation_size(f->animation, width, height);
		return 0;
	}
	failed = f->kind == KIND_TIFF
	    ? readHeaderMemTiff(b->p, b->n, (l_int32)frame, &w, &h, &bps, &spp,
		  NULL, NULL, NULL)
	    : pixReadHeaderMem(b->p, b->n, &format, &w, &h, &bps, &spp, &cmap);
	*width = (unsigned)w;
	*height = (unsigned)h;
	return failed ? -1 : 0;
}

static int
too_large(const struct image_document *f, unsigned frame,
    const struct doc_options *o, char error[MESSAGE_SIZE])
{
	unsigned w, h;

	/* If the size is unknown, reading reports the error. */
	return claimed_size(f, frame, &w, &h) == 0 && exceeds(w, h, o, error);
}

int
image_dpi_is_possible(l_int32 dpi)
{
	return dpi >= DPI_MIN && dpi <= DPI_MAX;
}

static PIX *
read_heif(const struct image_document *f, unsigned frame,
    const struct doc_options *o, char error[MESSAGE_SIZE])
{
	struct raster r;
	PIX *pix;

	if (heif_file_read(f->heif, frame, o->max_megapixels, &r, error) < 0)
		return NULL;
	pix = image_pack(r.rgb, r.width, r.height, (size_t)r.width * 3);
	free(r.rgb);
	return pix;
}

static PIX *
read_animation(const struct image_document *f, unsigned frame,
    char error[MESSAGE_SIZE])
{
	const struct raster *r = animation_picture(f->animation, frame, error);

	return r ? image_pack(r->rgb, r->width, r->height, (size_t)r->width * 3)
		 : NULL;
}

static PIX *
unpack_frame(const struct image_document *f, unsigned frame,
    const struct doc_options *o, char error[MESSAGE_SIZE])
{
	const struct doc_bytes *b = f->bytes;

	switch (f->kind) {
	case KIND_HEIF:
		return read_heif(f, frame, o, error);
	case KIND_ANIMATION:
		return read_animation(f, frame, error);
	case KIND_TIFF:
		tiff_errors_begin();
		return pixReadMemTiff(b->p, b->n, (l_int32)frame);
	default:
		return pixReadMem(b->p, b->n);
	}
}

static int
is_damaged_jpeg(const struct doc_bytes *b)
{
	static const unsigned char begin[] = {0xff, 0xd8, 0xff};

	return b->n > sizeof begin && memcmp(b->p, begin, sizeof begin) == 0 &&
	    !stream_jpeg_is_whole(b->p, b->n);
}

PIX *
image_unpack(const struct image_document *f, unsigned frame,
    const struct doc_options *o, struct gray *out, char error[MESSAGE_SIZE])
{
	const int quarters = exif_quarters(f->bytes);
	PIX *in, *turned;

	if (too_large(f, frame, o, error))
		return NULL;
	in = unpack_frame(f, frame, o, error);
	if (!in) {
		if (!error[0])
			snprintf(error, MESSAGE_SIZE, "cannot read the image");
		return NULL;
	}
	/* Some headers cannot be read before the pixels. */
	if (exceeds((unsigned)pixGetWidth(in), (unsigned)pixGetHeight(in), o,
		error)) {
		pixDestroy(&in);
		return NULL;
	}
	out->damaged = f->kind == KIND_TIFF ? tiff_errors_found()
					    : is_damaged_jpeg(f->bytes);
	out->assumed = !image_dpi_is_possible(pixGetXRes(in));
	out->dpi = out->assumed ? o->dpi : (unsigned)pixGetXRes(in);
	/* leptonica itself turns a TIFF. */
	if (!quarters)
		return in;
	turned = pixRotateOrth(in, quarters);
	pixDestroy(&in);
	if (!turned)
		snprintf(error, MESSAGE_SIZE, "out of memory");
	return turned;
}
