/* reading.c - pages from readers: asked for ahead of what is printed, within
 * bounds, and looked for among those that are remembered first. */
#include "batch.h"

#include "helper/sandbox/walls.h"

#include <stdlib.h>
#include <string.h>

enum {
	AHEAD_MAX = 16 * 1024 * 1024, /* bytes of a document not printed yet */
};

/* A page that was made or recognised before, in this document or in another. */
static int
remembered(struct batch *b, struct doc *d, struct slot *s)
{
	if (!doc_unchanged(d))
		return 0;
	if (b->o->form.format == FORMAT_PNG) {
		if (pages_find_png(b->cli, b->o, &d->id, &s->page,
			&s->pixels) != 0)
			return 0;
		png_place(b->o, d, &s->page);
		return 1;
	}
	if (pages_find_pixels(b->cli, b->o, &d->id, &s->page, &s->pixels) !=
		0 ||
	    pages_find_words(b->cli, b->o, &s->pixels, &s->page) != 0)
		return 0;
	/* A model has to see it. */
	if (!vision_wanted(b->o, &s->page))
		return 1;
	page_drop(&s->page);
	return 0;
}

/* A seat for one more page of d, or NULL. */
static struct seat *
reader_for(struct batch *b, struct doc *d)
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
		else if (!s->busy && s->doc->asked == s->doc->wanted)
			other = s;
	}
	/* Until its pages are known one is enough. */
	for (unsigned i = 0; i < b->jobs && d->pages == 0; i++)
		if (b->seats[i].doc == d)
			return NULL;
	/* Those who sit there may be waiting for it to be printed. */
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

/* The next slot of d to be asked for; NULL: there is none now. */
static struct slot *
next_slot(struct batch *b, struct doc *d)
{
	for (unsigned i = d->done; d->again && i < d->asked; i++)
		if (d->slots[i % SLOTS].state == SLOT_AGAIN)
			return &d->slots[i % SLOTS];
	if (d->asked == d->wanted || d->asked >= d->done + SLOTS ||
	    b->pixels >= b->jobs || (d != b->first && d->out.len > AHEAD_MAX))
		return NULL;
	return &d->slots[d->asked % SLOTS];
}

int
reading_ask(struct batch *b, struct doc *d)
{
	struct ask a = {.what = ASK_OPEN};
	struct seat *seat;
	struct slot *s = d->pages ? next_slot(b, d) : NULL;
	int found = 0;

	if (d->pages && !s)
		return 1;
	if (s) {
		/* Looked for once, however long it then waits for a seat. */
		if (s->page.number == 0) {
			s->page = (struct page){.confidence = -1,
			    .number = doc_page(b->o, d, d->asked)};
			found = remembered(b, d, s);
		}
		if (found) {
			s->state = SLOT_READY;
			d->asked++;
			return 0;
		}
		a.what = b->o->form.format == FORMAT_PNG    ? ASK_PNG
		    : format_needs_words(b->o->form.format) ? ASK_WORDS
							    : ASK_TEXT;
		a.page = s->page.number;
		a.dpi = b->o->own_dpi ? 0 : b->o->dpi;
		a.plain = (uint32_t)s->plain;
	}
	if (seats_admit(b, d) < 0)
		return 0;
	seat = reader_for(b, d);
	if (!seat)
		return 1;
	if (s && s->state == SLOT_AGAIN)
		d->again--;
	else if (s)
		d->asked++;
	if (s)
		s->state = SLOT_READING;
	if (seat->busy) {
		seat->next = s;
		if (worker_ask(&seat->worker, &a, NULL) < 0)
			seat_died(b, seat);
		return 0;
	}
	seat->slot = s;
	seat_ask(b, seat, &a, NULL);
	return 0;
}

static void
take_pixels(struct batch *b, struct doc *d, struct slot *s,
    const struct answer *a, unsigned char *payload)
{
	struct pixels *p = &s->pixels;

	*p = (struct pixels){.width = a->pixel_width,
	    .height = a->pixel_height,
	    .dpi = a->dpi};
	s->page.dpi = a->dpi;
	pc_sha256(payload, (size_t)a->length, &p->id);
	if (doc_unchanged(d))
		pages_keep_pixels(b->cli, b->o, &d->id, &s->page, p);
	if (pages_find_words(b->cli, b->o, p, &s->page) == 0) {
		if (vision_wanted(b->o, &s->page))
			vision_read(b->cli, d, &s->page, p, payload);
		free(payload);
		s->state = SLOT_READY;
		return;
	}
	s->bytes = payload;
	s->state = SLOT_PIXELS;
	b->pixels++;
}

