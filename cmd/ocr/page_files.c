/* page_files.c - pages as PNG files (-f png). */
#include "page_files.h"

#include "cli/stage_files.h"
#include "ocr/damage.h"
#include "ocr/file_cache.h"
#include "ocr/output_file.h"

#include <errno.h>
#include <string.h>

static struct output_file
file_of(const struct doc *d, const struct page *p)
{
	return (struct output_file){.document = &d->file.id,
	    .document_name = d->file.name,
	    .page = p->number,
	    .suffix = ""};
}

void
page_file_write(const struct ocr_options *o, const struct doc *d,
    struct page *p)
{
	const struct output_file file = file_of(d, p);
	struct pc_buf name = {0};

	if (!o->output)
		return;
	(void)output_file_write(o->output, &file, p->data, p->length, &name,
	    p->error);
	page_drop(p);
	pc_buf_clear(&name);
}

static void
add_size(struct pc_buf *b, const struct pixels *p)
{
	pc_json_add_uint(b, "width", p->width);
	pc_json_add_uint(b, "height", p->height);
	pc_json_add_uint(b, "dpi", p->dpi);
}

void
page_file_report(const struct cli *c, const struct ocr_options *o,
    struct doc *d, const struct page *p, const struct pixels *pixels)
{
	const struct output_file file = file_of(d, p);
	struct pc_buf name = {0}, *b = &d->out.records;

	if (!o->output) {
		pc_buf_add(&d->out.text, p->data, p->length);
		return;
	}
	output_file_name(&name, o->output, &file);
	if (name.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	if (c->jsonl) {
		pc_json_begin_object(b, NULL);
		pc_json_add_uint(b, "page", p->number);
		pc_json_add_text(b, "output", (char *)name.data);
		add_size(b, pixels);
		if (page_is_damaged(p))
			damage_add_page(b, p);
		pc_json_end_object(b);
	} else {
		pc_buf_addf(&d->out.text, "%s\n", (char *)name.data);
	}
	pc_buf_clear(&name);
}

void
page_file_list(struct pc_buf *b, const struct page *p,
    const struct pixels *pixels)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_uint(b, "page", p->number);
	add_size(b, pixels);
	pc_json_end_object(b);
	pc_buf_add(b, "\n", 1);
}

/* The state while pages are restored from a list. */
struct page_restoring {
	struct cli *cli;
	const struct ocr_options *options;
	struct doc *doc;
	unsigned count; /* lines so far */
};

/* Restore one page of the list. */
static int
restore(void *ctx, const char *line)
{
	struct page_restoring *all = ctx;
	const struct ocr_options *o = all->options;
	struct doc *d = all->doc;
	struct page p = {0};
	struct pixels pixels;
	int r = 1;

	/* Without -o only one page can be printed.  Report a miss: reading the
	 * document fails with a message that -o is needed. */
	if (++all->count > 1 && !o->output)
		return 1;
	if (sscanf(line, "{\"page\":%u,", &p.number) == 1)
		r = file_cache_find_png(all->cli, o, doc_content_id(d), &p,
		    &pixels);
	if (r == 0)
		page_file_write(o, d, &p);
	r = r != 0 || p.error[0];
	if (!r)
		page_file_report(all->cli, o, d, &p, &pixels);
	page_drop(&p);
	return r;
}

int
page_files_restore(struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct pc_hit *list)
{
	struct page_restoring all = {.cli = c, .options = o, .doc = d};
	const int r = stage_files_take(list, restore, &all);

	if (r != 0)
		d->out.text.len = d->out.records.len = 0;
	return r;
}
