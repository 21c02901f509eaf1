/* answers.c - workers' answers become pages, which are stored. */
#include "answers.h"

#include "ocr/damage.h"
#include "ocr/declares.h"
#include "ocr/doc_convert.h"
#include "ocr/doc_stage.h"
#include "ocr/doc_tools.h"
#include "ocr/file_cache.h"
#include "ocr/page/image_file.h"
#include "ocr/page/letters.h"
#include "ocr/page_cache.h"
#include "ocr/page_files.h"
#include "ocr/vision.h"
#include "ocr/walls_note.h"

#include <stdlib.h>
#include <string.h>

/* ---- of readers ---- */

/* Keep the page's text layer, which follows the pixels in the answer. */
static int
take_layer(struct page_slot *s, const struct page_answer *a,
    const unsigned char *payload)
{
	const size_t n = (size_t)(a->layer_words + a->layer_text);

	page_layer_clear(&s->layer);
	if (n == 0)
		return 0;
	s->layer = (struct page_layer){.data = malloc(n + 1),
	    .words = (size_t)a->layer_words,
	    .text = (size_t)a->layer_text,
	    .quality = (enum layer_quality)a->layer_quality};
	if (!s->layer.data)
		return -1;
	memcpy(s->layer.data, payload + a->length - n, n);
	return 0;
}

static void
take_pixels(struct ocr_batch *b, struct doc *d, struct page_slot *s,
    const struct page_answer *a, unsigned char *payload)
{
	struct pixels *p = &s->pixels, was = *p;

	*p = (struct pixels){.width = a->pixel_width,
	    .height = a->pixel_height,
	    .dpi = a->dpi};
	s->page.dpi = a->dpi;
	pc_sha256(payload, (size_t)p->width * p->height, &p->id);
	if (take_layer(s, a, payload) < 0) {
		free(payload);
		slot_fail(s, "out of memory");
		return;
	}
	if (!page_is_damaged(&s->page) && doc_file_unchanged(&d->file))
		page_cache_store_pixels(b->cli, b->o, doc_content_id(d),
		    &s->page, p, &s->layer);
	s->no_words = s->no_words &&
	    memcmp(was.id.b, p->id.b, sizeof p->id.b) == 0;
	if (!s->no_words &&
	    page_cache_find_words(b->cli, b->o, p, &s->page) == 0) {
		slot_recognised(s);
		if (vision_wanted(b->o, &s->page))
			vision_read(b->cli, d, &s->page, p, payload);
		free(payload);
		return;
	}
	s->gray = payload;
	s->state = SLOT_PIXELS;
	b->pixels++;
}

static void
take_png(struct ocr_batch *b, struct doc *d, struct page_slot *s,
    const struct page_answer *a, unsigned char *payload, int64_t cost)
{
	s->pixels = (struct pixels){.width = a->pixel_width,
	    .height = a->pixel_height,
	    .dpi = a->dpi};
	s->page.data = payload;
	s->page.length = (size_t)a->length;
	s->state = SLOT_READY;
	if (!image_file_is_png(payload, s->page.length, a->pixel_width,
		a->pixel_height)) {
		slot_fail(s, "pc-doc's answer is not a PNG file");
		return;
	}
	if (!page_is_damaged(&s->page) && doc_file_unchanged(&d->file))
		file_cache_store_png(b->cli, b->o, doc_content_id(d), &s->page,
		    &s->pixels, cost);
	page_file_write(b->o, d, &s->page);
}

static void
take_text(struct page_slot *s, const struct page_answer *a,
    unsigned char *payload)
{
	struct page *p = &s->page;

	p->data = payload;
	p->length = (size_t)a->length;
	p->parsed = a->kind == ANSWER_WORDS;
	s->state = SLOT_READY;
	if (p->parsed ? page_parse(p) < 0 : !pc_utf8_valid(p->data, p->length))
		slot_fail(s, "pc-doc's answer is not a valid page");
	else if (!p->parsed && p->source != SOURCE_TEXT)
		p->length = letters_clean(p->data, p->length);
}

