/* image.c - image files to gray pixels, and pixels to PNG, by leptonica. */
#include "doc.h"
#include "stream.h"

#include <leptonica/allheaders.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	DPI_MIN = 70, /* what an image says below is a default, not true */
	DPI_MAX = 2400,
	/* Of what was scaled: SIDE_MAX is no larger than PLACE_MAX then. */
	DPI_LEAST = 3,
	OBLONG_MAX = 4, /* times as close one way as the other */
};

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
image_open(struct image_file *f, const struct doc_bytes *b, enum doc_kind kind,
    unsigned max, char error[MESSAGE_SIZE])
{
	setMsgSeverity(L_SEVERITY_NONE);
	*f = (struct image_file){.bytes = b, .kind = kind};
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

/* The size that the file claims, before its pixels are unpacked.  -1: none. */
static int
claimed_size(const struct image_file *f, unsigned frame, unsigned *width,
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
too_large(const struct image_file *f, unsigned frame,
    const struct doc_options *o, char error[MESSAGE_SIZE])
{
	unsigned w, h;

	/* If there is no size, reading says what is wrong. */
	return claimed_size(f, frame, &w, &h) == 0 && exceeds(w, h, o, error);
}

static int
possible(l_int32 dpi)
{
	return dpi >= DPI_MIN && dpi <= DPI_MAX;
}

/* As many dots per inch down as across: fax machines send half, or twice, as
 * many.  Dots that are repeated are read better than those between them. */
static PIX *
make_square(PIX *gray, const struct doc_options *o, struct gray *out)
{
	const float x = (float)pixGetXRes(gray), y = (float)pixGetYRes(gray);
	const float ratio = fmaxf(x / y, y / x);
	const double pixels = (double)pixGetWidth(gray) * pixGetHeight(gray) *
	    (double)ratio;

	if (!possible(pixGetXRes(gray)) || !possible(pixGetYRes(gray)) ||
	    ratio < 1.02f || ratio > OBLONG_MAX ||
	    pixels > o->max_megapixels * 1e6)
		return pixClone(gray);
	out->dpi = (unsigned)fmaxf(x, y);
	return pixScaleBySampling(gray, fmaxf(y / x, 1), fmaxf(x / y, 1));
}

/* Is what is not transparent a drawing, in light colours? */
static int
is_drawn_light(PIX *in)
{
	PIX *alpha = pixGetRGBComponent(in, L_ALPHA_CHANNEL);
	PIX *clear = alpha ? pixThresholdToBinary(alpha, 128) : NULL;
	PIX *gray = clear ? pixConvertRGBToLuminance(in) : NULL;
	l_float32 drawn = 1, mean = 0;
	int light = 0;

	if (gray) {
		pixInvert(clear, clear);
		pixForegroundFraction(clear, &drawn);
		light = drawn < 0.5f &&
		    pixGetAverageMasked(gray, clear, 0, 0, 1, L_MEAN_ABSVAL,
			&mean) == 0 &&
		    mean > 128;
	}
	pixDestroy(&alpha);
	pixDestroy(&clear);
	pixDestroy(&gray);
	return light;
}

/* Without transparency: over white, or over black if that shows more. */
static PIX *
flatten(PIX *in)
{
	if (pixGetSpp(in) != 4)
		return pixClone(in);
	return pixAlphaBlendUniform(in, is_drawn_light(in) ? 0 : 0xffffff00);
}

/* Gray, without transparency, no side too long. */
static PIX *
normalise(PIX *in, const struct doc_options *o, struct gray *out)
{
	l_int32 w, h, longer;
	PIX *flat = flatten(in);
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
		/* By whole dots per inch, so that the page stays as large. */
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

/* Out of leptonica's words of 32 bits. */
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

/* Rows of stride bytes, 24 bits a pixel. */
static PIX *
pack(const unsigned char *rgb, unsigned width, unsigned height, size_t stride)
{
	PIX *pix = pixCreate((l_int32)width, (l_int32)height, 32);

	for (unsigned y = 0; pix && y < height; y++) {
		const unsigned char *from = rgb + (size_t)y * stride;
		l_uint32 *to = pixGetData(pix) +
		    (size_t)y * (size_t)pixGetWpl(pix);

		for (unsigned x = 0; x < width; x++, from += 3)
			composeRGBPixel(from[0], from[1], from[2], to + x);
	}
	return pix;
}

static PIX *
read_heif(const struct image_file *f, unsigned frame,
    const struct doc_options *o, char error[MESSAGE_SIZE])
{
	struct raster r;
	PIX *pix;

	if (heif_file_read(f->heif, frame, o->max_megapixels, &r, error) < 0)
		return NULL;
	pix = pack(r.rgb, r.width, r.height, (size_t)r.width * 3);
	free(r.rgb);
	return pix;
}

static PIX *
read_animation(const struct image_file *f, unsigned frame,
    char error[MESSAGE_SIZE])
{
	const struct raster *r = animation_picture(f->animation, frame, error);

	return r ? pack(r->rgb, r->width, r->height, (size_t)r->width * 3)
		 : NULL;
}

static PIX *
unpack_frame(const struct image_file *f, unsigned frame,
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

/* One frame, upright as its camera says, and its dots per inch across.  NULL
 * with error. */
static PIX *
read_frame(const struct image_file *f, unsigned frame,
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
	/* Not every header can be read before the pixels. */
	if (exceeds((unsigned)pixGetWidth(in), (unsigned)pixGetHeight(in), o,
		error)) {
		pixDestroy(&in);
		return NULL;
	}
	out->damaged = f->kind == KIND_TIFF ? tiff_errors_found()
					    : is_damaged_jpeg(f->bytes);
	out->assumed = !possible(pixGetXRes(in));
	out->dpi = out->assumed ? o->dpi : (unsigned)pixGetXRes(in);
	/* Of a TIFF leptonica sees to it. */
	if (!quarters)
		return in;
	turned = pixRotateOrth(in, quarters);
	pixDestroy(&in);
	if (!turned)
		snprintf(error, MESSAGE_SIZE, "out of memory");
	return turned;
}

int
image_read(const struct image_file *f, unsigned frame,
    const struct doc_options *o, struct gray *out, char error[MESSAGE_SIZE])
{
	PIX *in = read_frame(f, frame, o, out, error);
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

/* As a PNG file, from malloc(3), which leptonica's is not by contract. */
static void *
write_png(PIX *pix, unsigned dpi, size_t *size)
{
	l_uint8 *png = NULL;
	void *out;

	pixSetResolution(pix, (l_int32)dpi, (l_int32)dpi);
	if (pixWriteMemPng(&png, size, pix, 0) != 0)
		png = NULL;
	out = png ? malloc(*size) : NULL;
	if (out)
		memcpy(out, png, *size);
	lept_free(png);
	return out;
}

/* No side longer than side_max, and only what a model sees: colours, without
 * transparency.  Takes in; NULL: out of memory. */
static PIX *
shrink(PIX *in, unsigned side_max, unsigned *dpi)
{
	PIX *flat = flatten(in);
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
	/* Of areas there is no mean in black and white. */
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
image_to_png(const struct image_file *f, unsigned frame, unsigned side_max,
    const struct doc_options *o, struct gray *out, size_t *size,
    char error[MESSAGE_SIZE])
{
	PIX *in = read_frame(f, frame, o, out, error);
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
	PIX *pix = pack(rgb, (unsigned)width, (unsigned)height, (size_t)stride);
	void *png;

	if (!pix)
		return NULL;
	png = write_png(pix, dpi, size);
	pixDestroy(&pix);
	return png;
}
