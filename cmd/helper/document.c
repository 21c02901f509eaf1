/* document.c - the pages of one document, whatever it is. */
#include "helper.h"
#include "poppler.h"

#include "pc.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	INNER_MIN = 1, /* characters in the inner box that make a text layer */
	TEXT_MAX = 256 * 1024 * 1024,
};

/* Below this a text layer is not to be trusted. */
static const double quality_min = 0.9;

struct document {
	const char *path;
	const struct options *options;
	struct kind_info kind;
	struct pdf *pdf;   /* of KIND_PDF */
	struct ocr *ocr;   /* NULL until a page needs it */
	unsigned pages;
};

static struct ocr *
ocr_of(struct document *d, struct page *page)
{
	if (!d->ocr)
		d->ocr = ocr_open(d->options, page->error);
	return d->ocr;
}

/* ---- PDF ---- */

static int
open_pdf(struct document *d, char error[256])
{
	enum pdf_open_result result;
	int pages;

	d->pdf = pdf_open(d->path, &result);
	if (!d->pdf) {
		snprintf(error, 256, "%s", result == PDF_LOCKED
		        ? "it is locked by a password: unlock it with "
		          "'qpdf --decrypt' first"
		        : "not a PDF that can be read");
		return -1;
	}
	pages = pdf_pages(d->pdf);
	if (pages < 1) {
		snprintf(error, 256, "a PDF without pages");
		return -1;
	}
	d->pages = (unsigned)pages;
	return 0;
}

static void
recognise_pdf_page(struct document *d, int n, struct page *page)
{
	double w, h, dpi = d->options->dpi, megapixels;
	int width, height, stride;
	unsigned char *pixels;

	if (pdf_page_size(d->pdf, n, &w, &h) < 0) {
		snprintf(page->error, sizeof page->error,
		    "poppler cannot read it");
		return;
	}
	megapixels = w / 72 * dpi * (h / 72 * dpi) / 1e6;
	/* Not a number would compare false. */
	if (!(megapixels <= d->options->max_megapixels)) {
		snprintf(page->error, sizeof page->error,
		    "%.0f x %.0f points at %.0f dpi are more than %u "
		    "megapixels: lower --dpi or raise ocr.max_megapixels", w,
		    h, dpi, d->options->max_megapixels);
		return;
	}
	if (pdf_page_render(
	        d->pdf, n, dpi, &pixels, &width, &height, &stride) < 0) {
		snprintf(page->error, sizeof page->error,
		    "poppler cannot render it");
		return;
	}
	if (ocr_of(d, page))
		ocr_gray(d->ocr, pixels, width, height, stride,
		    d->options->dpi, page);
	free(pixels);
}

static void
pdf_page(struct document *d, int n, struct page *page)
{
	size_t inner = 0;
	int found = -1;

	if (d->options->ocr != OCR_ALWAYS) {
		found = pdf_page_text(
		    d->pdf, n, &page->text, &page->length, &inner);
		page->source = "text-layer";
		if (found == 0 &&
		    (d->options->ocr == OCR_NEVER ||
		        (inner >= INNER_MIN &&
		            quality_of(page->text, page->length) >=
		                quality_min)))
			return;
	}
	if (d->options->ocr == OCR_NEVER) {
		snprintf(page->error, sizeof page->error,
		    "poppler cannot read its text");
		return;
	}
	page->source = d->options->ocr == OCR_ALWAYS ? "forced"
	    : found == 0 && inner >= INNER_MIN       ? "bad-text"
	                                             : "no-text";
	free(page->text);
	page->text = NULL;
	page->length = 0;
	recognise_pdf_page(d, n, page);
}

/* ---- text ---- */

