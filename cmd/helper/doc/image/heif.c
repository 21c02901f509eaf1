/* heif.c - HEIC and AVIF files, by libheif.
 *
 * libheif is loaded only for such a file: with its decoders that takes longer
 * than reading a small PDF.  Its threads are turned off, as a worker cannot
 * start any.  It returns images upright. */
#include "heif.h"
#include "helper/doc/base/library.h"

#include <stdio.h>

#ifdef PC_HEIF
#include <dlfcn.h>
#include <libheif/heif.h>
#include <math.h>
#include <stdlib.h>

/* The functions used here: heif.decode_image() is heif_decode_image(), and so
 * on. */
#define HEIF_EACH(f)                                                           \
	f(get_version) f(init) f(context_alloc) f(context_free)                \
	    f(context_set_maximum_image_size_limit)                            \
		f(context_set_max_decoding_threads) f(                         \
		    context_read_from_memory_without_copy)                     \
		    f(context_get_number_of_top_level_images) f(               \
			context_get_list_of_top_level_image_IDs)               \
			f(context_get_image_handle) f(image_handle_get_width)  \
			    f(image_handle_get_height)                         \
				f(image_handle_has_alpha_channel)              \
				    f(image_handle_release) f(decode_image)    \
					f(image_get_width) f(image_get_height) \
					    f(image_get_plane_readonly)        \
						f(image_release)

#define HEIF_MEMBER(name) __typeof__(heif_##name) *name;
static struct {
	HEIF_EACH(HEIF_MEMBER)
} heif;

struct heif_file {
	struct heif_context *context;
	heif_item_id *ids;
	unsigned count;
};

const char *
heif_library(void)
{
	static int tried, loaded;
	void *library = tried ? NULL : dlopen(PC_HEIF, RTLD_NOW);
	int missing = 0;

	tried = 1;
#define FIND(name) missing |= library_find(library, "heif_" #name, &heif.name);
	if (library) {
		HEIF_EACH(FIND)
		/* This loads the decoders if they are plugins. */
		loaded = !missing && heif.init(NULL).code == heif_error_Ok;
	}
	return loaded ? heif.get_version() : NULL;
}

static int
fail(const char *what, struct heif_error e, char error[MESSAGE_SIZE])
{
	snprintf(error, MESSAGE_SIZE, "%s: %.160s", what,
	    e.message ? e.message : "unknown error");
	return -1;
}

static int
list_images(struct heif_file *h)
{
	int n = heif.context_get_number_of_top_level_images(h->context);

	h->ids = n > 0 ? calloc((size_t)n, sizeof *h->ids) : NULL;
	if (!h->ids)
		return -1;
	n = heif.context_get_list_of_top_level_image_IDs(h->context, h->ids, n);
	h->count = n > 0 ? (unsigned)n : 0;
	return 0;
}

static struct heif_file *
close_file(struct heif_file *h)
{
	heif.context_free(h->context);
	free(h->ids);
	free(h);
	return NULL;
}

struct heif_file *
heif_file_open(const struct doc_bytes *b, char error[MESSAGE_SIZE])
{
	struct heif_file *h = calloc(1, sizeof *h);
	struct heif_error e;

	if (!h || !(h->context = heif.context_alloc())) {
		snprintf(error, MESSAGE_SIZE, "out of memory");
		free(h);
		return NULL;
	}
	heif.context_set_max_decoding_threads(h->context, 0);
	e = heif.context_read_from_memory_without_copy(h->context, b->p, b->n,
	    NULL);
	if (e.code != heif_error_Ok) {
		fail("cannot read the image", e, error);
		return close_file(h);
	}
	if (list_images(h) < 0) {
		snprintf(error, MESSAGE_SIZE, "it has no images");
		return close_file(h);
	}
	return h;
}

unsigned
heif_file_images(const struct heif_file *h)
{
	return h->count;
}

