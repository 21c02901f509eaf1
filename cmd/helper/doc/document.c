/* document.c - the pages of one document of any kind. */
#include "document.h"
#include "djvu_answer.h"
#include "document_in.h"
#include "helper/doc/embedded/embedded.h"
#include "helper/doc/image/animation.h"
#include "helper/doc/image/heif.h"
#include "helper/doc/pdf/attachments.h"
#include "helper/doc/pdf/content_scan.h"
#include "helper/doc/pdf/repair.h"
#include "helper/doc/pdf/rescue.h"
#include "helper/doc/pdf/xfa.h"
#include "render.h"
#include "text.h"
#include "text_layer.h"

#include "helper/doc/base/late.h"
#include "helper/doc/djvu/djvu.h"
#include "helper/doc/pdf/edit.h"
#include "helper/doc/pdf/fault.h"
#include "pictures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- PDF ---- */

static void
pdf_answer(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	struct pdf_page *page = pdf_page_open(d->pdf, (int)ask->page - 1);
	uint32_t before[DAMAGE_KINDS];
	struct layer_kept layer = {0};
	struct pictures pictures = {0};
	double w, h;

	if (!page) {
		page_answer_fail(a, "poppler cannot read it");
		return;
	}
	late_set_page(ask->page);
	pdf_page_size(page, &w, &h);
	if (!(w > 0 && h > 0 && w < 1e6 && h < 1e6)) {
		page_answer_fail(a, "it has no size");
	} else {
		a->width = (uint32_t)(w * 100 + 0.5);
		a->height = (uint32_t)(h * 100 + 0.5);
		memcpy(before, d->damage, sizeof before);
		if (ask->what == REQUEST_CHECK)
			render_check(d, page, ask, a);
		else if (ask->what == REQUEST_PNG ||
		    text_layer_answer(d, page, ask, a, payload, &layer,
			&pictures) == 1) {
			/* When it renders, poppler reports the same errors
			 * again. */
			memcpy(d->damage, before, sizeof before);
			render_answer(d, page, ask, a, payload, &layer,
			    &pictures);
		}
		if (a->kind != ANSWER_ERROR && !ask->plain &&
		    ask->what != REQUEST_CHECK &&
		    xfa_is_placeholder(d,
			a->kind == ANSWER_TEXT || a->kind == ANSWER_WORDS
			    ? *payload
			    : NULL,
			a->length))
			page_answer_fail(a,
			    "it is an XFA form without pages; open it in Adobe "
			    "Reader and print it to a PDF");
	}
	pc_buf_clear(&layer.bytes);
	pictures_clear(&pictures);
	pdf_page_close(page);
}

/* A way to open the PDF: the bytes that poppler reads. */
struct attempt {
	struct doc_bytes bytes;
	struct pdf *pdf; /* NULL: it cannot be read, or has no pages */
	unsigned pages, readable;
};

static struct attempt
try_bytes(const struct document *d, const struct doc_bytes *b,
    enum pdf_open_result *result)
{
	struct attempt a = {.bytes = *b,
	    .pdf = pdf_open(b->p, b->n, d->options->password, result)};
	const int pages = a.pdf ? pdf_pages(a.pdf) : 0;

	if (pages > 0) {
		a.pages = (unsigned)pages;
	} else {
		pdf_close(a.pdf);
		a.pdf = NULL;
	}
	return a;
}

static int
has_page(const struct attempt *a, unsigned page)
{
	struct pdf_page *p = pdf_page_open(a->pdf, (int)page);

	if (!p)
		return 0;
	pdf_page_close(p);
	return 1;
}

static void
count_readable(const struct document *d, struct attempt *a)
{
	for (unsigned i = 0; i < a->pages && i < d->options->max_pages; i++)
		a->readable += has_page(a, i);
}

/* Keep the attempt if it has more pages that can be read.  1: it does. */
static int
keep_better(const struct document *d, struct attempt *best,
    struct attempt *other)
{
	struct attempt worse = *other;

