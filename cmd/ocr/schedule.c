/* schedule.c - decide which page goes to which worker.  Pages are looked up in
 * the store, then requested ahead of what is printed, within limits. */
#include "schedule.h"

#include "ocr/doc_convert.h"
#include "ocr/file_cache.h"
#include "ocr/page_cache.h"
#include "ocr/page_files.h"
#include "ocr/small_text.h"
#include "ocr/vision.h"

#include <stdlib.h>

enum {
	AHEAD_MAX = 16 * 1024 * 1024, /* bytes of a document's text that is
				       * not printed yet */
};

/* ---- readers ---- */

/* Was the page read or recognised before, in this document or in another? */
static int
is_stored(struct ocr_batch *b, struct doc *d, struct page_slot *s)
{
	if (doc_take_text(d, &s->page) == 0) {
		if (b->o->form.format == FORMAT_PNG)
			slot_fail(s, "it is text and has no pixels");
		return 1;
	}
	if (!doc_file_unchanged(&d->file) || b->o->form.format == FORMAT_IMAGES)
		return 0;
	if (b->o->form.format == FORMAT_PNG) {
		if (file_cache_find_png(b->cli, b->o, doc_content_id(d),
			&s->page, &s->pixels) != 0)
			return 0;
		page_file_write(b->o, d, &s->page);
		return 1;
	}
	if (page_cache_find_pixels(b->cli, b->o, doc_content_id(d), &s->page,
		&s->pixels, &s->layer) != 0)
		return 0;
	if (page_cache_find_words(b->cli, b->o, &s->pixels, &s->page) != 0) {
		s->no_words = 1;
		return 0;
	}
	slot_recognised(s);
	if (s->page.error[0])
		s->page.error[0] = '\0';
	/* A model has to read it. */
	else if (!vision_wanted(b->o, &s->page))
		return 1;
	page_drop(&s->page);
	return 0;
}

/* Find a seat for one more page of d, or return NULL. */
static struct seat *
reader_for(struct ocr_batch *b, struct doc *d)
{
	struct seat *empty = NULL, *other = NULL, *idle = NULL;
	struct seat *busy = NULL;
	int has_one = 0;

	for (unsigned i = 0; i < b->jobs; i++) {
		struct seat *s = &b->seats[i];

		if (s->doc == d && !s->busy)
			return s;
		has_one |= s->doc == d;
		if (s->doc == d && s->slot && !s->next)
			busy = s;
		if (!s->busy)
			idle = s;
		if (!s->doc)
			empty = s;
		else if (!s->busy &&
		    s->doc->queue.asked == s->doc->queue.wanted)
			other = s;
	}
	/* Until the number of its pages is known, one reader is enough. */
	for (unsigned i = 0; i < b->jobs && d->queue.pages == 0; i++)
		if (b->seats[i].doc == d)
			return NULL;
	/* The idle readers' documents may wait for this one to be printed. */
	if (!other && d == b->first && !has_one)
		other = idle;
	if (!empty && other) {
		seat_dismiss(other);
		empty = other;
	}
	if (empty)
		seat_hire(b, empty, b->readers, d);
	return empty ? empty : busy;
}

/* The next slot of d to be requested; NULL: none can be now. */
static struct page_slot *
next_slot(struct ocr_batch *b, struct doc *d)
{
	struct page_queue *q = &d->queue;

	for (unsigned i = q->done; q->again && i < q->asked; i++)
		if (q->slots[i % SLOTS].state == SLOT_AGAIN)
			return &q->slots[i % SLOTS];
	if (q->asked == q->wanted || q->asked >= q->done + SLOTS ||
	    b->pixels >= b->jobs ||
	    (d != b->first && d->out.text.len > AHEAD_MAX))
		return NULL;
	return &q->slots[q->asked % SLOTS];
}

/* Look up a page in the store, only once even if it then waits for a seat. */
static int
find_page(struct ocr_batch *b, struct doc *d, struct page_slot *s)
{
	if (s->page.number != 0)
		return 0;
	s->page = (struct page){.confidence = -1,
	    .number = page_ranges_page(&b->o->pages, d->queue.pages,
		d->queue.asked)};
	if (!is_stored(b, d, s))
		return 0;
	s->state = SLOT_READY;
	d->queue.asked++;
	return 1;
}

