/* doc_stage.c - one document: found in the store, or read page by page. */
#include "doc_stage.h"

#include "helper/sandbox/walls.h"
#include "ocr/damage.h"
#include "ocr/declares.h"
#include "ocr/doc_convert.h"
#include "ocr/doc_tools.h"
#include "ocr/emit.h"
#include "ocr/image_files.h"
#include "ocr/inputs.h"
#include "ocr/page_files.h"
#include "ocr/pdf_file.h"
#include "ocr/print.h"
#include "ocr/reason.h"

#include "ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- is it there already? ---- */

/* Restore the files that a record lists before it counts as a hit: one of them
 * may no longer be stored. */
static int
restore_files(void *ctx, const struct pc_hit *hit, struct pc_event *event)
{
	struct doc *d = ctx;

	(void)event;
	return (d->options->form.format == FORMAT_PNG ? page_files_restore
						      : image_files_restore)(
		   d->stage.cli, d->options, d, hit) == 0;
}

/* Before a converter is asked, the tools cannot judge the document. */
static int
tools_can_judge(const struct ocr_options *o, const struct doc *d)
{
	return o->converters.count == 0 || d->converted.made ||
	    o->form.format != FORMAT_IMAGES;
}

static void
begin_reading(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	d->state = DOC_READING;
	emit_begin(c, o, d);
	if (doc_file_open(c, &d->file) < 0 || doc_load_conversion(d) < 0)
		doc_fail(d, "%s", strerror(errno));
	else if (tools_can_judge(o, d))
		(void)doc_check_tools(o, d);
	if (d->error[0])
		d->state = DOC_DONE;
	/* A text needs no reader. */
	else if (d->text.data)
		doc_set_pages(o, d, 1);
}

void
doc_retry(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	switch (stage_claim(&d->stage)) {
	case STAGE_HIT:
		d->state = DOC_HIT;
		break;
	case STAGE_BUSY:
		break;
	case STAGE_CLAIMED:
		begin_reading(c, o, d);
		break;
	default:
		doc_fail(d, "not in the cache (--offline)");
		d->state = DOC_DONE;
	}
}

static void
find(struct cli *c, struct doc *d)
{
	doc_make_key(c, d, &d->stage.key);
	d->state = stage_find(&d->stage) == STAGE_HIT ? DOC_HIT : DOC_WAITING;
}

static struct doc *
make_doc(struct cli *c, const struct ocr_options *o, const char *name)
{
	struct doc *d = calloc(1, sizeof *d);

	if (!d || !(d->file.name = strdup(name)))
		cli_die(c, "%s", strerror(errno));
	d->options = o;
	d->file.fd = d->converted.fd = -1;
	d->state = DOC_DONE;
	d->stage = (struct stage_entry){.cli = c,
	    .name = d->file.name,
	    .usable = format_makes_files(o->form.format) ? restore_files : NULL,
	    .ctx = d,
	    .began = pc_ticks()};
	return d;
}

static void
look_up(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	doc_recall_conversion(c, o, d);
	find(c, d);
	if (c->jsonl && d->state == DOC_WAITING)
		reason_note(c, d);
}

struct doc *
doc_open(struct cli *c, const struct ocr_options *o, const char *name)
{
	struct doc *d = make_doc(c, o, name);

	if (o->output)
		inputs_note(c, name);
	if (doc_file_identify(c, &d->file, d->error) < 0)
		d->unidentified = 1;
	else
		look_up(c, o, d);
	return d;
}

static struct doc *
make_attached(struct cli *c, const struct ocr_options *o,
    const struct doc_source *from)
{
	struct doc *d = make_doc(c, o, from->name);

	if (from->attachment && !(d->attachment = strdup(from->attachment)))
		cli_die(c, "%s", strerror(errno));
	return d;
}

struct doc *
doc_open_attached(struct cli *c, const struct ocr_options *o,
    const struct doc_source *from)
{
	struct doc *d = make_attached(c, o, from);

	d->file.id = from->id;
	d->file.fd = from->fd;
	d->file.spooled = 1;
	look_up(c, o, d);
	return d;
}

