/* doc_tools.c - formats that need a program for PDFs. */
#include "doc_tools.h"

#include "ocr/damage.h"
#include "ocr/emit.h"
#include "ocr/image_files.h"
#include "ocr/pdf/searchable.h"

#include <errno.h>
#include <string.h>

static struct pdf_task
begin_task(const struct ocr_options *o, const struct doc *d)
{
	return (struct pdf_task){.fd = doc_content_fd(d),
	    .pages = d->queue.pages,
	    .ranges = &o->pages,
	    .password = o->password,
	    .require_sandbox = o->require_sandbox};
}

static void
end_task(struct doc *d, const struct pdf_task *t)
{
	d->tools += t->tools;
	if (t->peak_kib > d->tools_kib)
		d->tools_kib = t->peak_kib;
	if (t->error[0])
		doc_fail(d, "%s", t->error);
}

int
doc_check_tools(const struct ocr_options *o, struct doc *d)
{
	struct pdf_task t = begin_task(o, d);
	int r = 0;

	if (o->form.format == FORMAT_PDF)
		r = searchable_check_tools(&t);
	else if (o->form.format == FORMAT_IMAGES)
		r = image_files_check(&t);
	d->unsupported = r < 0 && o->form.format == FORMAT_IMAGES &&
	    !pdf_detect(doc_content_fd(d));
	end_task(d, &t);
	return r;
}

int
doc_check_type(const struct ocr_options *o, struct doc *d, const char *type)
{
	static const char *const types[][3] = {
	    {"image/heic", "HEIC", "to JPEG, for example with heif-convert"},
	    {"image/heif", "HEIF", "to JPEG, for example with heif-convert"},
	    {"image/avif", "AVIF", "to JPEG, for example with heif-convert"},
	    {"image/vnd.djvu", "DjVu", "with 'ddjvu -format=pdf'"}};

	if (o->form.format != FORMAT_PDF)
		return 0;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strncmp(type, types[i][0], strlen(types[i][0])) != 0)
			continue;
		d->unsupported = 1;
		return doc_fail(d, "-f pdf does not support %s; convert it %s",
		    types[i][1], types[i][2]);
	}
	return 0;
}

static void
warn_of_signature(struct cli *c, struct doc *d)
{
	static const char text[] = ": it is signed; the signature does not "
				   "cover the searchable PDF";

	doc_warn(c, d, "%s", text);
	pc_buf_addf(&d->out.warnings, "%c%s\n", DAMAGE_NONE, text);
}

void
doc_make_searchable(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const struct image_pages images = {.dpi = o->dpi,
	    .unscaled = d->unscaled == d->queue.wanted};
	const int stored = stage_stores(c);
	struct pdf_task t = begin_task(o, d);

	t.redone = (const unsigned *)(const void *)d->out.redone.data;
	t.redone_count = d->out.redone.len / sizeof *t.redone;
	t.turns = (const struct page_turn *)(const void *)d->out.turns.data;
	t.turn_count = d->out.turns.len / sizeof *t.turns;
	d->out.value = pc_spool_new(stored ? c->store : NULL);
	if (!d->out.value)
		cli_die(c, "%s", strerror(errno));
	if (searchable_make(&t, &images, d->out.layer, d->out.value) == 0)
		d->out.written = pc_spool_size(d->out.value);
	if (!t.error[0] && searchable_is_signed(t.fd))
		warn_of_signature(c, d);
	end_task(d, &t);
}

void
doc_make_images(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	struct pdf_task t = begin_task(o, d);
	struct pc_buf list = {0};

	if (!d->error[0]) {
		t.max_megapixels = (unsigned)pc_config_int(c->config,
		    "ocr.max_megapixels");
		image_files_make(c, o, d, &t, &list);
		emit_value(c, d, list.data, list.len);
		pc_buf_clear(&list);
	}
	end_task(d, &t);
}
