/* text_layer.c - the text layer of a PDF page, if it can be trusted. */
#include "decide.h"
#include "form_values.h"
#include "late.h"
#include "pdf_strikes.h"
#include "pdf_styles.h"
#include "pdf_tags.h"
#include "pictures.h"

#include "pc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static size_t
characters(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += (unsigned char)text[i] > ' ' &&
		    ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

static enum ocr_when
when_wanted(const struct document *d, const struct page_request *ask)
{
	return ask->layer ? OCR_NEVER : d->options->ocr;
}

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
	if (content_may_have_images(d->bytes))
		d->has_images = d->has_inline = 1;
	return d->has_images > 0;
}

struct words {
	struct pc_buf text;
	struct pictures *pictures;  /* the page's images, or NULL */
	struct form_values fields;  /* owned */
	struct pdf_strikes strikes; /* owned */
	struct pdf_rules rules;     /* owned */
	struct pdf_anchors tags;    /* owned */
	struct pdf_styles styles;   /* owned */
	enum word_role role;        /* of the last word */
	int struck;                 /* is the last word struck out? */
	int style;        /* bits of enum word_style of the last word */
	size_t turned[4]; /* how many words need each number of quarter turns */
	int quarters;     /* quarter turns of the last word */
};

static void
put_word(void *ctx, const struct pdf_word *w)
{
	struct words *all = ctx;
	struct pc_buf *b = &all->text;

	const int struck = pdf_strikes_hit(&all->strikes, w);
	const enum word_role role = pdf_tags_role(&all->tags, w);
	const int style = pdf_styles_of(&all->styles, w);

	all->turned[w->quarters & 3]++;
	if (struck != all->struck) {
		all->struck = struck;
		pc_buf_addf(b, "s\t%d\n", struck);
	}
	if ((w->quarters & 3) != all->quarters) {
		all->quarters = w->quarters & 3;
		pc_buf_addf(b, "q\t%d\n", all->quarters);
	}
	if (role != all->role) {
		all->role = role;
		pc_buf_addf(b, "r\t%d\n", (int)role);
	}
	if (style != all->style) {
		all->style = style;
		pc_buf_addf(b, "f\t%d\n", style);
	}
	layer_add_word(b, w);
	if (all->pictures)
		pictures_cover(all->pictures, w->x0 * 100, w->y0 * 100,
		    w->x1 * 100, w->y1 * 100);
}

static void
add_word(void *ctx, const struct pdf_word *w)
{
	struct words *all = ctx;

	if (!form_values_replace(&all->fields, w))
		put_word(all, w);
}

/* Read the words of the layer, and mark in all->pictures what they cover.  -1:
 * poppler cannot read them. */
static int
find_words(struct pdf_page *page, struct words *all)
{
	int r;

	late_begin();
	r = pdf_page_words(page, add_word, all);
	late_end();
	form_values_each(&all->fields, put_word, all);
	if (all->text.len > 0)
		pc_buf_add(&all->text, all->rules.text.data,
		    all->rules.text.len);
	all->text.failed |= all->rules.text.failed;
	return r < 0 || all->text.failed ? -1 : 0;
}

/* Find out what the page's images show.  -1: out of memory. */
static int
look_at_images(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct words *words, struct page_facts *f,
    struct pictures *p)
{
	if (pictures_find(d, page, ask, p) < 0)
		return -1;
	f->images = p->covered > 0;
	if (!f->images)
		return 0;
	/* If that is unknown, OCR has to find out. */
	f->unread = 1;
	if (pictures_look(p, page) < 0)
		return 0;
	f->unread = pictures_unread(p);
	if (f->unread == 0)
		return 0;
	words->pictures = p;
	if (find_words(page, words) < 0)
		return -1;
	f->unread = pictures_unread(p);
	return 0;
}

/* Keep the layer while OCR reads the page.  Takes words. */
static void
keep_layer(struct pdf_page *page, const struct page_request *ask,
    const char *text, size_t n, struct words *words, struct layer_kept *layer)
{
	if (words->text.len == 0 && find_words(page, words) < 0) {
		pc_buf_clear(&words->text);
		return;
	}
	layer->words = words->text.len;
	if (ask->what == REQUEST_TEXT && layer->words > 0 &&
	    words->fields.lost == 0)
		pc_buf_add(&words->text, text, n);
	layer->bytes = words->text;
	if (layer->bytes.failed)
		pc_buf_clear(&layer->bytes);
}

/* Does OCR have to read the page?  Then keep the layer. */
static int
needs_ocr(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct page_answer *a, const char *text,
    size_t n, struct words *words, struct layer_kept *layer,
    struct pictures *pictures)
{
	struct page_facts f = {.characters = characters(text, n),
	    .quality = quality_of(text, n)};
	enum decision decision;