static enum request_kind
kind_of_request(const struct ocr_options *o, const struct page_slot *s)
{
	/* The images are extracted once all pages are checked. */
	if (format_makes_files(o->form.format))
		return o->form.format == FORMAT_PNG ? REQUEST_PNG
						    : REQUEST_CHECK;
	return s->late                     ? REQUEST_PIXELS
	    : format_needs_words(&o->form) ? REQUEST_WORDS
					   : REQUEST_TEXT;
}

static struct page_request
request_for(const struct ocr_options *o, const struct doc *d,
    const struct page_slot *s)
{
	/* libqpdf may have crashed on what poppler can read. */
	if (!s)
		return (struct page_request){.what = REQUEST_OPEN,
		    .declared = !format_makes_files(o->form.format),
		    .plain = d->deaths > 0};
	return (struct page_request){.what = kind_of_request(o, s),
	    .page = s->page.number,
	    .dpi = o->own_dpi ? 0 : o->dpi,
	    .raw = (uint32_t)o->raw_order,
	    .layer = s->unread[0] != '\0',
	    .plain = (uint32_t)s->plain,
	    .scan = !format_makes_files(o->form.format)};
}

static void
mark_asked(struct page_queue *q, struct page_slot *s)
{
	if (s->state == SLOT_AGAIN)
		q->again--;
	else
		q->asked++;
	s->state = SLOT_READING;
}

int
schedule_reading(struct ocr_batch *b, struct doc *d)
{
	struct page_slot *s = d->queue.pages ? next_slot(b, d) : NULL;
	struct seat *seat;
	struct page_request request;

	if (small_text_wanted(b, d))
		return small_text_ask(b, d);
	/* Its kind was asked, and is not known yet. */
	if (b->kinds.doc == d)
		return 1;
	if (d->queue.pages && !s)
		return 1;
	if (s && find_page(b, d, s))
		return 0;
	if (seats_admit(b, d) < 0)
		return 0;
	seat = reader_for(b, d);
	if (!seat)
		return 1;
	request = request_for(b->o, d, s);
	if (s)
		mark_asked(&d->queue, s);
	if (seat->busy) {
		seat->next = s;
		if (worker_send(&seat->worker, &request, NULL) < 0)
			seat_lost(b, seat);
		return 0;
	}
	seat->slot = s;
	seat_ask(b, seat, &request, NULL);
	return 0;
}

/* ---- recognisers ---- */

/* The first page that waits for a recogniser. */
static struct page_slot *
next_pixels(struct ocr_batch *b, struct doc **owner)
{
	for (struct doc *d = b->first; d; d = d->next)
		for (unsigned i = d->queue.done; i < d->queue.asked; i++)
			if (d->queue.slots[i % SLOTS].state == SLOT_PIXELS) {
				*owner = d;
				return &d->queue.slots[i % SLOTS];
			}
	return NULL;
}

int
schedule_recognising(struct ocr_batch *b)
{
	struct seat *seat = NULL;
	struct page_slot *s;
	struct doc *d;

	for (unsigned i = b->jobs; b->pixels && i < 2 * b->jobs; i++)
		if (!b->seats[i].busy && (!seat || seat->worker.fd < 0))
			seat = &b->seats[i];
	s = seat ? next_pixels(b, &d) : NULL;
	if (!s)
		return 1;
	if (seat->worker.fd < 0)
		seat_hire(b, seat, b->recognisers, NULL);
	seat->doc = d;
	seat->slot = s;
	s->state = SLOT_RECOGNISING;
	b->pixels--;
	s->began = pc_ticks();
	seat_ask(b, seat,
	    &(struct page_request){.what = REQUEST_OCR,
		.page = s->page.number,
		.width = s->pixels.width,
		.height = s->pixels.height,
		.dpi = s->pixels.dpi},
	    s->gray);
	if (b->o->vision_below == 0) {
		free(s->gray);
		s->gray = NULL;
	}
	return 0;
}
