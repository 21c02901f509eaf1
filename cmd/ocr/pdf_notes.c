/* pdf_notes.c - see pdf_notes.h. */
#include "pdf_notes.h"

#include "ocr/pdf/tool.h"

#include <errno.h>
#include <string.h>

void
pdf_notes_add(struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct page *p)
{
	const struct page_turn turn = {.page = d->queue.done + 1,
	    .degrees = (int)p->rotation};
	struct doc_output *out = &d->out;

	/* If OCR found nothing, the old text stays. */
	if ((p->source == SOURCE_BAD_TEXT || p->source == SOURCE_FORCED) &&
	    p->word_count > 0)
		pc_buf_add(&out->redone, &p->number, sizeof p->number);
	if (o->upright && turn.degrees)
		pc_buf_add(&out->turns, &turn, sizeof turn);
	if (out->redone.failed || out->turns.failed)
		cli_die(c, "%s", strerror(ENOMEM));
}
