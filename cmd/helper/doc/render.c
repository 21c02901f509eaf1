/* render.c - the pixels of a PDF page. */
#include "render.h"
#include "helper/doc/base/answer.h"
#include "helper/doc/image/image.h"
#include "helper/doc/pdf/check.h"
#include "helper/doc/pdf/details.h"
#include "helper/doc/pdf/opened.h"
#include "pictures.h"
#include "scan_dpi.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHECK_SIDE = 256, /* pixels: images are unpacked in any size */
};

/* A side is limited as in tesseract. */
static int
too_large(const struct document *d, double w, double h, double dpi,
    struct page_answer *a)
{
	const double wide = w / 72 * dpi, high = h / 72 * dpi;

	/* Comparisons with NaN are false. */
	if (wide * high / 1e6 <= d->options->max_megapixels &&
	    wide <= SIDE_MAX && high <= SIDE_MAX)
		return 0;
	a->kind = ANSWER_ERROR;
	snprintf(a->message, sizeof a->message,
	    "%.0f x %.0f points at %.0f dpi exceed %u megapixels or %d "
	    "pixels per side; lower --dpi or raise ocr.max_megapixels",
	    w, h, dpi, d->options->max_megapixels, SIDE_MAX);
	return 1;
}

/* The dots per inch for a page of w x h points. */
static unsigned
dpi_of(struct document *d, const struct page_request *ask, double w, double h)
{
	if (ask->dpi || ask->what == REQUEST_PNG || ask->plain || d->rescued)
		return ask->dpi ? ask->dpi : d->options->dpi;
	return scan_dpi(
	    pdf_details_dpi(document_details(d), ask->page - 1, d->pages, w, h),
	    d->options->dpi);
}

/* Set what qpdf(1) needs to place an overlay on the page. */
static void
add_trim(struct document *d, const struct pdf_page *page,
    const struct page_request *ask, struct page_answer *a)
{
	double shown[4], trim[4], inside[4], unit;
	unsigned quarters;

	if (ask->plain || d->rescued ||
	    pdf_details_trim(document_details(d), ask->page - 1, d->pages, trim,
		&unit) < 0)
		return;
	pdf_page_shown(page, shown, &quarters);
	/* Clockwise from the left, turned as the page is. */
	for (unsigned i = 0; i < 4; i++) {
		const unsigned edge = i % 2 ? 4 - i : i;
		const double in = trim[edge] - shown[edge];

		inside[(i + quarters) % 4] = i == 0 || i == 3 ? in : -in;
	}
	for (int i = 0; i < 4; i++)
		if (!(fabs(inside[i]) <= PLACE_MAX / 100.0))
			return;
	for (int i = 0; i < 4; i++)
		a->trim[i] = (int32_t)lround(inside[i] * 100);
	if (unit >= 1e-4 && unit <= UNIT_MAX / 1e4)
		a->user_unit = (uint32_t)lround(unit * 10000);
}

/* Returns the number of damaged streams. */
static uint32_t
find_damage(struct document *d, unsigned page, uint32_t damage[DAMAGE_KINDS])
{
	uint32_t all = 0;

	memset(damage, 0, DAMAGE_KINDS * sizeof *damage);
	pdf_check_page(document_checker(d), page, d->pages, 1, damage);
	for (int i = 0; i < DAMAGE_KINDS; i++)
		all += damage[i];
	return all;
}

/* Count what poppler does not report.  A stream with a wrong length is damaged
 * only if libqpdf cannot repair it either. */
static void
check_drawn(struct document *d, const struct page_request *ask)
{
	uint32_t damage[DAMAGE_KINDS];

	if (ask->plain || d->rescued)
		return;
	if (find_damage(d, ask->page - 1, damage) > 0 &&
	    document_recover(d) == 0)
		(void)find_damage(d, ask->page - 1, damage);
	for (int i = 0; i < DAMAGE_KINDS; i++)
		d->damage[i] += damage[i] < DAMAGE_MAX - d->damage[i]
		    ? damage[i]
		    : DAMAGE_MAX - d->damage[i];
}

void
render_check(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct page_answer *a)
{
	struct pdf_image image = {0};
	double w, h;

	pdf_page_size(page, &w, &h);
	d->drawing = 1;
	if (pdf_page_render(page, CHECK_SIDE * 72 / fmax(w, h), 0, &image) < 0)
		page_answer_fail(a, "poppler cannot render it");
	else
		a->kind = ANSWER_TEXT;
	free(image.pixels);
	check_drawn(d, ask);
}

void
render_answer(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct page_answer *a, void **payload,
    const struct layer_kept *layer, const struct pictures *pictures)
{
	const int colour = ask->what == REQUEST_PNG;
	struct pdf_image image;
	double w, h, dpi;
	void *png;
	size_t n;

	pdf_page_size(page, &w, &h);
	dpi = dpi_for_side(dpi_of(d, ask, w, h), w > h ? w : h, ask->side_max);
	if (too_large(d, w, h, dpi, a))
		return;
	d->drawing = 1;
	if (pdf_page_render(page, dpi, colour, &image) < 0 || image.width < 1 ||
	    image.height < 1) {
		page_answer_fail(a, "poppler cannot render it");
		return;
	}
	check_drawn(d, ask);
	a->dpi = dpi < 1 ? 1 : (uint32_t)(dpi + 0.5);
	a->pixel_width = (uint32_t)image.width;
	a->pixel_height = (uint32_t)image.height;
	if (colour) {
		png = image_png(image.pixels, image.width, image.height,
		    image.stride, ask->side_max ? 0 : a->dpi, &n);
		free(image.pixels);
		page_answer_png(a, payload, png, n);
		return;
	}
	for (int y = 1; y < image.height && image.stride > image.width; y++)
		memmove(image.pixels + (size_t)y * (size_t)image.width,
		    image.pixels + (size_t)y * (size_t)image.stride,
		    (size_t)image.width);
	a->kind = ANSWER_PIXELS;
	a->length = (uint64_t)image.width * (uint64_t)image.height;
	*payload = image.pixels;
	if (pictures->cells)
		pictures_cut_out(pictures, image.pixels, a->pixel_width,
		    a->pixel_height);
	page_answer_add_layer(a, payload, layer);
	add_trim(d, page, ask, a);
}
