/* doc_convert.c - documents that a converter makes readable. */
#include "doc_convert.h"

#include "ocr/convert/conversion.h"
#include "reader/convert_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 256 * 1024 * 1024 };

void
doc_make_key(struct cli *c, const struct doc *d, struct pc_id *key)
{
	const int converted = d->converted.made;

	/* With both ids, a converter's text has another key than a file of the
	 * same bytes, which may count as a document of another type. */
	if (converted)
		cli_input_id(c, &d->file.id);
	cli_key_with(c, doc_content_id(d), key);
	if (converted)
		pc_spec_drop_input(&c->spec);
}

/* ---- its result ---- */

void
doc_drop_mark(struct pc_buf *text)
{
	static const unsigned char mark[] = {0xef, 0xbb, 0xbf};

	if (text->len < sizeof mark ||
	    memcmp(text->data, mark, sizeof mark) != 0)
		return;
	text->len -= sizeof mark;
	memmove(text->data, text->data + sizeof mark, text->len + 1);
}

static int
load_text(struct doc *d)
{
	struct pc_buf *text = &d->text;

	if (pc_read_all(d->converted.fd, text, TEXT_MAX) < 0 ||
	    pc_buf_add(text, "", 1) < 0)
		return -1;
	text->len--;
	doc_drop_mark(text);
	return 0;
}

static int
take_result(struct doc *d, struct pc_spool *out)
{
	struct converted *v = &d->converted;

	pc_spool_id(out, &v->id);
	v->fd = pc_spool_open(out);
	if (v->fd < 0)
		return -1;
	v->made = 1;
	return conversion_is_pdf(v->fd) ? 0 : load_text(d);
}

/* Its bytes are needed only if its pages are not stored. */
static void
take_hit(struct doc *d, struct pc_hit *hit)
{
	struct converted *v = &d->converted;

	v->made = 1;
	v->id = hit->record.output;
	v->hit = *hit;
	*hit = (struct pc_hit){0};
}

int
doc_load_conversion(struct doc *d)
{
	struct converted *v = &d->converted;
	struct pc_spool *copy;
	struct pc_buf bytes = {0};
	int r = -1;

	if (!v->made || v->fd >= 0)
		return 0;
	copy = pc_spool_new(NULL);
	if (copy && pc_hit_read(&v->hit, &bytes, SIZE_MAX) == 0 &&
	    pc_spool_write(copy, bytes.data, bytes.len) == 0)
		r = take_result(d, copy);
	pc_hit_clear(&v->hit);
	pc_buf_clear(&bytes);
	pc_spool_free(copy);
	return r;
}

/* ---- converting ---- */

void
doc_recall_conversion(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	struct convert_result r;

	if (convert_key_recall(c, &o->converters, &o->engines, &d->file.id, &r,
		0) == 0)
		take_hit(d, &r.entry.hit);
	convert_key_end(&r);
}

int
doc_is_convertible(const struct ocr_options *o, const struct doc *d,
    const char *type)
{
	return !d->converted.made && converters_find(&o->converters, type);
}

/* A conversion under way. */
struct doc_converting {
	struct convert_result result; /* with the key from before the run */
	const struct converter *by;
	int64_t began; /* pc_ticks() */
};

static void
drop_converting(struct doc *d)
{
	if (d->converting)
		convert_key_end(&d->converting->result);
	free(d->converting);
	d->converting = NULL;
}

int
doc_begin_conversion(struct cli *c, const struct ocr_options *o, struct doc *d,
    const char *type)
{
	struct doc_converting *v = calloc(1, sizeof *v);
	char error[MESSAGE_SIZE];
	int r = 1;

	if (!v)
		cli_die(c, "%s", strerror(errno));
	drop_converting(d);
	d->converting = v;
	v->by = converters_find(&o->converters, type);
	v->began = pc_ticks();
	/* Another process may have converted it meanwhile. */
	if (convert_key_begin(c, &o->converters, v->by, &d->file.id, &v->result,
		error) < 0) {
		r = doc_fail(d, "%s", error);
	} else if (stage_find(&v->result.entry) == STAGE_HIT) {
		take_hit(d, &v->result.entry.hit);
		convert_key_note_type(c, &o->engines, &d->file.id, type);
		r = 0;
	}
	if (r != 1)
		drop_converting(d);
	return r;
}

