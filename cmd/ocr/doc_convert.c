/* doc_convert.c - documents that a converter makes readable. */
#include "doc_convert.h"

#include "ocr/convert/conversion.h"
#include "reader/convert_key.h"

#include <errno.h>
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

void
doc_drop_conversion(struct doc *d)
{
	struct converted *v = &d->converted;

	if (v->fd >= 0)
		close(v->fd);
	pc_hit_clear(&v->hit);
	pc_buf_clear(&d->text);
	*v = (struct converted){.fd = -1};
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

static void
store(struct convert_result *r, const struct conversion *v)
{
	stage_event(&r->entry, PC_EVENT_COMPUTE,
	    (struct pc_event){.duration = v->cost,
		.peak_kib = v->peak_kib,
		.bytes = pc_spool_size(v->out)});
	(void)stage_store(&r->entry,
	    &(struct stage_result){.spool = v->out,
		.ttl = r->entry.cli->ttl,
		.setting = "caching.ttl_ocr",
		.cost = v->cost,
		.peak_kib = v->peak_kib});
}

static int
convert(struct cli *c, const struct ocr_options *o, struct doc *d,
    struct convert_result *r, const struct converter *by)
{
	struct conversion v = {.all = &o->converters,
	    .by = by,
	    .program = r->program,
	    .fd = d->file.fd,
	    .id = &d->file.id,
	    .require_sandbox = o->require_sandbox,
	    .out = pc_spool_new(stage_stores(c) ? c->store : NULL)};
	int result;

	if (!v.out)
		cli_die(c, "%s", strerror(errno));
	result = conversion_run(&v);
	d->tools++;
	if (v.peak_kib > d->tools_kib)
		d->tools_kib = v.peak_kib;
	if (result < 0)
		(void)doc_fail(d, "%s", v.error);
	else if (take_result(d, v.out) < 0)
		result = doc_fail(d, "cannot convert it: %s", strerror(errno));
	else
		store(r, &v);
	pc_spool_free(v.out);
	return result;
}

int
doc_convert(struct cli *c, const struct ocr_options *o, struct doc *d,
    const char *type)
{
	const struct converter *by = converters_find(&o->converters, type);
	char error[MESSAGE_SIZE];
	struct convert_result r;
	int result = 0;

	/* Another process may have converted it meanwhile. */
	if (convert_key_begin(c, &o->converters, by, &d->file.id, &r, error) <
	    0)
		result = doc_fail(d, "%s", error);
	else if (stage_find(&r.entry) == STAGE_HIT)
		take_hit(d, &r.entry.hit);
	else
		result = convert(c, o, d, &r, by);
	convert_key_end(&r);
	if (result == 0)
		convert_key_note_type(c, &o->engines, &d->file.id, type);
	return result;
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
