/* small_text.c - see small_text.h. */
#include "small_text.h"

#include "ocr/doc_convert.h"
#include "ocr/doc_stage.h"
#include "ocr/walls_note.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	FILES_MAX = 256, /* for one worker */
	LOSSES_MAX = 3,  /* of workers; then each file gets its own */
};

int
small_text_wanted(const struct ocr_batch *b, const struct doc *d)
{
	const enum format f = b->o->form.format;

	return !d->kind_asked && !d->converted.made && d->queue.pages == 0 &&
	    b->kinds_lost < LOSSES_MAX && f != FORMAT_PDF &&
	    !format_makes_files(f);
}

/* Read the file.  1: it is not a small text. */
static int
load(struct doc *d)
{
	struct pc_buf *text = &d->text;
	struct stat st;
	size_t n;

	if (fstat(d->file.fd, &st) < 0 || st.st_size <= 0 ||
	    st.st_size > SMALL_TEXT_MAX)
		return 1;
	n = (size_t)st.st_size;
	if (pc_buf_reserve(text, n + 1) == 0 &&
	    pc_pread_full(d->file.fd, text->data, n, 0) == (ssize_t)n &&
	    !memchr(text->data, '\0', n) && pc_utf8_valid(text->data, n)) {
		text->len = n;
		text->data[n] = '\0';
		return 0;
	}
	pc_buf_clear(text);
	return 1;
}

int
small_text_ask(struct ocr_batch *b, struct doc *d)
{
	struct seat *s = &b->kinds;

	if (s->busy)
		return 1;
	d->kind_asked = 1;
	if (load(d) != 0 || seats_admit(b, d) < 0)
		return 0;
	if (s->worker.fd < 0)
		seat_hire(b, s, b->readers, NULL);
	s->doc = d;
	s->busy = 1;
	s->since = pc_ticks();
	if (worker_send(&s->worker,
		&(struct page_request){.what = REQUEST_KIND,
		    .width = (uint32_t)d->text.len,
		    .height = 1},
		d->text.data) < 0)
		small_text_lost(b);
	return 0;
}

void
small_text_answer(struct ocr_batch *b)
{
	struct seat *s = &b->kinds;
	struct worker *w = &s->worker;
	const struct page_answer *a = &w->head;
	struct doc *d = s->doc;

	if ((a->kind != ANSWER_OPEN && a->kind != ANSWER_ERROR) ||
	    a->length > 0) {
		small_text_lost(b);
		return;
	}
	s->busy = 0;
	s->doc = NULL;
	if (a->kind == ANSWER_OPEN && !doc_is_convertible(b->o, d, a->type)) {
		d->walls = a->walls;
		walls_note(b->cli, a->walls);
		doc_drop_mark(&d->text);
		doc_set_pages(b->o, d, 1);
	} else {
		pc_buf_clear(&d->text);
	}
	worker_clear(w);
	if (w->answers >= FILES_MAX)
		seat_dismiss(s);
}

void
small_text_lost(struct ocr_batch *b)
{
	struct seat *s = &b->kinds;

	if (team_refused(s->team))
		exit(PC_EXIT_FAIL); /* it has printed why */
	b->kinds_lost++;
	pc_buf_clear(&s->doc->text);
	seat_dismiss(s);
}