/* ---- in its worker ---- */

static void
send_result(int channel, const struct conversion *v, int failed)
{
	struct page_answer a = {.magic = ANSWER_MAGIC,
	    .kind = failed ? ANSWER_ERROR : ANSWER_TEXT,
	    .confidence = -1,
	    .peak_kib = v->peak_kib,
	    .length = failed ? 0 : pc_spool_size(v->out)};

	if (failed)
		memcpy(a.message, v->error, sizeof a.message);
	if (pc_write_full(channel, &a, sizeof a) == 0 && !failed)
		(void)pc_spool_send(v->out, channel);
}

void
doc_conversion_serve(const void *ctx, int channel, int document)
{
	const struct doc *d = ctx;
	struct conversion v = {.all = &d->options->converters,
	    .by = d->converting->by,
	    .program = d->converting->result.program,
	    .fd = document,
	    .id = &d->file.id,
	    .require_sandbox = d->options->require_sandbox,
	    .out = pc_spool_new(NULL)};
	struct page_request ask;

	/* Nothing else is sent here, so a SIGIO means that pc-ocr ended. */
	if (!v.out || pc_read_full(channel, &ask, sizeof ask) != sizeof ask ||
	    fcntl(channel, F_SETOWN, getpid()) < 0 ||
	    fcntl(channel, F_SETFL, O_ASYNC) < 0)
		return;
	send_result(channel, &v, conversion_run(&v) < 0);
	pc_spool_free(v.out);
}

/* ---- its end ---- */

static void
store(struct doc_converting *v, struct pc_spool *out, uint32_t peak_kib)
{
	struct stage_entry *e = &v->result.entry;
	const int64_t cost = pc_ticks() - v->began;

	stage_event(e, PC_EVENT_COMPUTE,
	    (struct pc_event){.duration = cost,
		.peak_kib = peak_kib,
		.bytes = pc_spool_size(out)});
	(void)stage_store(e,
	    &(struct stage_result){.spool = out,
		.ttl = e->cli->ttl,
		.setting = "caching.ttl_ocr",
		.cost = cost,
		.peak_kib = peak_kib});
}

static int
take_answer(struct cli *c, struct doc *d, const struct worker *w)
{
	const struct page_answer *a = &w->head;
	struct pc_spool *out;
	int r = -1;

	if (a->peak_kib > d->tools_kib)
		d->tools_kib = a->peak_kib;
	if (a->kind != ANSWER_TEXT)
		return doc_fail(d, "%s", a->message);
	out = pc_spool_new(stage_stores(c) ? c->store : NULL);
	if (!out)
		cli_die(c, "%s", strerror(errno));
	if (pc_spool_write(out, w->payload, (size_t)a->length) == 0)
		r = take_result(d, out);
	if (r < 0)
		(void)doc_fail(d, "cannot convert it: %s", strerror(errno));
	else
		store(d->converting, out, a->peak_kib);
	pc_spool_free(out);
	return r;
}

int
doc_end_conversion(struct cli *c, struct doc *d, const struct worker *w)
{
	int r;

	d->tools++;
	r = w
	    ? take_answer(c, d, w)
	    : doc_fail(d, "cannot convert it: the process that runs %.40s died",
		  d->converting->by->argv[0]);
	if (r == 0)
		convert_key_note_type(c, &d->options->engines, &d->file.id,
		    d->converting->by->type);
	drop_converting(d);
	return r;
}

void
doc_drop_conversion(struct doc *d)
{
	struct converted *v = &d->converted;

	if (v->fd >= 0)
		close(v->fd);
	pc_hit_clear(&v->hit);
	pc_buf_clear(&d->text);
	drop_converting(d);
	*v = (struct converted){.fd = -1};
}

int
doc_take_text(struct doc *d, struct page *p)
{
	struct pc_buf *text = &d->text;

	if (!text->data)
		return 1;
	p->source = SOURCE_TEXT;
	p->data = text->data;
	p->length = text->len;
	*text = (struct pc_buf){0};
	return 0;
}