/* The images that a page paints do not depend on fonts. */
static void
take_check(struct page_slot *s, unsigned char *payload)
{
	free(payload);
	s->page.damage[DAMAGE_FONT] = 0;
	s->state = SLOT_READY;
}

/* Make the answer's payload the page's data. */
static void
take_page(struct ocr_batch *b, struct doc *d, struct page_slot *s,
    struct worker *w, int64_t cost)
{
	const struct page_answer *a = &w->head;
	unsigned char *payload = w->payload;

	s->page.width = a->width;
	s->page.height = a->height;
	s->page.source = (enum page_source)a->source;
	s->page.rotation = a->rotation;
	memcpy(s->page.trim, a->trim, sizeof s->page.trim);
	s->page.user_unit = a->user_unit;
	s->page.assumed = a->assumed;
	memcpy(s->page.damage, a->damage, sizeof s->page.damage);
	if (a->kind == ANSWER_ERROR &&
	    (a->source == SOURCE_MIXED || a->source == SOURCE_BAD_TEXT)) {
		slot_ask_layer(b->o, d, s, a->message);
		return;
	}
	if (a->kind == ANSWER_ERROR) {
		slot_fail(s, s->unread[0] ? s->unread : a->message);
		return;
	}
	if (a->message[0])
		damage_warn_document(b->cli, d, a->message);
	w->payload = NULL;
	if (a->kind == ANSWER_PIXELS)
		take_pixels(b, d, s, a, payload);
	else if (a->kind == ANSWER_FILE)
		take_png(b, d, s, a, payload, cost);
	else if (b->o->form.format == FORMAT_IMAGES)
		take_check(s, payload);
	else
		take_text(s, a, payload);
	if (s->unread[0] && s->page.length == 0) {
		slot_fail(s, s->unread);
	} else if (s->unread[0] && !s->page.error[0]) {
		memcpy(s->page.unread, s->unread, sizeof s->unread);
		s->page.marks |= MARK_LOW_CONFIDENCE;
	}
}

static void
take_open(struct ocr_batch *b, struct doc *d, const struct worker *w)
{
	const struct page_answer *a = &w->head;

	d->walls = a->walls;
	walls_note(b->cli, a->walls);
	if (doc_check_type(b->o, d, a->type) < 0) {
		d->state = DOC_DONE;
		return;
	}
	if (a->message[0])
		damage_warn_document(b->cli, d, a->message);
	if (d->deaths > 0)
		damage_warn_document(b->cli, d,
		    "its bookmarks, links, form fields and labels cannot be "
		    "read");
	doc_set_pages(b->o, d, a->pages);
	if (!d->error[0])
		declares_take(d, w->payload, (size_t)a->length);
}

/* Does the answer belong to the request for that page? */
static int
answers_page(const struct ocr_batch *b, const struct page_answer *a,
    const struct page_slot *s)
{
	if (!s || (a->page != s->page.number && a->page != 0))
		return 0;
	if (a->kind == ANSWER_ERROR)
		return 1;
	return b->o->form.format == FORMAT_PNG
	    ? a->kind == ANSWER_FILE
	    : a->kind != ANSWER_OPEN && a->kind != ANSWER_FILE;
}

/* The worker ended because the text layer took too long.  Its page is
 * requested again, without the text layer. */
static void
take_late(struct ocr_batch *b, struct seat *seat)
{
	struct page_queue *q = &seat->doc->queue;
	struct page_slot *s = seat->slot;

	if (seat->next) {
		seat->next->state = SLOT_AGAIN;
		q->again++;
	}
	if (strcmp(b->o->ocr, "never") == 0 || s->unread[0]) {
		slot_fail(s,
		    s->unread[0] ? s->unread
				 : "reading its text layer takes too long");
	} else {
		s->late = 1;
		s->state = SLOT_AGAIN;
		q->again++;
	}
	seat_dismiss(seat);
}