static int
open_image(const struct heif_file *h, unsigned n,
    struct heif_image_handle **image, char error[MESSAGE_SIZE])
{
	const struct heif_error e = heif.context_get_image_handle(h->context,
	    h->ids[n], image);

	return e.code == heif_error_Ok
	    ? 0
	    : fail("cannot read the image", e, error);
}

int
heif_file_size(const struct heif_file *h, unsigned n, unsigned *width,
    unsigned *height)
{
	struct heif_image_handle *image;
	char error[MESSAGE_SIZE];
	int w, high;

	if (open_image(h, n, &image, error) < 0)
		return -1;
	w = heif.image_handle_get_width(image);
	high = heif.image_handle_get_height(image);
	heif.image_handle_release(image);
	*width = w > 0 ? (unsigned)w : 0;
	*height = high > 0 ? (unsigned)high : 0;
	return 0;
}

/* Decode to 24 bits per pixel, with white behind transparent parts. */
static int
copy_pixels(const struct heif_image *from, int alpha, struct raster *out)
{
	const unsigned bytes = alpha ? 4 : 3;
	const int w = heif.image_get_width(from, heif_channel_interleaved);
	const int h = heif.image_get_height(from, heif_channel_interleaved);
	int stride;
	const uint8_t *p = heif.image_get_plane_readonly(from,
	    heif_channel_interleaved, &stride);
	unsigned char *to;

	if (!p || w < 1 || h < 1)
		return -1;
	to = malloc((size_t)w * (size_t)h * 3);
	*out = (struct raster){to, (unsigned)w, (unsigned)h};
	for (int y = 0; to && y < h; y++) {
		const uint8_t *line = p + (size_t)y * (size_t)stride;

		for (int x = 0; x < w; x++, line += bytes)
			for (int c = 0; c < 3; c++)
				*to++ = alpha
				    ? raster_over_white(line[c], line[3])
				    : line[c];
	}
	return to ? 0 : -1;
}

int
heif_file_read(const struct heif_file *h, unsigned n, double megapixels,
    struct raster *out, char error[MESSAGE_SIZE])
{
	struct heif_image_handle *handle;
	struct heif_image *image = NULL;
	struct heif_error e;
	int alpha, r = 0;

	if (open_image(h, n, &handle, error) < 0)
		return -1;
	alpha = heif.image_handle_has_alpha_channel(handle);
	/* A tile, or the coded image, may be larger than the header says. */
	heif.context_set_maximum_image_size_limit(h->context,
	    (int)sqrt(megapixels * 1e6) + 1);
	e = heif.decode_image(handle, &image, heif_colorspace_RGB,
	    alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
	    NULL);
	if (e.code != heif_error_Ok)
		r = fail("cannot decode the image", e, error);
	else if (copy_pixels(image, alpha, out) < 0) {
		snprintf(error, MESSAGE_SIZE, "out of memory");
		r = -1;
	}
	if (image)
		heif.image_release(image);
	heif.image_handle_release(handle);
	return r;
}

#else

/* Built without libheif's headers: document.c refuses such files. */

const char *
heif_library(void)
{
	return NULL;
}

struct heif_file *
heif_file_open(const struct doc_bytes *b, char error[MESSAGE_SIZE])
{
	(void)b;
	snprintf(error, MESSAGE_SIZE, "libheif is missing");
	return NULL;
}

unsigned
heif_file_images(const struct heif_file *h)
{
	(void)h;
	return 0;
}

int
heif_file_size(const struct heif_file *h, unsigned n, unsigned *width,
    unsigned *height)
{
	(void)h;
	(void)n;
	*width = *height = 0;
	return -1;
}

int
heif_file_read(const struct heif_file *h, unsigned n, double megapixels,
    struct raster *out, char error[MESSAGE_SIZE])
{
	(void)h;
	(void)n;
	(void)megapixels;
	(void)out;
	snprintf(error, MESSAGE_SIZE, "libheif is missing");
	return -1;
}

#endif
