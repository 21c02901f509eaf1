/* djvu_answer.c - the pages of a DjVu file: a scan, and often hidden text. */
#include "djvu_answer.h"
#include "helper/doc/base/answer.h"
#include "helper/doc/djvu/djvu.h"
#include "helper/doc/image/image.h"
#include "helper/doc/layer/decide.h"
#include "helper/doc/layer/quality.h"
#include "pictures.h"
#include "scan_dpi.h"

#include <stdio.h>
#include <stdlib.h>

struct djvu_reading {
	struct document *document;
	const struct page_request *ask;
	struct djvu_page page;
	struct pc_buf words, text; /* owned: the hidden text */
	struct pictures pictures;  /* owned: what it covers */
};

/* The size in points. */
static void
page_size(const struct djvu_page *p, double *w, double *h)
{
	*w = p->width * 72.0 / p->dpi;
	*h = p->height * 72.0 / p->dpi;
}

/* ---- pixels ---- */

static unsigned
dpi_of(const struct djvu_reading *r)
{
	if (r->ask->dpi)
		return r->ask->dpi;
	return r->ask->what == REQUEST_PNG
	    ? r->page.dpi
	    : scan_dpi(r->page.dpi, r->document->options->dpi);
}

static int
too_large(const struct djvu_reading *r, double w, double h,
    struct page_answer *a)
{
	const unsigned limit = r->document->options->max_megapixels;

	if (w * h / 1e6 <= limit && w <= SIDE_MAX && h <= SIDE_MAX)
		return 0;
	a->kind = ANSWER_ERROR;
	snprintf(a->message, sizeof a->message,
	    "%.0f x %.0f pixels exceed %u megapixels or %d pixels per side; "
	    "lower --dpi or raise ocr.max_megapixels",
	    w, h, limit, SIDE_MAX);
	return 1;
}

static void
answer_pixels(struct djvu_reading *r, struct page_answer *a, void **payload,
    const struct layer_kept *layer)
{
	const int colour = r->ask->what == REQUEST_PNG;
	struct pdf_image image;
	double w, h, dpi;
	void *png;
	size_t n;

	page_size(&r->page, &w, &h);
	dpi = dpi_for_side(dpi_of(r), w > h ? w : h, r->ask->side_max);
	w = (unsigned)(w * dpi / 72 + 0.5);
	h = (unsigned)(h * dpi / 72 + 0.5);
	if (too_large(r, w, h, a))
		return;
	if (djvu_page_render(&r->page, w < 1 ? 1 : (unsigned)w,
		h < 1 ? 1 : (unsigned)h, colour, &image) < 0) {
		free(image.pixels);
		page_answer_fail(a, "out of memory");
		return;
	}
	a->dpi = dpi < 1 ? 1 : (uint32_t)(dpi + 0.5);
	a->pixel_width = (uint32_t)image.width;
	a->pixel_height = (uint32_t)image.height;
	if (colour) {
		png = image_png(image.pixels, image.width, image.height,
		    image.stride, r->ask->side_max ? 0 : a->dpi, &n);
		free(image.pixels);
		page_answer_png(a, payload, png, n);
		return;
	}
	a->kind = ANSWER_PIXELS;
	a->length = (uint64_t)a->pixel_width * a->pixel_height;
	*payload = image.pixels;
	page_answer_add_layer(a, payload, layer);
}

/* ---- hidden text ---- */

static void
cover(void *ctx, const struct pdf_word *w)
{
	struct djvu_reading *r = ctx;

	pictures_cover(&r->pictures, w->x0 * 100, w->y0 * 100, w->x1 * 100,
	    w->y1 * 100);
}

/* Read it, and mark what it covers.  -1: out of memory. */
static int
read_text(struct djvu_reading *r)
{
	double w, h;

	page_size(&r->page, &w, &h);
	if (pictures_whole(&r->pictures, w, h) < 0)
		return -1;
	if (djvu_text_read(&r->page, &r->words, &r->text, cover, r) < 0)
		r->document->damage[DAMAGE_CONTENT] = 1;
	return r->words.failed || r->text.failed ? -1 : 0;
}

/* The pieces of print in the scan that the hidden text does not cover. */
static unsigned
count_unread(struct djvu_reading *r)
{
	struct pictures *p = &r->pictures;

	/* If that is unknown, OCR has to find out. */
	return djvu_page_render(&r->page, p->width, p->height, 0, &p->shown) < 0
	    ? 1
	    : pictures_unread(p);
}

static enum decision
decide(struct djvu_reading *r, struct page_answer *a)
{
	const char *text = r->text.data ? (char *)r->text.data : "";
	struct page_facts f = {.has_text = decide_has_text(text, r->text.len),
	    .quality = quality_of(text, r->text.len),
	    .images = 1};

	if (f.has_text && f.quality == LAYER_GOOD)
		f.unread = count_unread(r);
	a->layer_quality = f.quality;
	return decide_page(&f);
}

/* Answer with the hidden text. */
static void
answer_text(struct djvu_reading *r, struct page_answer *a, void **payload)
{
	a->source = SOURCE_TEXT_LAYER;
	a->layer_quality = 0;
	if (r->ask->what == REQUEST_WORDS)
		page_answer_bytes(a, ANSWER_WORDS, &r->words, payload);
	else
		page_answer_bytes(a, ANSWER_TEXT, &r->text, payload);
}

static void
answer_text_or_pixels(struct djvu_reading *r, struct page_answer *a,
    void **payload)
{
	static const enum page_source sources[] = {
	    [DECIDE_OCR] = SOURCE_NO_TEXT,
	    [DECIDE_BOTH] = SOURCE_MIXED,
	    [DECIDE_COMPARE] = SOURCE_BAD_TEXT};
	const enum ocr_when when = decide_when(r->document->options->ocr,
	    r->ask);
	struct layer_kept layer = {0};
	enum decision decision = DECIDE_OCR;

	a->source = SOURCE_FORCED;
	if (when != OCR_ALWAYS && r->ask->what != REQUEST_PIXELS) {
		if (read_text(r) < 0) {
			page_answer_fail(a, "out of memory");
			return;
		}
		decision = when == OCR_NEVER ? DECIDE_LAYER : decide(r, a);
		a->source = sources[decision];
	}
	if (decision == DECIDE_LAYER) {
		answer_text(r, a, payload);
		return;
	}
	if (decision != DECIDE_OCR)
		layer_keep(&layer, &r->words,
		    r->ask->what == REQUEST_TEXT ? &r->text : NULL);
	answer_pixels(r, a, payload, &layer);
	pc_buf_clear(&layer.bytes);
}

void
djvu_answer(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	struct djvu_reading r = {.document = d, .ask = ask};
	const int open = djvu_page_open(d->djvu, ask->page - 1,
	    d->options->max_megapixels, &r.page);
	double w, h;

	if (open < 0) {
		page_answer_fail(a, "libdjvulibre cannot read it");
	} else if (open > 0) {
		(void)too_large(&r, r.page.width, r.page.height, a);
	} else {
		page_size(&r.page, &w, &h);
		a->width = (uint32_t)(w * 100 + 0.5);
		a->height = (uint32_t)(h * 100 + 0.5);
		d->damage[DAMAGE_IMAGE] = r.page.damaged != 0;
		if (ask->what == REQUEST_PNG)
			answer_pixels(&r, a, payload, &(struct layer_kept){0});
		else
			answer_text_or_pixels(&r, a, payload);
	}
	djvu_page_close(&r.page);
	pc_buf_clear(&r.words);
	pc_buf_clear(&r.text);
	pictures_clear(&r.pictures);
}
