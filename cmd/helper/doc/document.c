/* document.c - the pages of one document, whatever it is. */
#include "doc.h"
#include "poppler.h"

#include "pc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	INNER_MIN = 1,    /* characters in the inner box make a text layer, */
	PLENTY_MIN = 500, /* and so many anywhere spare looking there */
	/* Of a scan: small print of fewer dots an inch is read better when
	 * they are made more; more of them than these only take longer. */
	SCAN_DPI_MIN = 200,
	SCAN_DPI_MAX = 300,
};

/* Below this a text layer is not to be trusted. */
static const double quality_min = 0.9;

struct document {
	const struct bytes *bytes;
	const struct options *options;
	struct kind_info kind;
	struct pdf *pdf;   /* of KIND_PDF */
	struct scan *scan; /* the same; NULL: not looked at yet */
	unsigned pages;
	int rescued; /* so many pages are all that is left */
};

static void
fail(struct answer *a, const char *message)
{
	a->kind = ANSWER_ERROR;
	snprintf(a->message, sizeof a->message, "%s", message);
}

/* ---- PDF: what its text layer says ---- */

static size_t
characters(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += (unsigned char)text[i] > ' ' &&
		    ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* Is it text, and not a stamp at the edge of a scan? */
static int
has_text(struct pdf_page *page, const char *text, size_t n)
{
	size_t inner;

	if (characters(text, n) >= PLENTY_MIN)
		return 1;
	return pdf_page_inner(page, &inner) == 0 && inner >= INNER_MIN;
}

struct words {
	struct pc_buf text;
	size_t turned[4]; /* how many need so many quarters of a turn */
	int quarters;     /* that the last one needs */
};

static void
add_word(void *ctx, const struct pdf_word *w)
{
	struct words *all = ctx;
	struct pc_buf *b = &all->text;

	all->turned[w->quarters & 3]++;
	if ((w->quarters & 3) != all->quarters) {
		all->quarters = w->quarters & 3;
		pc_buf_addf(b, "q\t%d\n", all->quarters);
	}
	/* Boxes in 1/100 point, as cmd/ocr/page.h has them. */
	pc_buf_addf(b, "w\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t", w->x0 * 100,
	    w->y0 * 100, w->x1 * 100, w->y1 * 100, -1);
	for (size_t i = 0; i < w->length; i++) {
		unsigned char c = (unsigned char)w->text[i];

		pc_buf_add(b, c < ' ' ? "?" : w->text + i, 1);
	}
	pc_buf_add(b, "\n", 1);
}

/* The page's text in the form that was asked for.  1: it has none that is
 * any good, and a->source says why. */
static int
text_layer(struct document *d, struct pdf_page *page, const struct ask *ask,
    struct answer *a, void **payload)
{
	const enum ocr_when when = d->options->ocr;
	struct words words = {0};
	char *text;
	size_t n;

	a->source = SOURCE_FORCED;
	if (when == OCR_ALWAYS || ask->what == ASK_PIXELS)
		return 1;
	a->source = SOURCE_NO_TEXT;
	if (pdf_page_text(page, &text, &n) < 0) {
		if (when == OCR_NEVER)
			fail(a, "poppler cannot read its text");
		return when == OCR_NEVER ? 0 : 1;
	}
	if (when == OCR_AUTO && !has_text(page, text, n)) {
		free(text);
		return 1;
	}
	if (when == OCR_AUTO && quality_of(text, n) < quality_min) {
		a->source = SOURCE_BAD_TEXT;
		free(text);
		return 1;
	}
	a->source = SOURCE_TEXT_LAYER;
	a->kind = ANSWER_TEXT;
	*payload = text;
	a->length = n;
	if (ask->what != ASK_WORDS)
		return 0;
	free(text);
	*payload = NULL;
	a->kind = ANSWER_WORDS;
	if (pdf_page_words(page, add_word, &words) < 0 || words.text.failed)
		fail(a, "poppler cannot read its words");
	for (int i = 1; i < 4; i++)
		if (words.turned[i] > words.turned[a->rotation / 90])
			a->rotation = i * 90;
	*payload = words.text.data;
	a->length = words.text.len;
	return 0;
}

/* ---- PDF: its pixels ---- */

/* The side is bounded as tesseract's is. */
static int
too_large(const struct document *d, double w, double h, double dpi,
    struct answer *a)
{
	const double wide = w / 72 * dpi, high = h / 72 * dpi;

	/* Not a number would compare false. */
	if (wide * high / 1e6 <= d->options->max_megapixels &&
	    wide <= SIDE_MAX && high <= SIDE_MAX)
		return 0;
	a->kind = ANSWER_ERROR;
	snprintf(a->message, sizeof a->message,
	    "%.0f x %.0f points at %.0f dpi are more than %u megapixels or "
	    "%d pixels a side: lower --dpi or raise ocr.max_megapixels",
	    w, h, dpi, d->options->max_megapixels, SIDE_MAX);
	return 1;
}

static struct scan *
scan_of(struct document *d)
{
	if (!d->scan)
		d->scan = scan_open(d->bytes, d->options->password);
	return d->scan;
}

/* The dots an inch for a page of w x h points. */
static unsigned
dpi_of(struct document *d, const struct ask *ask, double w, double h)
{
	unsigned dpi;

	if (ask->dpi || ask->what == ASK_PNG || ask->plain || d->rescued)
		return ask->dpi ? ask->dpi : d->options->dpi;
	dpi = scan_dpi(scan_of(d), ask->page - 1, d->pages, w, h);
	return dpi >= SCAN_DPI_MIN && dpi <= SCAN_DPI_MAX ? dpi
							  : d->options->dpi;
}

/* What an overlay by qpdf(1) has to be told of the page to go where it is to.
 */
static void
add_trim(struct document *d, const struct pdf_page *page, const struct ask *ask,
    struct answer *a)
{
	double shown[4], trim[4], inside[4], unit;
	unsigned quarters;

	if (ask->plain || d->rescued ||
	    scan_trim(scan_of(d), ask->page - 1, d->pages, trim, &unit) < 0)
		return;
	pdf_page_shown(page, shown, &quarters);
	/* Clockwise from the left, as the page turns. */
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

/* A PNG file, or NULL for lack of memory, is the answer. */
static void
answer_png(struct answer *a, void **payload, void *png, size_t n)
{
	a->kind = ANSWER_FILE;
	a->length = n;
	*payload = png;
	if (!png)
		fail(a, "out of memory");
	else if (n > PAYLOAD_MAX)
		fail(a, "as PNG it is more than 256 MiB: lower --dpi");
	if (a->kind != ANSWER_ERROR)
		return;
	free(png);
	*payload = NULL;
	a->length = 0;
}

static void
render(struct document *d, struct pdf_page *page, const struct ask *ask,
    struct answer *a, void **payload)
{
	const int colour = ask->what == ASK_PNG;
	struct pdf_image image;
	double w, h, dpi;
	void *png;
	size_t n;

	pdf_page_size(page, &w, &h);
	dpi = dpi_of(d, ask, w, h);
	if (ask->side_max && (w > h ? w : h) * dpi > ask->side_max * 72.0)
		/* What is left of a last pixel would be one more. */
		dpi = (ask->side_max - 0.01) * 72 / (w > h ? w : h);
	if (too_large(d, w, h, dpi, a))
		return;
	if (pdf_page_render(page, dpi, colour, &image) < 0 || image.width < 1 ||
	    image.height < 1) {
		fail(a, "poppler cannot render it");
		return;
	}
	a->dpi = dpi < 1 ? 1 : (uint32_t)(dpi + 0.5);
	a->pixel_width = (uint32_t)image.width;
	a->pixel_height = (uint32_t)image.height;
	if (colour) {
		png = image_png(image.pixels, image.width, image.height,
		    image.stride, ask->side_max ? 0 : a->dpi, &n);
		free(image.pixels);
		answer_png(a, payload, png, n);
		return;
	}
	for (int y = 1; y < image.height && image.stride > image.width; y++)
		memmove(image.pixels + (size_t)y * (size_t)image.width,
		    image.pixels + (size_t)y * (size_t)image.stride,
		    (size_t)image.width);
	a->kind = ANSWER_PIXELS;
	a->length = (uint64_t)image.width * (uint64_t)image.height;
	*payload = image.pixels;
	add_trim(d, page, ask, a);
}

static void
pdf_answer(struct document *d, const struct ask *ask, struct answer *a,
    void **payload)
{
	struct pdf_page *page = pdf_page_open(d->pdf, (int)ask->page - 1);
	double w, h;

	if (!page) {
		fail(a, "poppler cannot read it");
		return;
	}
	pdf_page_size(page, &w, &h);
	if (!(w > 0 && h > 0 && w < 1e6 && h < 1e6)) {
		fail(a, "it has no size");
	} else {
		a->width = (uint32_t)(w * 100 + 0.5);
		a->height = (uint32_t)(h * 100 + 0.5);
		if (ask->what == ASK_PNG ||
		    text_layer(d, page, ask, a, payload) == 1)
			render(d, page, ask, a, payload);
	}
	pdf_page_close(page);
}

/* Open what bytes hold.  -1: it is no PDF with pages. */
static int
open_pdf(struct document *d, const struct bytes *b,
    enum pdf_open_result *result)
{
	d->pdf = pdf_open(b->p, b->n, d->options->password, result);
	if (d->pdf && pdf_pages(d->pdf) > 0) {
		d->pages = (unsigned)pdf_pages(d->pdf);
		return 0;
	}
	pdf_close(d->pdf);
	d->pdf = NULL;
	return -1;
}

static int
rescue(struct document *d)
{
	enum pdf_open_result result;
	struct bytes rest;

	for (int how = 0; how < RESCUES; how++) {
		if (rescue_pdf(d->bytes, (enum rescue)how, &rest) != 0)
			continue;
		if (open_pdf(d, &rest, &result) == 0) {
			d->rescued = 1;
			return 0;
		}
		free((void *)(uintptr_t)rest.p);
	}
	return -1;
}

static void
pdf_begin(struct document *d, char error[MESSAGE_SIZE])
{
	enum pdf_open_result result;

	if (open_pdf(d, d->bytes, &result) == 0)
		return;
	if (result == PDF_LOCKED)
		snprintf(error, MESSAGE_SIZE, "%s",
		    *d->options->password
			? "the password does not unlock it"
			: "it is locked by a password: give it with "
			  "--password-file or PC_OCR_PASSWORD");
	else if (result == PDF_LARGE)
		snprintf(error, MESSAGE_SIZE, "a PDF of more than 2 GiB");
	else if (rescue(d) != 0)
		snprintf(error, MESSAGE_SIZE, "%s",
		    result == PDF_OK ? "a PDF without pages"
				     : "not a PDF that can be read");
}

/* ---- images and text ---- */

static void
image_answer(struct document *d, const struct ask *ask, struct answer *a,
    void **payload)
{
	struct gray image = {0};
	void *png;
	size_t n = 0;
	int r;

	a->source = SOURCE_IMAGE;
	if (ask->what == ASK_PNG) {
		png = image_to_png(d->bytes, d->kind.kind, ask->page - 1,
		    ask->side_max, d->options, &image, &n, a->message);
		r = png ? 0 : -1;
		if (png)
			answer_png(a, payload, png, n);
	} else {
		r = image_read(d->bytes, d->kind.kind, ask->page - 1,
		    d->options, &image, a->message);
		a->kind = ANSWER_PIXELS;
		a->length = (uint64_t)image.width * image.height;
		*payload = image.pixels;
	}
	if (r < 0) {
		a->kind = ANSWER_ERROR;
		a->length = 0;
		return;
	}
	a->pixel_width = image.width;
	a->pixel_height = image.height;
	a->dpi = image.dpi;
	a->assumed = image.assumed != 0;
	a->width = (uint32_t)(image.width * 7200.0 / image.dpi + 0.5);
	a->height = (uint32_t)(image.height * 7200.0 / image.dpi + 0.5);
}

static void
text_answer(struct document *d, const struct ask *ask, struct answer *a,
    void **payload)
{
	size_t n = 0;

	a->source = SOURCE_TEXT;
	a->kind = ANSWER_TEXT;
	if (ask->what == ASK_PNG || ask->what == ASK_PIXELS) {
		fail(a, "it is text, which has no pixels");
		return;
	}
	*payload = text_read(d->bytes, d->kind.charset, &n, a->message);
	a->length = n;
	if (!*payload)
		a->kind = ANSWER_ERROR;
}

/* ---- any ---- */

struct document *
document_open(const struct bytes *b, const struct options *o,
    char error[MESSAGE_SIZE])
{
	struct document *d = calloc(1, sizeof *d);

	if (!d) {
		snprintf(error, MESSAGE_SIZE, "out of memory");
		return NULL;
	}
	d->bytes = b;
	d->options = o;
	d->pages = 1;
	if (kind_of(b, &d->kind) < 0)
		snprintf(error, MESSAGE_SIZE,
		    "libmagic cannot tell what it is");
	else if (d->kind.kind == KIND_OTHER)
		snprintf(error, MESSAGE_SIZE,
		    "it is %s: not a PDF, image or text", d->kind.name);
	else if (d->kind.kind == KIND_PDF)
		pdf_begin(d, error);
	else
		d->pages = image_frames(b, d->kind.kind, error);
	if (!error[0] && d->pages > o->max_pages)
		snprintf(error, MESSAGE_SIZE, "it has %u pages, more than %u",
		    d->pages, o->max_pages);
	return d;
}

unsigned
document_pages(const struct document *d, char warning[MESSAGE_SIZE])
{
	if (d->rescued)
		snprintf(warning, MESSAGE_SIZE,
		    "it is damaged; %u page%s "
		    "could be saved",
		    d->pages, d->pages == 1 ? "" : "s");
	return d->pages;
}

void
document_answer(struct document *d, const struct ask *ask, struct answer *a,
    void **payload)
{
	*payload = NULL;
	switch (d->kind.kind) {
	case KIND_PDF:
		pdf_answer(d, ask, a, payload);
		break;
	case KIND_TEXT:
		text_answer(d, ask, a, payload);
		break;
	default:
		image_answer(d, ask, a, payload);
	}
	if (a->kind != ANSWER_ERROR && a->length > 0 && !*payload)
		fail(a, "out of memory");
}