struct doc *
doc_open_failed(struct cli *c, const struct ocr_options *o,
    const struct doc_source *from, const char *error)
{
	struct doc *d = make_attached(c, o, from);

	d->unidentified = 1;
	doc_fail(d, "%s", error);
	doc_warn(c, d, ": %s", error);
	return d;
}

void
doc_set_pages(const struct ocr_options *o, struct doc *d, unsigned pages)
{
	struct page_queue *q = &d->queue;

	q->pages = pages;
	q->wanted = page_ranges_count(&o->pages, pages);
	if (q->wanted == 0)
		doc_fail(d, "--pages selects none of its %u page%s", pages,
		    pages == 1 ? "" : "s");
	else if (q->wanted > 1 && o->form.format == FORMAT_PNG && !o->output)
		doc_fail(d,
		    "%u pages are selected; name their files with -o, or "
		    "select one page with --pages",
		    q->wanted);
	if (d->error[0])
		d->state = DOC_DONE;
}

/* ---- converting ---- */

static void
clear_output(struct doc_output *out)
{
	for (int i = 0; i < NEAR_PAGES; i++)
		page_drop(&out->past[i]);
	pc_spool_free(out->layer);
	pc_spool_free(out->value);
	pc_buf_clear(&out->text);
	pc_buf_clear(&out->records);
	declared_clear(&out->declared);
	pc_buf_clear(&out->declares);
	pc_buf_clear(&out->unread);
	pc_buf_clear(&out->unsure);
	pc_buf_clear(&out->cells);
	pc_buf_clear(&out->warnings);
	pc_buf_clear(&out->file);
	pc_buf_clear(&out->redone);
	pc_buf_clear(&out->turns);
	format_state_clear(&out->form);
	*out = (struct doc_output){0};
}

/* The result has a key of its own, and may be in the store. */
static void
restart(struct cli *c, struct doc *d)
{
	clear_output(&d->out);
	stage_clear(&d->stage);
	find(c, d);
}

void
doc_use_conversion(struct cli *c, struct doc *d)
{
	if (d->error[0])
		d->state = DOC_DONE;
	else
		restart(c, d);
}

/* ---- its end ---- */

static void
store(struct cli *c, const struct ocr_options *o, struct doc *d,
    uint32_t peak_kib)
{
	struct stage_result r = {.spool = d->out.value,
	    .ttl = c->ttl,
	    .setting = o->form.format == FORMAT_TEXT ? "caching.ttl_ocr"
						     : "caching.ttl_layout",
	    .cost = d->cost,
	    .peak_kib = peak_kib,
	    .flags = d->out.written == 0 || d->damaged ? PC_RECORD_NEGATIVE
						       : 0};
	struct pc_buf extra = {0};
	struct pc_id key;

	/* File names belong to the run that stored the record. */
	if (!format_makes_files(o->form.format))
		damage_add_extra(d, &extra);
	declares_add_extra(d, &extra);
	reason_add_extra(d, &extra);
	r.extra = extra.data;
	r.extra_len = extra.len;
	/* Keys of other documents were made since: make this one again. */
	doc_make_key(c, d, &key);
	d->stage.material = c->material.data;
	d->stage.material_len = c->material.len;
	if (!extra.failed)
		(void)stage_store(&d->stage, &r);
	pc_buf_clear(&extra);
}

/* May its text be stored?  With --negative a damaged document's text may, but
 * not a list of files: those are stored only if they are complete. */
static int
may_store(struct cli *c, const struct ocr_options *o, const struct doc *d)
{
	return doc_is_read(d) && !d->ocr_failed && !d->by_vision &&
	    d->out.value &&
	    (!d->damaged || !format_makes_files(o->form.format)) &&
	    stage_stores(c);
}

static void
note_tools(struct cli *c, const struct doc *d)
{
	if (d->tools)
		cli_memory(c,
		    (struct pc_run){.part = PC_RUN_TOOLS,
			.duration = d->cost,
			.started = d->tools,
			.peak_kib = d->tools_kib});
}