	count_readable(d, other);
	if (other->readable > best->readable) {
		worse = *best;
		*best = *other;
	}
	pdf_close(worse.pdf);
	if (worse.bytes.p != d->bytes->p)
		free((void *)(uintptr_t)worse.bytes.p);
	return worse.pdf != other->pdf;
}

/* Look for more pages in other ways. */
static void
rescue(struct document *d, struct attempt *best)
{
	enum pdf_open_result result;
	struct attempt other;
	struct doc_bytes copy;
	int whole = 0;

	count_readable(d, best);
	if (repair_pdf(d->bytes, d->options->password, &copy, &whole) == 0) {
		other = try_bytes(d, &copy, &result);
		if (keep_better(d, best, &other))
			d->repaired = whole ? REPAIR_WHOLE : REPAIR_PARTS;
	}
	for (int how = 0; how < RESCUES; how++) {
		if (rescue_pdf(d->bytes, (enum rescue)how, &copy) != 0)
			continue;
		other = try_bytes(d, &copy, &result);
		if (keep_better(d, best, &other)) {
			d->repaired = REPAIR_NONE;
			d->rescued = 1;
		}
	}
}

/* Can all pages be read?  The last one is found only if poppler understands
 * the tree of pages. */
static int
is_readable(const struct attempt *a)
{
	return a->pdf && has_page(a, a->pages - 1);
}

/* Open the PDF.  -1: it has no pages, or see result. */
static int
open_pdf(struct document *d, enum pdf_open_result *result)
{
	struct attempt a = try_bytes(d, d->bytes, result);

	if (*result != PDF_LOCKED && *result != PDF_LARGE &&
	    (!is_readable(&a) ||
		repair_is_short(d->bytes, d->options->password, a.pages)))
		rescue(d, &a);
	d->pdf = a.pdf;
	d->pages = a.pages;
	if (d->repaired) {
		d->copy = a.bytes;
		d->bytes = &d->copy;
	}
	return a.pdf ? 0 : -1;
}

static void
pdf_begin(struct document *d, char error[MESSAGE_SIZE])
{
	enum pdf_open_result result;

	fault_listen(d);
	if (open_pdf(d, &result) == 0)
		return;
	d->pages = 1;
	if (result == PDF_LOCKED)
		snprintf(error, MESSAGE_SIZE, "%s",
		    *d->options->password
			? "the password does not unlock it"
			: "it is locked by a password: give it with "
			  "--password-file or PC_OCR_PASSWORD");
	else if (result == PDF_LARGE)
		snprintf(error, MESSAGE_SIZE,
		    "a PDF larger than 2 GiB is not supported");
	else
		snprintf(error, MESSAGE_SIZE, "%s",
		    result == PDF_OK ? "the PDF has no pages"
				     : "cannot read the PDF");
}

/* ---- images and text ---- */

static void
image_begin(struct document *d, char error[MESSAGE_SIZE])
{
	if (d->kind.kind == KIND_HEIF && !heif_library()) {
		d->kind.kind = KIND_OTHER;
		snprintf(error, MESSAGE_SIZE,
		    "%s requires libheif, which is not installed; convert it "
		    "to JPEG, for example with heif-convert",
		    d->kind.name);
		return;
	}
	d->pages = image_open(&d->image, d->bytes, d->kind.kind,
	    d->options->max_pages, error);
	d->rescued = d->image.animation && animation_is_cut(d->image.animation);
}

