/* details.h - what poppler does not report, by libqpdf. */
#ifndef PDF_DETAILS_H
#define PDF_DETAILS_H

#include "helper/doc/doc.h"

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

enum pdf_images_wanted {
	PDF_IMAGES_OBJECTS, /* the content has none of its own */
	PDF_IMAGES_PAGE,
	PDF_IMAGES_ALL, /* also in patterns and annotations.  Those in the
			 * content become objects (pdf/inline_image.h) */
};

/* Call each for every image that a page (from 0) paints (pdf/images.c).  -1:
 * unknown, because of a limit or damage. */
int pdf_details_images(struct pdf_details *, unsigned page, unsigned pages,
    enum pdf_images_wanted, void (*each)(void *ctx, const struct pdf_painted *),
    void *ctx);
/* Make a PDF, from malloc(3), of one page that shows only this image, in the
 * same size, with a margin, and turned by clockwise quarters.  A transparent
 * image is painted a second time below, over black (pdf/alone.c).  -1: libqpdf
 * cannot read it. */
int pdf_details_alone(struct pdf_details *, const struct pdf_painted *,
    unsigned quarters, struct doc_bytes *out);
/* The same for an image object's own samples: the page has width x height
 * points, one for each sample, and no margin.  Masks are left out; of a
 * stencil, what it paints is white. */
int pdf_details_samples(struct pdf_details *, int object, int generation,
    unsigned width, unsigned height, struct doc_bytes *out);
/* Load libqpdf.  Returns its version, or NULL if it is missing. */
const char *pdf_details_library(void);

#endif
