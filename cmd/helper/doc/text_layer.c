/* text_layer.c - the text layer of a PDF page, if it can be trusted. */
#include "text_layer.h"
#include "helper/doc/base/answer.h"
#include "helper/doc/base/late.h"
#include "helper/doc/layer/decide.h"
#include "helper/doc/layer/order.h"
#include "helper/doc/layer/quality.h"
#include "helper/doc/pdf/content_scan.h"
#include "helper/doc/pdf/mute.h"
#include "layer_words.h"
#include "pictures.h"

#include "pc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Can its pages have images?  An image's dictionary is never packed, as it is
 * that of a stream. /ImageC and similar are names of procedures. */
static int
may_have_images(struct document *d)
{
	const unsigned char *at = d->bytes->p, *end = at + d->bytes->n;

	if (d->has_images != 0)
		return d->has_images > 0;
	d->has_images = -1;
	while (d->has_images < 0 &&
	    (at = memmem(at, (size_t)(end - at), "/Image", 6))) {
		at += 6;
		if (at == end || !isalnum(*at))
			d->has_images = 1;
	}
	if (content_facts(d)->has_images)
		d->has_images = d->has_inline = 1;
	return d->has_images > 0;
}

/* A page on its way. */
struct layer_reading {
	struct document *document;
	struct pdf_page *page;
	const struct page_request *ask;
	struct layer_words words; /* owned */
	/* Owned: its text by poppler; if the words suffice, only these. */
	struct pc_buf text;
	int is_good; /* its quality is known to be LAYER_GOOD */
	struct pictures *pictures;
};

/* Find out what the page's images show.  -1: out of memory. */
static int
look_at_images(struct layer_reading *r, struct page_facts *f)
{
	struct pictures *p = r->pictures;

	if (pictures_find(r->document, r->page, r->ask, p) < 0)
		return -1;
	f->images = p->covered > 0;
	if (!f->images)
		return 0;
	/* If that is unknown, OCR has to find out. */
	f->unread = 1;
	if (pictures_look(p, r->page) < 0)
		return 0;
	f->unread = pictures_unread(p);
	if (f->unread == 0)
		return 0;
	r->words.pictures = p;
	if (layer_words_find(r->page, &r->words) < 0)
		return -1;
	f->unread = pictures_unread(p);
	return 0;
}

/* Keep the layer while OCR reads the page. */
static void
keep_layer(struct layer_reading *r, struct layer_kept *layer)
{
	if (!r->words.found && layer_words_find(r->page, &r->words) < 0)
		return;
	layer_keep(layer, &r->words.text,
	    r->ask->what == REQUEST_TEXT && r->words.text.len > 0 &&
		    r->words.fields.lost == 0
		? &r->text
		: NULL);
}

/* Does OCR have to read the page?  Then keep the layer. */
static int
needs_ocr(struct layer_reading *r, struct page_answer *a,
    struct layer_kept *layer)
{
	const char *text = (const char *)r->text.data;
	struct page_facts f = {.has_text = decide_has_text(text, r->text.len),
	    .quality = r->is_good ? LAYER_GOOD : quality_of(text, r->text.len)};
	enum decision decision;

	if (f.has_text && f.quality == LAYER_GOOD && !r->ask->plain &&
	    pdf_mute_on_page(r->document, r->ask->page - 1))
		f.quality = LAYER_DOUBTFUL;
	if (f.has_text && f.quality == LAYER_GOOD &&
	    may_have_images(r->document) && look_at_images(r, &f) < 0)
		f.images = f.unread = 1;
	decision = decide_page(&f);
	if (decision == DECIDE_LAYER)
		return 0;
	a->source = decision == DECIDE_OCR ? SOURCE_NO_TEXT
	    : decision == DECIDE_BOTH      ? SOURCE_MIXED
					   : SOURCE_BAD_TEXT;
	a->layer_quality = f.quality;
	if (decision != DECIDE_OCR)
		keep_layer(r, layer);
	return 1;
}

