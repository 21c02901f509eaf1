/* document.c - one document: found in the store, or put together page by
 * page. */
#include "ocr.h"

#include "helper/sandbox/walls.h"
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
doc_fail(struct doc *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->error, sizeof d->error, fmt, ap);
	va_end(ap);
	return -1;
}

void
doc_tool(struct doc *d, const struct pc_child *child)
{
	d->tools += child->peak_kib > 0;
	if (child->peak_kib > d->tools_kib)
		d->tools_kib = child->peak_kib;
}

/* ---- what it is ---- */

/* Say that it cannot be read, which is all that will be said of it.  Returns
 * -1. */
static int
unread(struct cli *c, struct doc *d, const char *verb)
{
	doc_fail(d, "%s",
	    errno == EFBIG ? "it is larger than ocr.max_bytes allows"
			   : strerror(errno));
	cli_warn(c, "cannot %s '%s': %s", verb, d->name, d->error);
	return -1;
}

static uint64_t
max_bytes(struct cli *c)
{
	return (uint64_t)pc_config_int(c->config, "ocr.max_bytes");
}

/* Keep what can be read only once: helpers map the file. */
static int
keep(struct cli *c, struct doc *d, int fd)
{
	const int r = pc_spool_stream(fd, max_bytes(c), &d->id, &d->fd);

	d->kept = r == 0;
	return r == 0 ? 0 : unread(c, d, r < 0 ? "read" : "keep");
}

static int
identify(struct cli *c, struct doc *d)
{
	struct stat st;
	int fd, r;

	if (strcmp(d->name, "-") == 0) {
		if (c->stdin_used++ == 0)
			return keep(c, d, 0);
		doc_fail(d, "standard input can be read only once");
		cli_warn(c, "%s", d->error);
		return -1;
	}
	if (stat(d->name, &st) < 0)
		return unread(c, d, "read");
	if (S_ISDIR(st.st_mode)) {
		cli_warn(c, "'%s' is a directory: -r takes all files below it",
		    d->name);
		return doc_fail(d,
		    "it is a directory: -r takes all files below it");
	}
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > max_bytes(c)) {
		errno = EFBIG;
		return unread(c, d, "read");
	}
	/* What seems empty, as files in /proc, cannot be mapped either, nor
	 * can pipes and devices. */
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		return pc_ident_file(c->store, d->name, 0, &d->id, NULL) < 0
		    ? unread(c, d, "read")
		    : 0;
	fd = open(d->name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return unread(c, d, "read");
	r = keep(c, d, fd);
	close(fd);
	return r;
}

int
doc_unchanged(struct doc *d)
{
	struct stat st;

	if (!d->kept && !d->changed &&
	    (fstat(d->fd, &st) < 0 || st.st_ctim.tv_sec != d->seen.tv_sec ||
		st.st_ctim.tv_nsec != d->seen.tv_nsec))
		d->changed = 1;
	return !d->changed;
}

/* The same, from its bytes.  What counts is what helpers have open: the name
 * may have become another file's. */
static int
is_what_it_was(struct cli *c, struct doc *d)
{
	struct pc_id now;

	if (!d->kept &&
	    (lseek(d->fd, 0, SEEK_SET) < 0 ||
		pc_ident_fd(c->store, d->fd, 0, &now, NULL) < 0 ||
		memcmp(now.b, d->id.b, sizeof now.b) != 0))
		d->changed = 1;
	return doc_unchanged(d);
}

/* ---- is it there already? ---- */

