/* doc_stage.c - one document: found in the store, or read page by page. */
#include "doc_stage.h"

#include "helper/sandbox/walls.h"
#include "ocr/doc_tools.h"
#include "ocr/emit.h"
#include "ocr/image_files.h"
#include "ocr/page_files.h"
#include "ocr/print.h"

#include "ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- is it there already? ---- */

/* 0: it is, and its hit is kept until its turn to be printed. */
static int
lookup(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	enum pc_event_kind kind = d->waited ? PC_EVENT_WAIT : PC_EVENT_HIT;
	struct pc_event event = {.key = d->key};
	int found = c->store ? pc_store_get(c->store, &d->key, 0, &d->hit) : 1;

	if (found < 0)
		cli_store_failed(c, "read the store");
	if (found != 0)
		return 1;
	if (format_makes_files(o->form.format) &&
	    (o->form.format == FORMAT_PNG
		    ? page_files_restore
		    : image_files_restore)(c, o, d) != 0) {
		pc_hit_clear(&d->hit);
		return 1;
	}
	d->state = DOC_HIT;
	event.bytes = d->hit.record.size;
	event.saved = d->hit.record.cost;
	event.duration = pc_ticks() - d->began;
	cli_event(c, kind, event);
	cli_say(c, pc_event_name(kind), &d->key, event.duration);
	return 0;
}

static void
begin_reading(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	d->state = DOC_READING;
	emit_begin(c, o, d);
	if (doc_file_open(c, &d->file) < 0)
		doc_fail(d, "%s", strerror(errno));
	else
		(void)doc_check_tools(o, d);
	if (d->error[0])
		d->state = DOC_DONE;
}

void
doc_retry(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	int alone = c->store &&
	    !(pc_store_flags(c->store) & PC_STORE_READ_ONLY);
	int taken = alone ? pc_flight_take(c->store, &d->key, 0) : 0;

	if (taken < 0)
		cli_store_failed(c, "lock the key");
	d->locked = alone && taken == 0;
	if (taken == 1 && pc_ticks() < d->give_up) {
		d->state = DOC_WAITING;
		d->waited = 1;
		return;
	}
	if (taken == 1 && !c->quiet)
		cli_warn(c,
		    "'%s': another process still computes this; no "
		    "longer waiting for it",
		    d->file.name);
	/* Who had it before may have left it there. */
	if ((!c->refresh || d->waited) && lookup(c, o, d) == 0)
		return;
	begin_reading(c, o, d);
}

struct doc *
doc_open(struct cli *c, const struct ocr_options *o, const char *name)
{
	struct doc *d = calloc(1, sizeof *d);

	if (!d || !(d->file.name = strdup(name)))
		cli_die(c, "%s", strerror(errno));
	d->file.fd = -1;
	d->began = pc_ticks();
	d->state = DOC_DONE;
	if (doc_file_identify(c, &d->file, d->error) < 0) {
		d->unidentified = 1;
		return d;
	}
	cli_key_with(c, &d->file.id, &d->key);
	if (!c->refresh && lookup(c, o, d) == 0)
		return d;
	cli_event(c, PC_EVENT_MISS,
	    (struct pc_event){.key = d->key,
		.duration = pc_ticks() - d->began});
	d->give_up = pc_deadline(pc_config_span(c->config, "caching.wait"));
	d->state = DOC_WAITING;
	return d;
}

void
doc_set_pages(const struct ocr_options *o, struct doc *d, unsigned pages)
{
	struct page_queue *q = &d->queue;

	q->pages = pages;
	q->wanted = page_ranges_count(&o->pages, pages);
	if (q->wanted == 0)
		doc_fail(d, "it has %u page%s, none of those wanted", pages,
		    pages == 1 ? "" : "s");
	else if (q->wanted > 1 && o->form.format == FORMAT_PNG && !o->output)
		doc_fail(d,
		    "these are %u pages: name their files with -o, or choose "
		    "one with --pages",
		    q->wanted);
	if (d->error[0])
		d->state = DOC_DONE;
	/* No page is asked for: doc_finish makes the images. */
	if (!d->error[0] && o->form.format == FORMAT_IMAGES) {
		q->asked = q->done = q->wanted;
		d->state = DOC_DONE;
	}
}

/* ---- its end ---- */

