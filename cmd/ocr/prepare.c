/* prepare.c - the layout of the next page, by itself and by the pages around.
 */
#include "prepare.h"

#include "ocr/layout/layout.h"

#include <errno.h>
#include <string.h>

static void
lay_out(struct cli *c, struct page_slot *s)
{
	if (!s->laid_out && !s->page.error[0] && s->page.parsed &&
	    page_lay_out(&s->page) < 0)
		cli_die(c, "%s", strerror(ENOMEM));
	s->laid_out = 1;
}

/* Lay out the next page, and the following pages that its headers are compared
 * with.  0: they are not ready. */
static int
lay_out_next(struct cli *c, struct doc *d)
{
	struct page_queue *q = &d->queue;
	const struct page *near[2 * NEAR_PAGES] = {0};
	size_t n = 0, next;

	for (unsigned i = q->done; i <= q->done + NEAR_PAGES && i < q->wanted;
	     i++)
		if (q->slots[i % SLOTS].state != SLOT_READY)
			return 0;
	for (unsigned i = q->done; i <= q->done + NEAR_PAGES && i < q->wanted;
	     i++) {
		lay_out(c, &q->slots[i % SLOTS]);
		if (i > q->done)
			near[n++] = &q->slots[i % SLOTS].page;
	}
	next = n;
	for (unsigned i = 0; i < NEAR_PAGES; i++)
		near[n++] = &d->out.past[i];
	page_find_repeated(&q->slots[q->done % SLOTS].page, near, n);
	page_set_levels(&d->out.levels, &q->slots[q->done % SLOTS].page, near,
	    next);
	return 1;
}

int
prepare_next(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	struct page_slot *s = &d->queue.slots[d->queue.done % SLOTS];

	if (format_needs_words(&o->form))
		return lay_out_next(c, d);
	/* A merged page has only words, so even plain text needs the layout. */
	lay_out(c, s);
	page_keep_text(&s->page);
	return 1;
}

void
prepare_keep_past(struct doc *d, struct page *p)
{
	struct page *past = d->out.past;

	page_drop(&past[NEAR_PAGES - 1]);
	memmove(past + 1, past, (NEAR_PAGES - 1) * sizeof *past);
	past[0] = *p;
	*p = (struct page){0};
}
