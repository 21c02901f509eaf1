/* recognising.c - pixels to recognisers, first pages first; words back. */
#include "batch.h"

#include <stdlib.h>

/* The first page that waits for it. */
static struct slot *
next_pixels(struct batch *b, struct doc **owner)
{
	for (struct doc *d = b->first; d; d = d->next)
		for (unsigned i = d->done; i < d->asked; i++)
			if (d->slots[i % SLOTS].state == SLOT_PIXELS) {
				*owner = d;
				return &d->slots[i % SLOTS];
			}
	return NULL;
}

int
recognising_ask(struct batch *b)
{
	struct seat *seat = NULL;
	struct slot *s;
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
	    &(struct ask){.what = ASK_OCR,
		.page = s->page.number,
		.width = s->pixels.width,
		.height = s->pixels.height,
		.dpi = s->pixels.dpi},
	    s->bytes);
	if (b->o->vision_below == 0) {
		free(s->bytes);
		s->bytes = NULL;
	}
	return 0;
}

void
recognising_take(struct batch *b, struct seat *seat)
{
	struct slot *s = seat->slot;
	struct doc *d = seat->doc;
	struct worker *w = &seat->worker;
	const struct answer *a = &w->head;

	seat->busy = 0;
	seat->slot = NULL;
	seat->doc = NULL;
	if (a->page != s->page.number ||
	    (a->kind != ANSWER_WORDS && a->kind != ANSWER_ERROR)) {
		slot_failed(s, "pc-tesseract's answer is to another question");
		seat_dismiss(seat);
		return;
	}
	if (a->kind == ANSWER_ERROR) {
		slot_failed(s, a->message);
	} else {
		s->page.confidence = a->confidence;
		s->page.rotation = a->rotation;
		s->page.data = w->payload;
		s->page.length = (size_t)a->length;
		s->page.parsed = 1;
		w->payload = NULL;
		s->state = SLOT_READY;
		if (page_parse(&s->page) < 0)
			slot_failed(s, "pc-tesseract's answer is no page");
		else
			pages_keep_words(b->cli, b->o, &s->pixels, &s->page,
			    pc_ticks() - s->began);
	}
	if (s->bytes && !s->page.error[0] && vision_wanted(b->o, &s->page))
		vision_read(b->cli, d, &s->page, &s->pixels, s->bytes);
	free(s->bytes);
	s->bytes = NULL;
	worker_clear(w);
}
