/* text_layer.c - the text layer of a PDF's page, if it is to be trusted. */
#include "document_in.h"

#include "pc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Characters of a text layer over an image that may be a scan.  This many in
 * the inner box, or anywhere, cannot be a stamp at the edge. */
enum { INNER_MIN = 1, PLENTY_MIN = 500 };

static size_t
characters(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += (unsigned char)text[i] > ' ' &&
		    ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* Can its pages have images?  The dictionary of an image is never packed, as
 * it is that of a stream. */
static int
has_images(const struct document *d)
{
	return memmem(d->bytes->p, d->bytes->n, "/Image", 6) != NULL;
}

/* Is it text, and not a stamp at the edge of a scan? */
static int
has_text(const struct document *d, struct pdf_page *page, const char *text,
    size_t n)
{
	const size_t all = characters(text, n);
	size_t inner;

	if (all >= PLENTY_MIN || (all > 0 && !has_images(d)))
		return 1;
	return pdf_page_inner(page, &inner) == 0 && inner >= INNER_MIN;
}

struct words {
	struct pc_buf text;
	size_t turned[4]; /* how many need so many quarters of a turn */
	int quarters;     /* that the last one needs */
};

/* U+FFFD, for a control character: something is there that cannot be shown. */
static const char replacement[] = "\xef\xbf\xbd";

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

		if (c >= ' ')
			pc_buf_add(b, w->text + i, 1);
		else if (!isspace(c))
			pc_buf_add(b, replacement, sizeof replacement - 1);
	}
	pc_buf_add(b, "\n", 1);
}

int
text_layer_answer(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct page_answer *a, void **payload)
{
	const enum ocr_when when = d->options->ocr;
	struct words words = {0};
	char *text;
	size_t n;

	a->source = SOURCE_FORCED;
	if (when == OCR_ALWAYS || ask->what == REQUEST_PIXELS)
		return 1;
	a->source = SOURCE_NO_TEXT;
	if (pdf_page_text(page, &text, &n) < 0) {
		if (when == OCR_NEVER)
			page_answer_fail(a, "poppler cannot read its text");
		return when == OCR_NEVER ? 0 : 1;
	}
	if (when == OCR_AUTO && !has_text(d, page, text, n)) {
		free(text);
		return 1;
	}
	if (when == OCR_AUTO && quality_of(text, n) != QUALITY_GOOD) {
		a->source = SOURCE_BAD_TEXT;
		free(text);
		return 1;
	}
	a->source = SOURCE_TEXT_LAYER;
	a->kind = ANSWER_TEXT;
	*payload = text;
	a->length = n;
	if (ask->what != REQUEST_WORDS)
		return 0;
	free(text);
	*payload = NULL;
	a->kind = ANSWER_WORDS;
	if (pdf_page_words(page, add_word, &words) < 0 || words.text.failed)
		page_answer_fail(a, "poppler cannot read its words");
	for (int i = 1; i < 4; i++)
		if (words.turned[i] > words.turned[a->rotation / 90])
			a->rotation = i * 90;
	*payload = words.text.data;
	a->length = words.text.len;
	return 0;
}