/* 0: it is, and its hit is kept for its turn. */
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
	    (o->form.format == FORMAT_PNG ? png_find_all : images_find_all)(c,
		o, d) != 0) {
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
	const int to_pdf = o->form.format == FORMAT_PDF;
	struct stat st;

	d->state = DOC_READING;
	if (to_pdf && !(d->layer = pc_spool_new(NULL)))
		cli_die(c, "%s", strerror(errno));
	if (c->store && !c->read_only && !to_pdf)
		d->value = pc_spool_new(c->store);
	format_begin(&o->form, &d->form, &d->out);
	if (d->fd < 0)
		d->fd = open(d->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (d->fd < 0) {
		snprintf(d->error, sizeof d->error, "%s", strerror(errno));
		d->state = DOC_DONE;
		return;
	}
	if (to_pdf && overlay_ready(d) < 0) {
		d->state = DOC_DONE;
		return;
	}
	if (o->form.format == FORMAT_IMAGES && images_ready(d) < 0) {
		d->state = DOC_DONE;
		return;
	}
	if (fstat(d->fd, &st) == 0)
		d->seen = st.st_ctim;
	(void)is_what_it_was(c, d);
}

void
doc_retry(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	int alone = c->store &&
	    !(pc_store_flags(c->store) & PC_STORE_READ_ONLY);
	int taken = alone ? pc_flight_take(c->store, &d->key, 0) : 0;

	if (taken < 0)
		cli_store_failed(c, "lock the key");
	d->flying = alone && taken == 0;
	if (taken == 1 && pc_ticks() < d->give_up) {
		d->state = DOC_WAITING;
		d->waited = 1;
		return;
	}
	if (taken == 1 && !c->quiet)
		cli_warn(c,
		    "'%s': another process still computes this; no "
		    "longer waiting for it",
		    d->name);
	/* Who had it before may have left it there. */
	if ((!c->refresh || d->waited) && lookup(c, o, d) == 0)
		return;
	begin_reading(c, o, d);
}

struct doc *
doc_open(struct cli *c, const struct ocr_options *o, const char *name)
{
	struct doc *d = calloc(1, sizeof *d);

	if (!d || !(d->name = strdup(name)))
		cli_die(c, "%s", strerror(errno));
	d->fd = -1;
	d->began = pc_ticks();
	d->state = DOC_DONE;
	if (identify(c, d) < 0) {
		d->unread = 1;
		return d;
	}
	cli_key_with(c, &d->id, &d->key);
	if (!c->refresh && lookup(c, o, d) == 0)
		return d;
	cli_event(c, PC_EVENT_MISS,
	    (struct pc_event){.key = d->key,
		.duration = pc_ticks() - d->began});
	d->give_up = pc_deadline(pc_config_span(c->config, "caching.wait"));
	d->state = DOC_WAITING;
	return d;
}

/* ---- its pages ---- */

/* The pages that a range has of a document. */
static unsigned
count_of(const struct range *r, unsigned pages)
{
	unsigned to = r->to == 0 || r->to > pages ? pages : r->to;

	return r->from > to ? 0 : to - r->from + 1;
}

void
doc_opened(const struct ocr_options *o, struct doc *d, unsigned pages)
{
	uint64_t wanted = o->range_count ? 0 : pages;

	d->pages = pages;
	for (size_t i = 0; i < o->range_count; i++)
		wanted += count_of(&o->ranges[i], pages);
	/* As many ranges as may be, of as many pages as may be, are more
	 * than anybody waits for. */
	d->wanted = wanted > UINT32_MAX ? UINT32_MAX : (unsigned)wanted;
	if (d->wanted == 0)
		snprintf(d->error, sizeof d->error,
		    "it has %u page%s, none of those wanted", pages,
		    pages == 1 ? "" : "s");
	else if (d->wanted > 1 && o->form.format == FORMAT_PNG && !o->output)
		snprintf(d->error, sizeof d->error,
		    "these are %u pages: name their files with -o, or choose "
		    "one with --pages",
		    d->wanted);
	if (d->error[0])
		d->state = DOC_DONE;
	/* No page is asked for: doc_finish has them all. */
	if (!d->error[0] && o->form.format == FORMAT_IMAGES) {
		d->asked = d->done = d->wanted;
		d->state = DOC_DONE;
	}
}

unsigned
doc_page(const struct ocr_options *o, const struct doc *d, unsigned i)
{
	if (o->range_count == 0)
		return i + 1;
	for (size_t k = 0; k < o->range_count; k++) {
		unsigned n = count_of(&o->ranges[k], d->pages);

		if (i < n)
			return o->ranges[k].from + i;
		i -= n;
	}
	return 0;
}

static void
say_page(struct cli *c, struct doc *d, const struct page *p)
{
	struct pc_buf *b = &d->says;

	pc_buf_addf(b, "%s{\"page\":%u", b->len ? "," : "", p->number);
	if (p->error[0]) {
		cli_warn(c, "'%s', page %u: %s", d->name, p->number, p->error);
		pc_buf_addf(b, ",\"error\":");
		pc_json_string(b, p->error, strlen(p->error));
	} else {
		pc_buf_addf(b, ",\"source\":\"%s\"", source_names[p->source]);
		if (p->confidence >= 0)
			pc_buf_addf(b, ",\"confidence\":%.1f",
			    p->confidence / 100.0);
		if (p->dpi)
			pc_buf_addf(b, ",\"dpi\":%u", p->dpi);
		if (p->rotation)
			pc_buf_addf(b, ",\"rotation\":%d", p->rotation);
	}
	pc_buf_addf(b, "}");
}

static void
keep_bytes(struct cli *c, struct doc *d, const void *p, size_t n)
{
	d->written += n;
	if (d->value && n > 0 && pc_spool_write(d->value, p, n) < 0) {
		cli_store_failed(c, "keep the text");
		pc_spool_free(d->value);
		d->value = NULL;
	}
}

/* The value takes what the output takes, from its byte `from` on. */
static void
keep_output(struct cli *c, struct doc *d, size_t from)
{
	size_t n = d->out.len - from;

	if (d->out.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	if (d->layer) {
		if (pc_spool_write(d->layer, d->out.data, d->out.len) < 0)
			cli_die(c, "cannot keep the text: %s", strerror(errno));
		d->out.len = 0;
		return;
	}
	if (n > 0)
		keep_bytes(c, d, d->out.data + from, n);
}

/* The value is the list of the pages; each is remembered alone. */
static void
emit_png(struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct slot *s)
{
	struct pc_buf line = {0};

	if (s->page.error[0]) {
		say_page(c, d, &s->page);
		return;
	}
	png_say(c, o, d, &s->page, &s->pixels);
	png_list(&line, &s->page, &s->pixels);
	if (line.failed || d->out.failed || d->says.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	keep_bytes(c, d, line.data, line.len);
	pc_buf_clear(&line);
}

static void
emit_page(struct cli *c, const struct ocr_options *o, struct doc *d,
    struct page *p)
{
	size_t from = d->done == 0 ? 0 : d->out.len;

	if (!p->error[0] && p->parsed && page_lay_out(p) < 0)
		cli_die(c, "%s", strerror(ENOMEM));
	say_page(c, d, p);
	format_page(&o->form, &d->form, p, d->done, &d->out);
	d->assumed += p->assumed;
	keep_output(c, d, from);
	if (d->layer && p->source == SOURCE_TEXT && !d->error[0])
		snprintf(d->error, sizeof d->error,
		    "it is a text file; -f pdf takes PDFs and images");
}

void
doc_emit(struct cli *c, const struct ocr_options *o, struct doc *d, int first)
{
	while (d->state == DOC_READING && d->done < d->wanted) {
		struct slot *s = &d->slots[d->done % SLOTS];

		if (s->state != SLOT_READY)
			break;
		d->errors += s->page.error[0] != '\0';
		if (o->form.format == FORMAT_PNG)
			emit_png(c, o, d, s);
		else
			emit_page(c, o, d, &s->page);
		page_drop(&s->page);
		d->done++;
		*s = (struct slot){.state = SLOT_FREE};
		if (d->done == d->wanted) {
			size_t from = d->out.len;

			format_end(&o->form, &d->form, &d->out);
			keep_output(c, d, from);
			d->state = DOC_DONE;
		}
	}
	/* What comes before the first page goes with it, into the value too. */
	if (first && d->done > 0 && !d->error[0])
		print_out(c, d);
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
	    .extra = d->says.data,
	    .extra_len = d->says.len};
	int64_t ttl = c->ttl, began = pc_ticks();
	struct pc_id key;
	int stored;

	/* Names of files are another run's own. */
	if (format_makes_files(o->form.format))
		r.extra_len = 0;
	if (d->written == 0) {
		if (o->negative < 0)
			return;
		r.flags = PC_RECORD_NEGATIVE;
		ttl = o->negative;
	}
	/* Other documents' keys have been made since. */
	cli_key_with(c, &d->id, &key);
	r.material = c->material.data;
	r.material_len = c->material.len;
	r.expires = cli_expires(c, ttl,
	    o->form.format == FORMAT_TEXT ? "caching.ttl_ocr"
					  : "caching.ttl_layout");
	stored = pc_store_put(c->store, &r, d->value) == 0;
	if (!stored)
		cli_store_failed(c, "store the text");
	cli_event(c, stored ? PC_EVENT_PUT : PC_EVENT_ERROR,
	    (struct pc_event){.key = d->key,
		.bytes = r.size,
		.ttl = pc_record_ttl(&r),
		.duration = pc_ticks() - began});
}

/* The value is the list of the images; each is remembered alone. */
static void
make_images(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	struct pc_buf value = {0};

	images_make(c, o, d, &value);
	keep_bytes(c, d, value.data, value.len);
	pc_buf_clear(&value);
}

/* The document with its layer of text becomes the value. */
static void
make_pdf(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const int kept = c->store && !c->read_only;

	d->value = pc_spool_new(kept ? c->store : NULL);
	if (!d->value)
		cli_die(c, "%s", strerror(errno));
	if (overlay_make(o, d, d->value) == 0)
		d->written = pc_spool_size(d->value);
}

static int
is_whole(const struct doc *d)
{
	return !d->error[0] && d->errors == 0 && !d->damaged && !d->fell_back;
}

void
doc_finish(struct cli *c, const struct ocr_options *o, struct doc *d,
    uint32_t peak_kib)
{
	if (d->state != DOC_DONE || d->finished || d->unread)
		return;
	d->finished = 1;
	if (d->layer && !d->error[0])
		make_pdf(c, o, d);
	if (o->form.format == FORMAT_IMAGES)
		make_images(c, o, d);
	d->cost = pc_ticks() - d->began;
	if (d->tools)
		cli_memory(c,
		    (struct pc_memory){.part = PC_MEMORY_TOOLS,
			.duration = d->cost,
			.started = d->tools,
			.peak_kib = d->tools_kib});
	if (d->tools_kib > peak_kib)
		peak_kib = d->tools_kib;
	cli_event(c, is_whole(d) ? PC_EVENT_COMPUTE : PC_EVENT_ERROR,
	    (struct pc_event){.key = d->key,
		.duration = d->cost,
		.peak_kib = peak_kib,
		.bytes = d->written});
	if (is_whole(d) && !d->by_vision && d->value && c->store &&
	    !c->read_only && is_what_it_was(c, d))
		store(c, o, d, d->cost, peak_kib);
	/* A PDF is printed from there. */
	if (!d->layer) {
		pc_spool_free(d->value);
		d->value = NULL;
	}
	if (d->flying)
		pc_flight_land(c->store, &d->key);
	d->flying = 0;
}

static int
close_read(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const int whole = is_whole(d);
	const char *missing = walls_missing(d->walls);

	if (d->error[0])
		cli_warn(c, "'%s': %s", d->name, d->error);
	if (whole && d->changed)
		cli_warn(c,
		    "'%s' changed while it was read; its text is not "
		    "stored",
		    d->name);
	cli_say(c, whole ? "computed" : "failed", &d->key, d->cost);
	if (c->verbose && d->pages)
		cli_warn(c, "'%s': %u of %u pages, read in %s%s", d->name,
		    d->done, d->pages,
		    *missing ? "a sandbox without " : "the sandbox", missing);
	if (c->jsonl)
		print_record(c, o, d,
		    d->error[0]       ? NULL
			: d->out.data ? d->out.data
				      : (unsigned char *)"",
		    d->out.len);
	else if (d->layer && !d->error[0])
		print_pdf(c, d);
	else if (!d->error[0])
		print_out(c, d);
	if (whole)
		return 0;
	return !d->error[0] && !o->strict &&
		(o->form.format == FORMAT_IMAGES ? d->images > 0 || !d->errors
						 : d->errors < d->done)
	    ? 1
	    : -1;
}

int
doc_close(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	int r = -1;

	if (d->state == DOC_HIT) {
		print_hit(c, o, d);
		r = 0;
	} else if (!d->unread) {
		r = close_read(c, o, d);
	} else if (c->jsonl) {
		print_record(c, o, d, NULL, 0);
	}
	if (d->fd >= 0)
		close(d->fd);
	for (int i = 0; i < SLOTS; i++) {
		page_drop(&d->slots[i].page);
		free(d->slots[i].bytes);
	}
	pc_hit_clear(&d->hit);
	pc_spool_free(d->layer);
	pc_spool_free(d->value);
	pc_buf_clear(&d->out);
	pc_buf_clear(&d->says);
	format_state_clear(&d->form);
	free(d->name);
	free(d);
	return r;
}
