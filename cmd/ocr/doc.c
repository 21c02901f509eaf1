/* doc.c - a document on its way from its file to the output. */
#include "doc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int
doc_fail(struct doc *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->error, sizeof d->error, fmt, ap);
	va_end(ap);
	return -1;
}

const struct pc_id *
doc_content_id(const struct doc *d)
{
	return d->converted.made ? &d->converted.id : &d->file.id;
}

int
doc_content_fd(const struct doc *d)
{
	return d->converted.made ? d->converted.fd : d->file.fd;
}

void
doc_warn(const struct cli *c, struct doc *d, const char *fmt, ...)
{
	char text[2 * MESSAGE_SIZE];
	va_list ap;

	if (d->warned++ && c->quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	cli_warn(c, "'%s'%s", d->file.name, text);
}

int
doc_is_skipped(const struct doc *d)
{
	return d->unsupported && d->options->skip_unsupported;
}

int
doc_is_read(const struct doc *d)
{
	return !d->error[0] && d->page_errors == 0 && !d->vision_failed;
}

int
doc_is_whole(const struct doc *d)
{
	return doc_is_read(d) && !d->damaged;
}

void
slot_fail(struct page_slot *s, const char *why)
{
	snprintf(s->page.error, sizeof s->page.error, "%s", why);
	page_drop(&s->page);
	page_layer_clear(&s->layer);
	free(s->gray);
	s->gray = NULL;
	s->state = SLOT_READY;
}

void
slot_ask_layer(const struct ocr_options *o, struct doc *d, struct page_slot *s,
    const char *why)
{
	if (s->unread[0] || o->form.format == FORMAT_PNG ||
	    strcmp(o->ocr, "auto") != 0) {
		slot_fail(s, s->unread[0] ? s->unread : why);
		return;
	}
	snprintf(s->unread, sizeof s->unread, "%s", why);
	s->late = 0;
	s->state = SLOT_AGAIN;
	d->queue.again++;
}

void
slot_use_layer(struct page_slot *s, const char *why)
{
	char unread[MESSAGE_SIZE];

	/* why may be within the slot. */
	snprintf(unread, sizeof unread, "%s", why);
	free(s->gray);
	s->gray = NULL;
	page_drop(&s->page);
	if (s->layer.data)
		slot_recognised(s);
	if (s->page.error[0] || s->page.length == 0) {
		slot_fail(s, unread);
		return;
	}
	s->page.marks |= MARK_LOW_CONFIDENCE;
	memcpy(s->page.unread, unread, sizeof unread);
}

void
slot_recognised(struct page_slot *s)
{
	s->state = SLOT_READY;
	if (page_merge(&s->page, &s->layer) < 0)
		slot_fail(s,
		    errno == ENOMEM ? "out of memory"
				    : "pc-doc's answer is not a valid page");
}