/* Convert from charset, what is none of it to U+FFFD. */
static int
convert(const char *charset, const struct pc_buf *in, struct pc_buf *out)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	char *from = (char *)in->data;
	size_t left = in->len;

	if (cd == (iconv_t)-1)
		return -1;
	while (left > 0) {
		char piece[4096], *to = piece;
		size_t room = sizeof piece;
		size_t r = iconv(cd, &from, &left, &to, &room);

		if (pc_buf_add(out, piece, sizeof piece - room) < 0)
			break;
		if (r == (size_t)-1 && errno != E2BIG) {
			if (pc_buf_add(out, "\xef\xbf\xbd", 3) < 0)
				break;
			from++;
			left--;
		}
	}
	iconv_close(cd);
	return left > 0 ? -1 : 0;
}

static void
text_page(struct document *d, struct page *page)
{
	struct pc_buf in = {0}, out = {0};
	const char *charset = d->kind.charset;
	int fd = open(d->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	page->source = "text";
	if (fd < 0 || pc_read_all(fd, &in, TEXT_MAX) < 0) {
		snprintf(page->error, sizeof page->error, "%s",
		    strerror(errno));
		goto out;
	}
	/* The kind is told from a prefix, which can be ASCII by chance. */
	if (pc_utf8_valid(in.data, in.len)) {
		out = in;
		in = (struct pc_buf){0};
	} else if (convert(strncmp(charset, "utf-16", 6) == 0 ||
	                   strncmp(charset, "utf-32", 6) == 0
	                   ? charset
	                   : "windows-1252", &in, &out) < 0) {
		snprintf(page->error, sizeof page->error,
		    "its encoding, %s, cannot be converted", charset);
		goto out;
	}
	if (pc_buf_add(&out, "", 1) == 0) {
		page->text = (char *)out.data;
		page->length = out.len - 1;
		out = (struct pc_buf){0};
	}
out:
	if (fd >= 0)
		close(fd);
	pc_buf_clear(&in);
	pc_buf_clear(&out);
}

/* ---- any ---- */

/* End the text with one line end: poppler adds a form feed, tesseract empty
 * lines. */
static void
trim(struct page *page)
{
	size_t n = page->length;

	while (n > 0 && strchr(" \t\r\n\f", page->text[n - 1]))
		n--;
	if (n > 0 && n < page->length)
		page->text[n++] = '\n';
	page->length = n;
}

struct document *
document_open(const char *path, const struct options *o, char error[256])
{
	struct document *d = calloc(1, sizeof *d);

	if (!d) {
		snprintf(error, 256, "out of memory");
		return NULL;
	}
	d->path = path;
	d->options = o;
	d->pages = 1;
	if (kind_of(path, &d->kind) < 0) {
		snprintf(error, 256, "%s", strerror(errno));
	} else if (d->kind.kind == KIND_OTHER) {
		snprintf(error, 256, "it is %s: not a PDF, image or text",
		    d->kind.name);
	} else if (d->kind.kind == KIND_PDF) {
		if (open_pdf(d, error) == 0)
			return d;
	} else {
		if (d->kind.kind == KIND_TIFF)
			d->pages = ocr_frames(path, d->kind.kind, error);
		if (d->pages > 0)
			return d;
	}
	document_close(d);
	return NULL;
}

unsigned
document_pages(const struct document *d)
{
	return d->pages;
}

void
document_page(struct document *d, unsigned n, struct page *page)
{
	*page = (struct page){.confidence = -1};
	switch (d->kind.kind) {
	case KIND_PDF:
		pdf_page(d, (int)n - 1, page);
		break;
	case KIND_TEXT:
		text_page(d, page);
		break;
	default:
		page->source = "image";
		if (ocr_of(d, page))
			ocr_file(d->ocr, d->path, d->kind.kind, n - 1, page);
	}
	if (!page->error[0] && !page->text)
		snprintf(page->error, sizeof page->error, "out of memory");
	if (page->text && d->kind.kind != KIND_TEXT)
		trim(page);
}

void
document_close(struct document *d)
{
	pdf_close(d->pdf);
	ocr_close(d->ocr);
	free(d);
}