/* A converter reads what the worker cannot.  0: there is none for it. */
static int
take_unreadable(struct ocr_batch *b, struct seat *seat)
{
	struct doc *d = seat->doc;
	char type[TYPE_SIZE];

	memcpy(type, seat->worker.head.type, sizeof type);
	if (!doc_is_convertible(b->o, d, type))
		return 0;
	d->unsupported = 0;
	seat_dismiss(seat);
	if (doc_begin_conversion(b->cli, b->o, d, type) != 1) {
		doc_use_conversion(b->cli, d);
		return 1;
	}
	b->converters.serve = doc_conversion_serve;
	b->converters.ctx = d;
	seat_hire(b, seat, &b->converters, d);
	seat_ask(b, seat, &(struct page_request){.what = REQUEST_OPEN}, NULL);
	return 1;
}

void
answer_converted(struct ocr_batch *b, struct seat *seat, int lost)
{
	struct doc *d = seat->doc;

	(void)doc_end_conversion(b->cli, d, lost ? NULL : &seat->worker);
	seat_dismiss(seat);
	doc_use_conversion(b->cli, d);
}

void
answer_read(struct ocr_batch *b, struct seat *seat)
{
	struct doc *d = seat->doc;
	struct page_slot *s = seat->slot;
	struct worker *w = &seat->worker;
	const struct page_answer *a = &w->head;
	const int64_t cost = pc_ticks() - seat->since;
	const int failed = a->kind == ANSWER_ERROR && a->page == 0 &&
	    d->queue.pages == 0;
	const int opened = a->kind == ANSWER_OPEN && !s;

	d->unsupported |= a->kind == ANSWER_ERROR && a->unsupported;
	if (!failed && !opened && !answers_page(b, a, s)) {
		seat->since = pc_ticks();
		seat_lost(b, seat);
		return;
	}
	if (a->kind == ANSWER_LATE) {
		take_late(b, seat);
		return;
	}
	if ((failed || opened) && take_unreadable(b, seat))
		return;
	seat->slot = seat->next;
	seat->next = NULL;
	seat->busy = seat->slot != NULL;
	seat->since = pc_ticks();
	if (failed || doc_is_skipped(d)) {
		memcpy(d->error, a->message, sizeof d->error);
		d->state = DOC_DONE;
	} else if (opened) {
		take_open(b, d, w);
	} else {
		take_page(b, d, s, w, cost);
	}
	worker_clear(w);
}

/* ---- of recognisers ---- */

static void
take_words(struct ocr_batch *b, struct page_slot *s, struct worker *w)
{
	const struct page_answer *a = &w->head;
	struct page *p = &s->page;

	p->confidence = a->confidence;
	p->rotation = a->rotation;
	p->marks = a->marks;
	p->data = w->payload;
	p->length = (size_t)a->length;
	p->parsed = 1;
	w->payload = NULL;
	if (page_parse(p) < 0) {
		slot_use_layer(s, "pc-tesseract's answer is not a valid page");
		return;
	}
	if (!page_is_damaged(p))
		page_cache_store_words(b->cli, b->o, &s->pixels, p,
		    pc_ticks() - s->began);
	slot_recognised(s);
}

void
answer_recognised(struct ocr_batch *b, struct seat *seat)
{
	struct page_slot *s = seat->slot;
	struct doc *d = seat->doc;
	struct worker *w = &seat->worker;
	const struct page_answer *a = &w->head;

	seat->busy = 0;
	seat->slot = NULL;
	seat->doc = NULL;
	if (a->page != s->page.number ||
	    (a->kind != ANSWER_WORDS && a->kind != ANSWER_ERROR)) {
		slot_use_layer(s, "pc-tesseract answered another request");
		seat_dismiss(seat);
		return;
	}
	if (a->kind == ANSWER_ERROR) {
		slot_use_layer(s, a->message);
	} else {
		take_words(b, s, w);
	}
	if (s->gray && !s->page.error[0] && !s->page.unread[0] &&
	    vision_wanted(b->o, &s->page))
		vision_read(b->cli, d, &s->page, &s->pixels, s->gray);
	free(s->gray);
	s->gray = NULL;
	worker_clear(w);
}
