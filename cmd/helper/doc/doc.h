/* doc.h - what the files of pc-doc share. */
#ifndef PC_DOC_H
#define PC_DOC_H

#include "reader/reader_protocol.h"

#include <stddef.h>
#include <stdint.h>

enum ocr_when { OCR_AUTO, OCR_ALWAYS, OCR_NEVER };

struct doc_options {
	enum ocr_when ocr;
	unsigned dpi; /* for pages and images that do not say */
	unsigned max_megapixels;
	unsigned max_pages;
	unsigned page_timeout; /* seconds; 0: none */
	const char *password;  /* "" for none */
};

/* A document's bytes, mapped. */
struct doc_bytes {
	const unsigned char *p;
	size_t n;
	int fd;
};

/* ---- what a document is (kind.c) ---- */

enum doc_kind {
	KIND_PDF,
	KIND_IMAGE,
	KIND_TIFF,
	KIND_ANIMATION, /* GIF and WebP with several frames */
	KIND_HEIF,
	KIND_TEXT,
	KIND_OTHER
};

struct kind_info {
	enum doc_kind kind;
	char name[128];   /* the MIME type, for a message */
	char charset[64]; /* of KIND_TEXT */
};

/* From its first bytes, never from its name.  -1: libmagic failed. */
int kind_of(const struct doc_bytes *, struct kind_info *);

/* ---- texts that need a converter (markup.c) ---- */

/* The MIME type of an HTML page or of a mail; NULL: it is another text. */
const char *markup_type(const struct doc_bytes *);

/* ---- files that are not read (remedy.c) ---- */

/* Say that a file of this MIME type is not read, and how to convert it. */
void remedy_say(const struct doc_bytes *, const char *type,
    char out[MESSAGE_SIZE]);

/* ---- one document (document.c) ---- */

struct document;

/* Not "" in error: it cannot be used.  The bytes and options must stay. */
struct document *document_open(const struct doc_bytes *,
    const struct doc_options *, char error[MESSAGE_SIZE]);