static void
store(struct cli *c, const struct ocr_options *o, struct doc *d, int64_t cost,
    uint32_t peak_kib)
{
	struct pc_record r = {.key = d->key,
	    .created = pc_now(),
	    .cost = cost,
	    .peak_kib = peak_kib,
	    .extra = d->out.records.data,
	    .extra_len = d->out.records.len};
	int64_t ttl = c->ttl, began = pc_ticks();
	struct pc_id key;
	int stored;

	/* Names of files are another run's own. */
	if (format_makes_files(o->form.format))
		r.extra_len = 0;
	if (d->out.written == 0) {
		if (o->negative < 0)
			return;
		r.flags = PC_RECORD_NEGATIVE;
		ttl = o->negative;
	}
	/* Other documents' keys have been made since. */
	cli_key_with(c, &d->file.id, &key);
	r.material = c->material.data;
	r.material_len = c->material.len;
	r.expires = cli_expires(c, ttl,
	    o->form.format == FORMAT_TEXT ? "caching.ttl_ocr"
					  : "caching.ttl_layout");
	stored = pc_store_put(c->store, &r, d->out.value) == 0;
	if (!stored)
		cli_store_failed(c, "store the text");
	cli_event(c, stored ? PC_EVENT_PUT : PC_EVENT_ERROR,
	    (struct pc_event){.key = d->key,
		.bytes = r.size,
		.ttl = pc_record_ttl(&r),
		.duration = pc_ticks() - began});
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
	d->cost = pc_ticks() - d->began;
	note_tools(c, d);
	if (d->tools_kib > peak_kib)
		peak_kib = d->tools_kib;
	cli_event(c, doc_is_whole(d) ? PC_EVENT_COMPUTE : PC_EVENT_ERROR,
	    (struct pc_event){.key = d->key,
		.duration = d->cost,
		.peak_kib = peak_kib,
		.bytes = d->out.written});
	if (doc_is_whole(d) && !d->by_vision && d->out.value && c->store &&
	    !c->read_only && doc_file_same_bytes(c, &d->file))
		store(c, o, d, d->cost, peak_kib);
	/* A PDF is printed from there. */
	if (!d->out.layer) {
		pc_spool_free(d->out.value);
		d->out.value = NULL;
	}
	if (d->locked)
		pc_flight_land(c->store, &d->key);
	d->locked = 0;
}

/* Is there something of it to print, though pages of it failed? */
static int
is_partly(const struct ocr_options *o, const struct doc *d)
{
	if (d->error[0] || o->strict)
		return 0;
	if (o->form.format == FORMAT_IMAGES)
		return d->images > 0 || !d->page_errors;
	return d->page_errors < d->queue.done;
}

static int
close_read(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const int whole = doc_is_whole(d);
	const char *missing = walls_missing(d->walls);

	if (d->error[0])
		cli_warn(c, "'%s': %s", d->file.name, d->error);
	if (whole && d->file.changed)
		cli_warn(c,
		    "'%s' changed while it was read; its text is not "
		    "stored",
		    d->file.name);
	cli_say(c, whole ? "computed" : "failed", &d->key, d->cost);
	if (c->verbose && d->queue.pages)
		cli_warn(c, "'%s': %u of %u pages, read in %s%s", d->file.name,
		    d->queue.done, d->queue.pages,
		    *missing ? "a sandbox without " : "the sandbox", missing);
	print_result(c, o, d);
	if (whole)
		return 0;
	return is_partly(o, d) ? 1 : -1;
}

static void
free_doc(struct doc *d)
{
	doc_file_close(&d->file);
	for (int i = 0; i < SLOTS; i++) {
		page_drop(&d->queue.slots[i].page);
		free(d->queue.slots[i].gray);
	}
	pc_hit_clear(&d->hit);
	pc_spool_free(d->out.layer);
	pc_spool_free(d->out.value);
	pc_buf_clear(&d->out.text);
	pc_buf_clear(&d->out.records);
	format_state_clear(&d->out.form);
	free(d);
}

int
doc_close(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	int r = -1;

	if (d->state == DOC_HIT) {
		print_hit(c, o, d);
		r = 0;
	} else if (!d->unidentified) {
		r = close_read(c, o, d);
	} else {
		print_result(c, o, d);
	}
	free_doc(d);
	return r;
}
