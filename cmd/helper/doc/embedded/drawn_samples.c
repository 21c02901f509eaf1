/* drawn_samples.c - see drawn_samples.h. */
#include "drawn_samples.h"
#include "colours.h"
#include "helper/doc/pdf/details.h"
#include "helper/doc/pdf/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Damage is counted where the page is checked. */
static void
hear_nothing(void *ctx, long long position, const char *message)
{
	(void)ctx;
	(void)position;
	(void)message;
}

struct drawn {
	struct pdf_image image;
	int step; /* bytes per pixel: 3, or 1 for gray */
};

/* Is it black and white?  Then drawing it in gray is faster and loses
 * nothing. */
static int
is_bilevel(const struct picture *p)
{
	struct colours c;
	const int bilevel = p->bits == 1 && colours_read(&c, p) == 0 &&
	    c.form == PNG_GRAY && !c.icc;

	if (p->bits == 1)
		colours_clear(&c);
	return bilevel;
}

/* Draw the only page, a point per pixel.  -1: poppler failed. */
static int
draw(const struct doc_bytes *b, struct drawn *out)
{
	enum pdf_open_result result;
	struct pdf *pdf = pdf_open(b->p, b->n, "", &result);
	struct pdf_page *page = pdf ? pdf_page_open(pdf, 0) : NULL;
	const int r = page
	    ? pdf_page_render(page, 72, out->step == 3, &out->image)
	    : -1;

	pdf_page_close(page);
	pdf_close(pdf);
	return r;
}

/* ---- what its pixels are ---- */

static int
is_gray(const struct drawn *d, int *black_and_white)
{
	const struct pdf_image *image = &d->image;
	const int last = d->step - 1;
	unsigned char between = 0;

	for (int y = 0; y < image->height; y++) {
		const unsigned char *p = image->pixels +
		    (size_t)y * (size_t)image->stride;

		for (int x = 0; x < image->width; x++, p += d->step) {
			if (p[0] != p[last / 2] || p[0] != p[last])
				return 0;
			between |= p[0] > 0 && p[0] < 255;
		}
	}
	*black_and_white = !between;
	return 1;
}

/* Move the pixels together: all of them, one byte of each, or only bits. */
static void
reduce(struct drawn *d, const struct png_rows *png)
{
	struct pdf_image *image = &d->image;
	const size_t n = png_row_size(png);

	for (int y = 0; y < image->height; y++) {
		unsigned char *row = image->pixels + (size_t)y * n;
		const unsigned char *p = image->pixels +
		    (size_t)y * (size_t)image->stride;

		if (png->colours == PNG_RGB) {
			memmove(row, p, n);
			continue;
		}
		for (int x = 0; x < image->width; x++) {
			const unsigned char v = p[d->step * x];
			const int bit = x % 8;

			if (png->bits == 8)
				row[x] = v;
			else if (bit == 0)
				row[x / 8] = v & 0x80;
			else
				row[x / 8] |= (unsigned char)((v & 0x80) >>
				    bit);
		}
	}
}

static int
write_png(const struct picture *p, struct drawn *d, struct pc_buf *out)
{
	struct png_rows png = {.width = p->width,
	    .height = p->height,
	    .bits = 8,
	    .colours = PNG_RGB,
	    .rows = d->image.pixels};
	int black_and_white = 0;

	if (is_gray(d, &black_and_white)) {
		png.colours = PNG_GRAY;
		png.bits = black_and_white && p->bits <= 1 ? 1 : 8;
	}
	reduce(d, &png);
	return png_rows_write(&png, out);
}

int
drawn_samples(struct document *d, const struct picture *p, struct pc_buf *out,
    char error[MESSAGE_SIZE])
{
	struct drawn drawn = {.step = is_bilevel(p) ? 1 : 3};
	struct doc_bytes bytes;
	int r = -1;

	if ((double)p->width * p->height / 1e6 > d->options->max_megapixels) {
		snprintf(error, MESSAGE_SIZE,
		    "%u x %u pixels exceed %u megapixels; raise "
		    "ocr.max_megapixels",
		    p->width, p->height, d->options->max_megapixels);
		return -1;
	}
	if (pdf_details_samples(p->pdf,
		qpdf.oh_get_object_id(p->pdf->pdf, p->object),
		qpdf.oh_get_generation(p->pdf->pdf, p->object), p->width,
		p->height, &bytes) < 0) {
		snprintf(error, MESSAGE_SIZE, "libqpdf cannot read it");
		return -1;
	}
	pdf_listen(hear_nothing, NULL);
	if (draw(&bytes, &drawn) < 0 || drawn.image.width != (int)p->width ||
	    drawn.image.height != (int)p->height)
		snprintf(error, MESSAGE_SIZE, "poppler cannot draw it");
	else if ((r = write_png(p, &drawn, out)) < 0)
		snprintf(error, MESSAGE_SIZE, "out of memory");
	fault_listen(d);
	free(drawn.image.pixels);
	free((void *)(uintptr_t)bytes.p);
	return r;
}
