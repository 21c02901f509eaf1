/* doc.h - what the files of pc-doc share. */
#ifndef PC_DOC_H
#define PC_DOC_H

#include "reader/reader_protocol.h"

#include <stddef.h>
#include <stdint.h>

enum ocr_when { OCR_AUTO, OCR_ALWAYS, OCR_NEVER };

struct doc_options {
	enum ocr_when ocr;
	unsigned dpi; /* for pages and images without their own */
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
	KIND_DJVU,
	KIND_TEXT,
	KIND_OTHER
};

struct kind_info {
	enum doc_kind kind;
	char name[TYPE_SIZE]; /* the MIME type; "" for a PDF */
	char charset[64];     /* of KIND_TEXT */
};

/* Find the kind from the content, never from the name.  -1: libmagic failed. */
int kind_of(const struct doc_bytes *, struct kind_info *);
/* Load libmagic, so that processes forked from this one need not. */
void kind_warm_up(void);

/* ---- texts that need a converter (markup.c) ---- */

/* The MIME type of an HTML page or a mail; NULL: it is another text. */
const char *markup_type(const struct doc_bytes *);

/* ---- unsupported files (remedy.c) ---- */

/* Write an error: files of this MIME type are not supported, and how to
 * convert them. */
void remedy_say(const char *type, char out[MESSAGE_SIZE]);

/* ---- one document (document.c) ---- */

struct document;

/* If error is not "", the document cannot be used.  The bytes and options must
 * stay valid. */
struct document *document_open(const struct doc_bytes *,
    const struct doc_options *, char error[MESSAGE_SIZE]);
/* After an error: is its type unsupported? */
int document_is_unsupported(const struct document *);
/* Its MIME type; "" for a PDF. */
const char *document_type(const struct document *);
/* The number of pages.  warning is "" or says what is wrong with the
 * document. */
unsigned document_pages(const struct document *, char warning[MESSAGE_SIZE]);
/* What a PDF declares, in the form of cmd/ocr/page/declared.h.  *payload is
 * owned by the caller, from malloc(3).  plain: use only poppler, not libqpdf.
 * -1: out of memory. */
int document_declare(struct document *, int plain, void **payload, size_t *n);
/* Answer a request about a page.  *payload is owned by the caller, from
 * malloc(3). */