static void
image_answer(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	struct gray image = {0};
	void *png;
	size_t n = 0;
	int r;

	a->source = SOURCE_IMAGE;
	if (ask->what == REQUEST_PNG) {
		png = image_to_png(&d->image, ask->page - 1, ask->side_max,
		    d->options, &image, &n, a->message);
		r = png ? 0 : -1;
		if (png)
			page_answer_png(a, payload, png, n);
	} else {
		r = image_read(&d->image, ask->page - 1, d->options, &image,
		    a->message);
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
	d->damage[DAMAGE_IMAGE] = image.damaged != 0;
	a->width = (uint32_t)(image.width * 7200.0 / image.dpi + 0.5);
	a->height = (uint32_t)(image.height * 7200.0 / image.dpi + 0.5);
}

static void
text_answer(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	size_t n = 0;

	a->source = SOURCE_TEXT;
	a->kind = ANSWER_TEXT;
	if (ask->what == REQUEST_PNG || ask->what == REQUEST_PIXELS) {
		page_answer_fail(a, "it is text and has no pixels");
		a->unsupported = 1;
		return;
	}
	*payload = text_read(d->bytes, d->kind.charset, &n, a->message);
	a->length = n;
	if (!*payload)
		a->kind = ANSWER_ERROR;
}

/* ---- DjVu ---- */

static void
djvu_begin(struct document *d, char error[MESSAGE_SIZE])
{
	if (!djvu_library()) {
		d->kind.kind = KIND_OTHER;
		snprintf(error, MESSAGE_SIZE,
		    "DjVu requires libdjvulibre, which is not installed; "
		    "convert it with 'ddjvu -format=pdf FILE FILE.pdf' "
		    "(package djvulibre-bin)");
		return;
	}
	d->djvu = djvu_file_open(d->bytes, error);
	if (d->djvu)
		d->pages = djvu_file_pages(d->djvu);
}

/* ---- any ---- */

struct document *
document_open(const struct doc_bytes *b, const struct doc_options *o,
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
	if (b->n == 0)
		snprintf(error, MESSAGE_SIZE, "it is empty (0 bytes)");
	else if (kind_of(b, &d->kind) < 0)
		snprintf(error, MESSAGE_SIZE, "libmagic cannot identify it");
	else if (d->kind.kind == KIND_OTHER)
		remedy_say(d->kind.name, error);
	else if (d->kind.kind == KIND_PDF)
		pdf_begin(d, error);
	else if (d->kind.kind == KIND_DJVU)
		djvu_begin(d, error);
	else
		image_begin(d, error);
	if (!error[0] && d->pages > o->max_pages)
		snprintf(error, MESSAGE_SIZE,
		    "it has %u pages; the limit is %u", d->pages, o->max_pages);
	return d;
}

int
document_is_unsupported(const struct document *d)
{
	return d->kind.kind == KIND_OTHER && d->kind.name[0];
}

const char *
document_type(const struct document *d)
{
	return d->kind.name;
}

unsigned
document_pages(const struct document *d, char warning[MESSAGE_SIZE])
{
	if (d->rescued || d->repaired == REPAIR_PARTS)
		snprintf(warning, MESSAGE_SIZE,
		    "it is damaged; %u page%s "
		    "could be recovered",
		    d->pages, d->pages == 1 ? "" : "s");
	return d->pages;
}

static void
pdf_edit(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	if (ask->what == REQUEST_UNLAYER)
		pdf_edit_unlayer(d, ask, a);
	else if (ask->what == REQUEST_LAY)
		pdf_edit_lay(d, ask, a);
	else
		pdf_edit_write(d, ask, a, payload);
}

void
document_answer(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	*payload = NULL;
	d->drawing = 0;
	memset(d->damage, 0, sizeof d->damage);
	if (ask->what == REQUEST_UNLAYER || ask->what == REQUEST_LAY ||
	    ask->what == REQUEST_PDF) {
		pdf_edit(d, ask, a, payload);
		return;
	}
	if (ask->what == REQUEST_ATTACHMENT) {
		pdf_attachment_answer(d, ask, a, payload);
		return;
	}
	if (ask->what == REQUEST_IMAGE) {
		embedded_answer(d, ask, a, payload);
		return;
	}
	switch (d->kind.kind) {
	case KIND_PDF:
		pdf_answer(d, ask, a, payload);
		break;
	case KIND_TEXT:
		text_answer(d, ask, a, payload);
		break;
	case KIND_DJVU:
		djvu_answer(d, ask, a, payload);
		break;
	default:
		image_answer(d, ask, a, payload);
	}
	if (a->kind != ANSWER_ERROR && a->length > 0 && !*payload)
		page_answer_fail(a, "out of memory");
	if (a->kind != ANSWER_ERROR && d->kind.kind == KIND_PDF && ask->scan)
		content_check(d, ask, a->message);
	if (a->kind != ANSWER_ERROR)
		memcpy(a->damage, d->damage, sizeof a->damage);
}