/* After an error: is it of a type that is not read? */
int document_is_unsupported(const struct document *);
/* How many; warning is "" or says what is wrong with it. */
unsigned document_pages(const struct document *, char warning[MESSAGE_SIZE]);
/* Answer what is asked of a page; *payload is owned, from malloc(3). */
void document_answer(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

/* ---- names in a PDF (name.c) ---- */

/* Is there a name, as "/Page", and not a longer one, in these n bytes? */
int pdf_has_name(const unsigned char *, size_t n, const char *name);

/* ---- PDFs that are cut (rescue.c) ---- */

enum rescue { RESCUE_CATALOG, RESCUE_TREE, RESCUE_PAGES, RESCUES };

/* A copy, from malloc(3), with a new list of where the pages are.  1: nothing
 * is left that could say so, or no memory. */
int rescue_pdf(const struct doc_bytes *, enum rescue, struct doc_bytes *out);

/* ---- what poppler does not report (pdf_details.c, which uses libqpdf) ---- */

struct pdf_details;

/* The bytes must stay.  recover: repair what is damaged, which takes long.
 * NULL: out of memory. */
struct pdf_details *pdf_details_open(const struct doc_bytes *,
    const char *password, int recover);
/* How many pages it has; 0: it cannot be read. */
unsigned pdf_details_pages(const struct pdf_details *);
/* The dots per inch of the image that a page, counted from 0, is a scan of; 0:
 * it is none, or that cannot be told.  The document has so many pages, and the
 * page is so many points, as it is shown. */
unsigned pdf_details_dpi(struct pdf_details *, unsigned page, unsigned pages,
    double width, double height);
/* The box to which a page is trimmed, left, bottom, right and top in its own
 * points, and its UserUnit.  -1: that cannot be told. */
int pdf_details_trim(struct pdf_details *, unsigned page, unsigned pages,
    double box[4], double *unit);
/* Call each for every image that a page, counted from 0, paints, with its left,
 * bottom, right and top in the points of the file (pdf_images.c).  -1: that
 * cannot be told. */
int pdf_details_images(struct pdf_details *, unsigned page, unsigned pages,
    void (*each)(void *ctx, const double box[4]), void *ctx);
/* Load libqpdf; its version, or NULL: it is not there. */
const char *pdf_details_library(void);

/* ---- pixels ---- */

struct raster {
	unsigned char *rgb; /* 3 bytes a pixel; owned, from malloc(3) */
	unsigned width, height;
};

/* A colour of this alpha, 255 if it covers, over white. */
static inline unsigned char
raster_over_white(unsigned colour, unsigned alpha)
{
	return (
	    unsigned char)((colour * alpha + 255 * (255 - alpha) + 127) / 255);
}

/* ---- animations (animation.c) ---- */

struct animation;

/* The bytes must stay.  It stops looking for frames after max.  NULL: it is no
 * GIF or WebP of several frames, or no memory. */
struct animation *animation_open(const struct doc_bytes *, unsigned max);
unsigned animation_frames(const struct animation *);
/* Are frames missing at its end? */
int animation_is_cut(const struct animation *);
void animation_size(const struct animation *, unsigned *width,
    unsigned *height);
/* What is shown with a frame, from 0: good until the next call.  NULL with
 * error. */
const struct raster *animation_picture(struct animation *, unsigned n,
    char error[MESSAGE_SIZE]);

/* ---- HEIC and AVIF (heif.c): the only user of libheif ---- */

struct heif_file;

/* Load libheif; its version, or NULL: it is not there.  Comes first. */
const char *heif_library(void);
/* The bytes must stay.  NULL with error. */
struct heif_file *heif_file_open(const struct doc_bytes *,
    char error[MESSAGE_SIZE]);
/* How many, thumbnails and parts of others aside. */
unsigned heif_file_images(const struct heif_file *);
/* In pixels, of an image, from 0, as its header says.  -1: it says none. */
int heif_file_size(const struct heif_file *, unsigned n, unsigned *width,
    unsigned *height);
/* Decode image number n, from 0, if it has at most this many megapixels.  -1
 * with error. */
int heif_file_read(const struct heif_file *, unsigned n, double megapixels,
    struct raster *, char error[MESSAGE_SIZE]);

/* ---- image files (image*.c): the only users of leptonica here ---- */

struct gray {
	unsigned char *pixels; /* width bytes a row; owned, from malloc(3);
				* NULL of image_to_png */
	unsigned width, height, dpi;
	int assumed; /* the image says no dpi, or none that can be */
	int damaged; /* some of its data could not be read */
};

struct image_document {
	const struct doc_bytes *bytes;
	enum doc_kind kind;
	struct animation *animation; /* of KIND_ANIMATION */
	struct heif_file *heif;      /* of KIND_HEIF */
};

/* Open what has this kind.  A GIF or WebP becomes KIND_ANIMATION if it has
 * several frames; it stops looking for them after max.  The frames; 0 with
 * error. */
unsigned image_open(struct image_document *, const struct doc_bytes *,
    enum doc_kind, unsigned max, char error[MESSAGE_SIZE]);
/* Unpack an image file of width x height pixels and draw it at x, y within
 * the raster, which has room for it.  -1: it cannot be read. */
int image_draw(const unsigned char *file, size_t n, struct raster *, unsigned x,
    unsigned y, unsigned width, unsigned height);
/* One frame, from 0, upright as the file says, no side over SIDE_MAX.
 * -1 with error. */
int image_read(const struct image_document *, unsigned frame,
    const struct doc_options *, struct gray *, char error[MESSAGE_SIZE]);
/* One frame, from 0, as a PNG file, its pixels as they are.  With side_max, not
 * 0, no side is longer, and the file says nothing but pixels.  Sets the size
 * and dpi of *out.  NULL with error. */
void *image_to_png(const struct image_document *, unsigned frame,
    unsigned side_max, const struct doc_options *, struct gray *out,
    size_t *size, char error[MESSAGE_SIZE]);
/* Rows of 24-bit pixels as a PNG file.  dpi 0: it does not say.  NULL: out of
 * memory. */
void *image_png(const unsigned char *rgb, int width, int height, int stride,
    unsigned dpi, size_t *size);

/* ---- what libtiff finds wrong (tiff_errors.c) ---- */

/* Count the errors in data that are read from now on. */
void tiff_errors_begin(void);
int tiff_errors_found(void);

/* ---- pictures of cameras (exif.c) ---- */

/* Quarters of a turn, clockwise, that make it upright, as a JPEG file says. */
int exif_quarters(const struct doc_bytes *);

/* ---- text files (text.c) ---- */

/* As UTF-8, owned.  NULL with error. */
char *text_read(const struct doc_bytes *, const char *charset, size_t *length,
    char error[MESSAGE_SIZE]);

/* ---- is it in the order in which it is read (order.c) ---- */

/* Of poppler's text of a page: may it be out of order? */
int text_order_in_doubt(const char *text, size_t n);

/* ---- is a text layer any good (quality.c) ---- */

/* Of this UTF-8, by statistics of its characters. */
enum layer_quality quality_of(const char *text, size_t n);

#endif