void document_answer(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

/* ---- names in a PDF (name.c) ---- */

/* Do these n bytes contain this name, such as "/Page", and not only as part of
 * a longer one? */
int pdf_has_name(const unsigned char *, size_t n, const char *name);

/* ---- truncated PDFs (rescue.c) ---- */

enum rescue { RESCUE_CATALOG, RESCUE_TREE, RESCUE_PAGES, RESCUES };

/* Make a copy, from malloc(3), with a new list of the pages.  1: nothing is
 * left to make it from, or out of memory. */
int rescue_pdf(const struct doc_bytes *, enum rescue, struct doc_bytes *out);

/* ---- what poppler does not report (pdf_details.c, which uses libqpdf) ---- */

struct pdf_details;

/* The bytes must stay valid.  recover: repair damage, which takes long.  NULL:
 * out of memory. */
struct pdf_details *pdf_details_open(const struct doc_bytes *,
    const char *password, int recover);
/* The number of pages; 0: it cannot be read. */
unsigned pdf_details_pages(const struct pdf_details *);
/* The dots per inch of the scan that a page (from 0) consists of; 0: it is not
 * a scan, or this is unknown.  pages is the number of pages in the document.
 * The page's size as shown is in points. */
unsigned pdf_details_dpi(struct pdf_details *, unsigned page, unsigned pages,
    double width, double height);
/* The trim box of a page (left, bottom, right, top, in its own points) and its
 * UserUnit.  -1: unknown. */
int pdf_details_trim(struct pdf_details *, unsigned page, unsigned pages,
    double box[4], double *unit);
/* An image that a page paints. */
struct pdf_painted {
	double box[4];    /* left, bottom, right, top in the file's points */
	double matrix[4]; /* from the unit square, without its translation */
	int object, generation; /* object 0: it is in the page's content */
	int transparent;        /* it does not hide all that is below it */
};

/* Call each for every image that a page (from 0) paints (pdf_images.c).
 * inlined: its content may have some.  -1: unknown. */
int pdf_details_images(struct pdf_details *, unsigned page, unsigned pages,
    int inlined, void (*each)(void *ctx, const struct pdf_painted *),
    void *ctx);
/* Make a PDF, from malloc(3), of one page that shows only this image, in the
 * same size, with a margin, and turned by clockwise quarters.  A transparent
 * image is painted a second time below, over black (pdf_alone.c).  -1: libqpdf
 * cannot read it. */
int pdf_details_alone(struct pdf_details *, const struct pdf_painted *,
    unsigned quarters, struct doc_bytes *out);
/* Load libqpdf.  Returns its version, or NULL if it is missing. */
const char *pdf_details_library(void);

/* ---- pixels ---- */

struct raster {
	unsigned char *rgb; /* 3 bytes per pixel; owned, from malloc(3) */
	unsigned width, height;
};

/* A colour with this alpha (255: opaque) over white. */
static inline unsigned char
raster_over_white(unsigned colour, unsigned alpha)
{
	return (
	    unsigned char)((colour * alpha + 255 * (255 - alpha) + 127) / 255);
}

/* ---- animations (animation.c) ---- */

struct animation;

/* The bytes must stay valid.  The search for frames stops after max.  NULL: it
 * is not a GIF or WebP with several frames, or out of memory. */
struct animation *animation_open(const struct doc_bytes *, unsigned max);
unsigned animation_frames(const struct animation *);
/* Are frames missing at its end? */
int animation_is_cut(const struct animation *);
void animation_size(const struct animation *, unsigned *width,
    unsigned *height);
/* The picture shown with a frame (from 0), valid until the next call.  NULL
 * with error. */
const struct raster *animation_picture(struct animation *, unsigned n,
    char error[MESSAGE_SIZE]);

/* ---- HEIC and AVIF (heif.c): the only user of libheif ---- */

struct heif_file;

/* Load libheif.  Returns its version, or NULL if it is missing.  Call it
 * first. */
const char *heif_library(void);
/* The bytes must stay valid.  NULL with error. */
struct heif_file *heif_file_open(const struct doc_bytes *,
    char error[MESSAGE_SIZE]);
/* The number of images, without thumbnails and parts of other images. */
unsigned heif_file_images(const struct heif_file *);
/* The size in pixels of image n (from 0) by its header.  -1: the header has
 * none. */
int heif_file_size(const struct heif_file *, unsigned n, unsigned *width,
    unsigned *height);
/* Decode image n (from 0) if it has at most this many megapixels.  -1 with
 * error. */
int heif_file_read(const struct heif_file *, unsigned n, double megapixels,
    struct raster *, char error[MESSAGE_SIZE]);

/* ---- image files (image*.c): the only users of leptonica here ---- */

struct gray {
	unsigned char *pixels; /* one byte per pixel, width bytes per row;
				* owned, from malloc(3); NULL from
				* image_to_png */
	unsigned width, height, dpi;
	int assumed; /* the image gives no dpi, or an impossible one */
	int damaged; /* some of its data could not be read */
};

struct image_document {
	const struct doc_bytes *bytes;
	enum doc_kind kind;
	struct animation *animation; /* of KIND_ANIMATION */
	struct heif_file *heif;      /* of KIND_HEIF */
};

/* Open a file of this kind.  A GIF or WebP becomes KIND_ANIMATION if it has
 * several frames; the search for them stops after max.  Returns the number of
 * frames; 0 with error. */
unsigned image_open(struct image_document *, const struct doc_bytes *,
    enum doc_kind, unsigned max, char error[MESSAGE_SIZE]);
/* Decode an image file of width x height pixels and draw it at x, y in the
 * raster, which has room for it.  -1: it cannot be read. */
int image_draw(const unsigned char *file, size_t n, struct raster *, unsigned x,
    unsigned y, unsigned width, unsigned height);
/* Read one frame (from 0), upright as the file says, with no side over
 * SIDE_MAX.  -1 with error. */
int image_read(const struct image_document *, unsigned frame,
    const struct doc_options *, struct gray *, char error[MESSAGE_SIZE]);
/* Convert one frame (from 0) to a PNG file with the same pixels.  If side_max
 * is not 0, no side is longer, and the file has no metadata.  Sets the size
 * and dpi of *out.  NULL with error. */
void *image_to_png(const struct image_document *, unsigned frame,
    unsigned side_max, const struct doc_options *, struct gray *out,
    size_t *size, char error[MESSAGE_SIZE]);
/* Make a PNG file of rows of 24-bit pixels.  dpi 0: the file has none.  NULL:
 * out of memory. */
void *image_png(const unsigned char *rgb, int width, int height, int stride,
    unsigned dpi, size_t *size);

/* ---- errors that libtiff reports (tiff_errors.c) ---- */

/* Start to count errors in image data. */
void tiff_errors_begin(void);
int tiff_errors_found(void);

/* ---- photos (exif.c) ---- */

/* Clockwise quarter turns that make it upright, by a JPEG file's metadata. */
int exif_quarters(const struct doc_bytes *);

/* ---- text files (text.c) ---- */

/* The text as UTF-8, owned by the caller.  NULL with error. */
char *text_read(const struct doc_bytes *, const char *charset, size_t *length,
    char error[MESSAGE_SIZE]);

/* ---- is a text in reading order? (order.c) ---- */

/* May poppler's text of a page be out of order? */
int text_order_in_doubt(const char *text, size_t n);

/* ---- is a text layer usable? (quality.c) ---- */

/* Rate this UTF-8 text by statistics of its characters. */
enum layer_quality quality_of(const char *text, size_t n);
/* Would it be good too if its words stood on other lines? */
int quality_is_good_anyhow(const char *text, size_t n);

#endif
