/* emit.c - pages that are ready go into a document's output and its value. */
#include "emit.h"

#include "ocr/damage.h"
#include "ocr/doubt.h"
#include "ocr/page/marks.h"
#include "ocr/page_files.h"
#include "ocr/pdf_notes.h"
#include "ocr/prepare.h"
#include "ocr/print.h"

#include <errno.h>
#include <string.h>

void
emit_begin(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const int to_pdf = o->form.format == FORMAT_PDF;

	if (to_pdf && !(d->out.layer = pc_spool_new(NULL)))
		cli_die(c, "%s", strerror(errno));
	if (!to_pdf && stage_stores(c))
		d->out.value = pc_spool_new(c->store);
	format_begin(&o->form, &d->out.form, &d->out.text);
}

void
emit_value(struct cli *c, struct doc *d, const void *p, size_t n)
{
	d->out.written += n;
	if (d->out.value && n > 0 && pc_spool_write(d->out.value, p, n) < 0) {
		cli_store_failed(c, "keep the text");
		pc_spool_free(d->out.value);
		d->out.value = NULL;
	}
}

/* Append the output, from byte `from` on, to the value, or all of it to the
 * layer. */
static void
emit_output(struct cli *c, struct doc *d, size_t from)
{
	struct pc_buf *text = &d->out.text;

	if (text->failed)
		cli_die(c, "%s", strerror(ENOMEM));
	if (!d->out.layer) {
		if (text->len > from)
			emit_value(c, d, text->data + from, text->len - from);
		return;
	}
	if (pc_spool_write(d->out.layer, text->data, text->len) < 0)
		cli_die(c, "cannot keep the text: %s", strerror(errno));
	text->len = 0;
}

/* Append the page's JSON record, and warn of its error. */
static void
report_page(struct cli *c, struct doc *d, const struct page *p)
{
	struct pc_buf *b = &d->out.records;

	pc_json_begin_object(b, NULL);
	pc_json_add_uint(b, "page", p->number);
	if (p->error[0]) {
		doc_warn(c, d, ", page %u: %s", p->number, p->error);
		pc_json_add_text(b, "error", p->error);
	} else {
		pc_json_add_text(b, "source", source_names[p->source]);
		if (p->confidence >= 0)
			pc_json_add_fixed(b, "confidence",
			    p->confidence / 100.0, 1);
		if (p->dpi)
			pc_json_add_uint(b, "dpi", p->dpi);
		if (p->rotation)
			pc_json_add_int(b, "rotation", p->rotation);
		if (page_is_damaged(p))
			damage_add_page(b, p);
		if (p->unread[0])
			pc_json_add_text(b, "ocr_error", p->unread);
		page_marks_add(p, b);
		pc_json_add_members(b, p->declared.text, p->declared.length);
		doubt_note_page(d, p);
	}
	pc_json_end_object(b);
	if (page_is_damaged(p))
		damage_warn_page(c, d, p);
	if (p->unread[0])
		damage_warn_unread(c, d, p);
}

/* The value is a list of the pages; their files are stored separately. */
static void
emit_page_file(struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct page_slot *s)
{
	struct pc_buf line = {0};

	if (s->page.error[0]) {
		report_page(c, d, &s->page);
		return;
	}
	page_file_report(c, o, d, &s->page, &s->pixels);
	if (page_is_damaged(&s->page))
		damage_warn_page(c, d, &s->page);
	page_file_list(&line, &s->page, &s->pixels);
	if (line.failed || d->out.text.failed || d->out.records.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	emit_value(c, d, line.data, line.len);
	pc_buf_clear(&line);
}

/* -f images: the page was only checked. */
static void
emit_check(struct cli *c, struct doc *d, const struct page *p)
{
	if (p->error[0])
		report_page(c, d, p);
	else if (page_is_damaged(p))
		damage_warn_page(c, d, p);
}

static void
emit_page(struct cli *c, const struct ocr_options *o, struct doc *d,
    struct page *p)
{
	const unsigned done = d->queue.done;
	/* The head of the output is printed together with the first page. */
	const size_t from = done == 0 ? 0 : d->out.text.len;

	report_page(c, d, p);
	if (d->out.layer)
		pdf_notes_add(c, o, d, p);
	format_page(&o->form, &d->out.form, p, done, &d->out.text);
	d->unscaled += p->assumed;
	emit_output(c, d, from);
	if (d->out.layer && p->source == SOURCE_TEXT && !d->error[0]) {
		d->unsupported = 1;
		doc_fail(d,
		    "it is a text file; -f pdf accepts only PDFs and images");
	}
}

static void
emit_end(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const size_t from = d->out.text.len;

	doubt_warn(c, d);
	format_end(&o->form, &d->out.form, &d->out.text);
	emit_output(c, d, from);
	d->state = DOC_DONE;
}

void
emit_ready_pages(struct cli *c, const struct ocr_options *o, struct doc *d,
    int first)
{
	struct page_queue *q = &d->queue;

	while (d->state == DOC_READING && q->done < q->wanted) {
		struct page_slot *s = &q->slots[q->done % SLOTS];

		if (s->state != SLOT_READY || !prepare_next(c, o, d))
			break;
		d->page_errors += s->page.error[0] != '\0';
		s->page.declared = declared_of(&d->out.declared,
		    s->page.number);
		if (o->form.format == FORMAT_PNG)
			emit_page_file(c, o, d, s);
		else if (o->form.format == FORMAT_IMAGES)
			emit_check(c, d, &s->page);
		else
			emit_page(c, o, d, &s->page);
		prepare_keep_past(d, &s->page);
		q->done++;
		*s = (struct page_slot){.state = SLOT_FREE};
		if (q->done == q->wanted)
			emit_end(c, o, d);
	}
	if (first && q->done > 0 && !d->error[0])
		print_output(c, d);
}