void
doc_finish(struct cli *c, const struct ocr_options *o, struct doc *d,
    uint32_t peak_kib)
{
	if (d->state != DOC_DONE || d->finished || d->unidentified)
		return;
	d->finished = 1;
	if (d->out.layer && !d->error[0])
		doc_make_searchable(c, o, d);
	if (o->form.format == FORMAT_IMAGES)
		doc_make_images(c, o, d);
	d->cost = pc_ticks() - d->stage.began;
	note_tools(c, d);
	if (d->tools_kib > peak_kib)
		peak_kib = d->tools_kib;
	if (!doc_is_skipped(d))
		stage_event(&d->stage,
		    doc_is_whole(d) ? PC_EVENT_COMPUTE : PC_EVENT_ERROR,
		    (struct pc_event){.duration = d->cost,
			.peak_kib = peak_kib,
			.bytes = d->out.written});
	if (may_store(c, o, d) && doc_file_same_bytes(c, &d->file))
		store(c, o, d, peak_kib);
	/* A PDF is printed from the stored value. */
	if (!d->out.layer) {
		pc_spool_free(d->out.value);
		d->out.value = NULL;
	}
	stage_release(&d->stage);
}

/* Is there something to print, although some pages failed? */
static int
is_partly(const struct ocr_options *o, const struct doc *d)
{
	if (d->error[0] || o->strict)
		return 0;
	if (o->form.format == FORMAT_IMAGES)
		return d->images > 0 || !d->page_errors;
	return d->page_errors < d->queue.done;
}

static void
print_details(struct cli *c, const struct doc *d, const char *what)
{
	const char *missing = walls_missing(d->walls);

	cli_say(c, what, &d->stage.key, d->cost);
	/* A converted text had no reader. */
	if (c->verbose && d->queue.pages && (d->walls || !d->converted.made))
		cli_warn(c, "'%s': %u of %u pages, read in %s%s", d->file.name,
		    d->queue.done, d->queue.pages,
		    *missing ? "a sandbox without " : "the sandbox", missing);
}

static enum doc_end
close_skipped(struct cli *c, const struct doc *d)
{
	if (c->verbose)
		cli_warn(c, "'%s': skipped: %s", d->file.name, d->error);
	return DOC_END_SKIPPED;
}

static enum doc_end
close_hit(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	damage_warn_hit(c, d);
	if (pdf_file_wanted(o) && pdf_file_write(c, o, d) < 0) {
		doc_warn(c, d, ": %s", d->error);
		print_result(c, o, d);
		return DOC_END_FAILED;
	}
	print_hit(c, o, d);
	return !d->damaged ? DOC_END_CACHED
	    : o->strict    ? DOC_END_FAILED
			   : DOC_END_INCOMPLETE;
}

static enum doc_end
close_read(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	int whole;

	if (doc_is_skipped(d))
		return close_skipped(c, d);
	if (pdf_file_wanted(o) && !d->error[0])
		(void)pdf_file_write(c, o, d);
	whole = doc_is_whole(d);
	if (d->error[0])
		doc_warn(c, d, ": %s", d->error);
	if (whole && d->file.changed && !c->quiet)
		cli_warn(c,
		    "'%s' changed while it was read; its text is not cached",
		    d->file.name);
	print_details(c, d, whole ? "computed" : "failed");
	print_result(c, o, d);
	if (whole)
		return DOC_END_READ;
	return is_partly(o, d) ? DOC_END_INCOMPLETE : DOC_END_FAILED;
}

static void
free_doc(struct doc *d)
{
	doc_file_close(&d->file);
	for (int i = 0; i < SLOTS; i++) {
		page_drop(&d->queue.slots[i].page);
		page_layer_clear(&d->queue.slots[i].layer);
		free(d->queue.slots[i].gray);
	}
	stage_clear(&d->stage);
	doc_drop_conversion(d);
	clear_output(&d->out);
	pc_buf_clear(&d->reason);
	free(d->attachment);
	free(d);
}

enum doc_end
doc_close(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	enum doc_end end = DOC_END_FAILED;

	if (d->state == DOC_HIT) {
		end = close_hit(c, o, d);
	} else if (!d->unidentified) {
		end = close_read(c, o, d);
	} else {
		print_result(c, o, d);
	}
	free_doc(d);
	return end;
}