	if (f.characters > 0 && f.quality == LAYER_GOOD && may_have_images(d) &&
	    look_at_images(d, page, ask, words, &f, pictures) < 0)
		f.images = f.unread = 1;
	decision = decide_page(&f);
	if (decision == DECIDE_LAYER)
		return 0;
	a->source = decision == DECIDE_OCR ? SOURCE_NO_TEXT
	    : decision == DECIDE_BOTH      ? SOURCE_MIXED
					   : SOURCE_BAD_TEXT;
	a->layer_quality = f.quality;
	if (decision != DECIDE_OCR)
		keep_layer(page, ask, text, n, words, layer);
	return 1;
}

/* Answer with the words, and with the text if requested.  Takes the words. */
static void
answer_words(struct pdf_page *page, const struct page_request *ask,
    const char *text, size_t n, struct words *words, struct page_answer *a,
    void **payload)
{
	a->kind = ANSWER_WORDS;
	if (words->text.len == 0 && find_words(page, words) < 0)
		page_answer_fail(a, "poppler cannot read its words");
	if (ask->what == REQUEST_TEXT && words->fields.lost == 0) {
		pc_buf_add(&words->text, "t\n", 2);
		pc_buf_add(&words->text, text, n);
	}
	if (words->text.failed)
		page_answer_fail(a, "out of memory");
	for (int i = 1; i < 4; i++)
		if (words->turned[i] > words->turned[a->rotation / 90])
			a->rotation = i * 90;
	*payload = words->text.data;
	a->length = words->text.len;
}

/* The text as poppler prints it, and after it the values that it lacks. */
static void
answer_text(char *text, size_t n, const struct form_values *fields,
    struct page_answer *a, void **payload)
{
	struct pc_buf all = {0};

	a->kind = ANSWER_TEXT;
	*payload = text;
	a->length = n;
	if (fields->lost == 0)
		return;
	pc_buf_add(&all, text, n);
	form_values_add(fields, &all);
	free(text);
	*payload = all.data;
	a->length = all.len;
	if (all.failed)
		page_answer_fail(a, "out of memory");
}

/* Answer with the text, or with words if their order matters.  Takes text. */
static int
answer_layer(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct page_answer *a, void **payload,
    char *text, size_t n, struct words *words, struct layer_kept *layer,
    struct pictures *pictures)
{
	if (when_wanted(d, ask) == OCR_AUTO &&
	    needs_ocr(d, page, ask, a, text, n, words, layer, pictures)) {
		free(text);
		return 1;
	}
	a->source = SOURCE_TEXT_LAYER;
	if (ask->what != REQUEST_WORDS &&
	    (ask->raw ||
		(words->fields.lost == 0 && !text_order_in_doubt(text, n)))) {
		answer_text(text, n, &words->fields, a, payload);
		pc_buf_clear(&words->text);
		return 0;
	}
	answer_words(page, ask, text, n, words, a, payload);
	free(text);
	return 0;
}

int
text_layer_answer(struct document *d, struct pdf_page *page,
    const struct page_request *ask, struct page_answer *a, void **payload,
    struct layer_kept *layer, struct pictures *pictures)
{
	const enum ocr_when when = when_wanted(d, ask);
	struct words words = {0};
	char *text;
	size_t n;
	int r;

	a->source = when == OCR_ALWAYS ? SOURCE_FORCED : SOURCE_BAD_TEXT;
	if (when == OCR_ALWAYS || ask->what == REQUEST_PIXELS)
		return 1;
	a->source = SOURCE_NO_TEXT;
	late_begin();
	r = pdf_page_text(page, &text, &n);
	late_end();
	if (r < 0) {
		if (when == OCR_NEVER)
			page_answer_fail(a, "poppler cannot read its text");
		return when == OCR_NEVER ? 0 : 1;
	}
	form_values_find(d, page, ask, text, n, &words.fields);
	if (ask->what == REQUEST_WORDS) {
		pdf_strikes_find(d, page, ask, &words.strikes, &words.rules);
		pdf_tags_find(d, page, ask, &words.tags);
		pdf_styles_find(d, page, ask, &words.styles);
	}
	r = answer_layer(d, page, ask, a, payload, text, n, &words, layer,
	    pictures);
	form_values_clear(&words.fields);
	pdf_strikes_clear(&words.strikes);
	pdf_rules_clear(&words.rules);
	pdf_tags_clear(&words.tags);
	pdf_styles_clear(&words.styles);
	return r;
}