/* Answer with the words, and with the text if requested. */
static void
answer_words(struct layer_reading *r, struct page_answer *a, void **payload)
{
	struct layer_words *words = &r->words;

	if (!words->found && layer_words_find(r->page, words) < 0) {
		page_answer_fail(a, "poppler cannot read its words");
		return;
	}
	if (r->ask->what == REQUEST_TEXT && words->fields.lost == 0) {
		pc_buf_add(&words->text, "t\n", 2);
		pc_buf_add(&words->text, r->text.data, r->text.len);
	}
	for (int i = 1; i < 4; i++)
		if (words->turned[i] > words->turned[a->rotation / 90])
			a->rotation = i * 90;
	page_answer_bytes(a, ANSWER_WORDS, &words->text, payload);
}

/* Is the text wanted as poppler prints it?  Words are if their order
 * matters. */
static int
wants_text(const struct layer_reading *r)
{
	if (r->ask->what == REQUEST_WORDS)
		return 0;
	return r->ask->raw ||
	    (r->words.fields.lost == 0 &&
		!text_order_in_doubt((const char *)r->text.data, r->text.len));
}

/* Returns what text_layer_answer() does. */
static int
answer_layer(struct layer_reading *r, struct page_answer *a, void **payload,
    struct layer_kept *layer)
{
	if (decide_when(r->document->options->ocr, r->ask) == OCR_AUTO &&
	    needs_ocr(r, a, layer))
		return 1;
	a->source = SOURCE_TEXT_LAYER;
	if (!wants_text(r)) {
		answer_words(r, a, payload);
		return 0;
	}
	/* After it the values that it lacks. */
	form_values_add(&r->words.fields, &r->text);
	page_answer_bytes(a, ANSWER_TEXT, &r->text, payload);
	return 0;
}

/* Are the words enough for all that is to be decided and answered?  Laying out
 * the text too would take half as long again. */
static int
words_suffice(struct layer_reading *r)
{
	struct layer_words *words = &r->words;

	if (r->ask->what != REQUEST_WORDS ||
	    form_values_possible(r->document, r->ask) ||
	    layer_words_find(r->page, words) < 0)
		return 0;
	r->is_good = decide_when(r->document->options->ocr, r->ask) ==
		OCR_AUTO &&
	    quality_is_good_anyhow((const char *)words->bare.data,
		words->bare.len);
	return r->is_good ||
	    decide_when(r->document->options->ocr, r->ask) == OCR_NEVER;
}

/* Read the text by poppler.  -1: it cannot. */
static int
read_text(struct layer_reading *r)
{
	char *text;
	size_t n;
	int result;

	late_begin();
	result = pdf_page_text(r->page, &text, &n);
	late_end();
	if (result < 0)
		return -1;
	r->text = (struct pc_buf){.data = (unsigned char *)text,
	    .len = n,
	    .cap = n};
	form_values_find(r->document, r->page, r->ask, text, n,
	    &r->words.fields);
	return 0;
}

int
text_layer_answer(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct page_answer *a, void **payload,
    struct layer_kept *layer, struct pictures *pictures)
{
	const enum ocr_when when = decide_when(d->options->ocr, ask);
	struct layer_reading r = {.document = d,
	    .page = page,
	    .ask = ask,
	    .pictures = pictures};
	int result;

	a->source = when == OCR_ALWAYS ? SOURCE_FORCED : SOURCE_BAD_TEXT;
	if (when == OCR_ALWAYS || ask->what == REQUEST_PIXELS)
		return 1;
	a->source = SOURCE_NO_TEXT;
	if (ask->what == REQUEST_WORDS) {
		pdf_strikes_find(d, page, ask, &r.words.strikes,
		    &r.words.rules);
		pdf_tags_find(d, page, ask, &r.words.tags);
		pdf_styles_find(d, page, ask, &r.words.styles);
	}
	if (words_suffice(&r)) {
		r.text = r.words.bare;
		r.words.bare = (struct pc_buf){0};
		result = answer_layer(&r, a, payload, layer);
	} else if (read_text(&r) == 0) {
		result = answer_layer(&r, a, payload, layer);
	} else {
		if (when == OCR_NEVER)
			page_answer_fail(a, "poppler cannot read its text");
		result = when == OCR_NEVER ? 0 : 1;
	}
	pc_buf_clear(&r.text);
	layer_words_clear(&r.words);
	return result;
}