static void
take_png(struct batch *b, struct doc *d, struct slot *s, const struct answer *a,
    unsigned char *payload, int64_t cost)
{
	s->pixels = (struct pixels){.width = a->pixel_width,
	    .height = a->pixel_height,
	    .dpi = a->dpi};
	s->page.data = payload;
	s->page.length = (size_t)a->length;
	s->state = SLOT_READY;
	if (!png_valid(payload, s->page.length, &s->pixels)) {
		slot_failed(s, "pc-doc's answer is no PNG file");
		return;
	}
	if (doc_unchanged(d))
		pages_keep_png(b->cli, b->o, &d->id, &s->page, &s->pixels,
		    cost);
	png_place(b->o, d, &s->page);
}

/* Is it an answer about a page that goes with the form? */
static int
goes_with(const struct batch *b, uint32_t kind)
{
	return kind == ANSWER_ERROR ||
	    (b->o->form.format == FORMAT_PNG
		    ? kind == ANSWER_FILE
		    : kind != ANSWER_OPEN && kind != ANSWER_FILE);
}

/* Once a run. */
static void
note_walls(const struct cli *c, unsigned walls)
{
	static int noted;
	const char *missing = walls_missing(walls);

	if (*missing && !noted && !c->quiet)
		cli_warn(c,
		    "part of the sandbox is not available here: %s; see "
		    "'pc-stats --doctor'",
		    missing);
	noted |= *missing != '\0';
}

void
reading_take(struct batch *b, struct seat *seat)
{
	struct doc *d = seat->doc;
	struct slot *s = seat->slot;
	struct worker *w = &seat->worker;
	const struct answer *a = &w->head;
	const uint32_t page = s ? s->page.number : 0;
	const int64_t cost = pc_ticks() - seat->since;

	seat->slot = seat->next;
	seat->next = NULL;
	seat->busy = seat->slot != NULL;
	seat->since = pc_ticks();
	if (a->kind == ANSWER_ERROR && a->page == 0 && d->pages == 0) {
		memcpy(d->error, a->message, sizeof d->error);
		d->state = DOC_DONE;
	} else if (a->kind == ANSWER_OPEN && !s) {
		d->walls = a->walls;
		note_walls(b->cli, a->walls);
		d->damaged = a->message[0] != '\0';
		if (d->damaged && !b->cli->quiet)
			cli_warn(b->cli, "'%s': %s", d->name, a->message);
		doc_opened(b->o, d, a->pages);
	} else if (!s || (a->page != page && a->page != 0) ||
	    !goes_with(b, a->kind)) {
		seat->next = seat->slot;
		seat->slot = s;
		seat_died(b, seat);
		return;
	} else {
		s->page.width = a->width;
		s->page.height = a->height;
		s->page.source = (enum page_source)a->source;
		s->page.rotation = a->rotation;
		memcpy(s->page.trim, a->trim, sizeof s->page.trim);
		s->page.user_unit = a->user_unit;
		s->page.assumed = a->assumed;
		if (a->kind == ANSWER_ERROR) {
			slot_failed(s, a->message);
		} else if (a->kind == ANSWER_PIXELS) {
			take_pixels(b, d, s, a, w->payload);
			w->payload = NULL;
		} else if (a->kind == ANSWER_FILE) {
			take_png(b, d, s, a, w->payload, cost);
			w->payload = NULL;
		} else {
			s->page.data = w->payload;
			s->page.length = (size_t)a->length;
			s->page.parsed = a->kind == ANSWER_WORDS;
			w->payload = NULL;
			s->state = SLOT_READY;
			if (s->page.parsed
				? page_parse(&s->page) < 0
				: !pc_utf8_valid(s->page.data, s->page.length))
				slot_failed(s, "pc-doc's answer is no page");
		}
	}
	worker_clear(w);
}
