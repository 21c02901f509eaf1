/* image_files.c - the images embedded in a PDF, as files (-f images). */
#include "image_files.h"

#include "cli/stage_files.h"
#include "ocr/damage.h"
#include "ocr/file_cache.h"
#include "ocr/output_file.h"
#include "ocr/page/image_file.h"
#include "ocr/pdf/embedded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A line of the list of images. */
struct listed {
	unsigned page, number;
	struct image_size file;
	double box[4];
	struct pc_id id; /* digest of the file's bytes */
};

/* ---- the list ---- */

/* Begin an image's JSON object, with its "output" member if output is not
 * NULL. */
static void
begin_image(struct pc_buf *b, const struct listed *i, const char *output)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_uint(b, "page", i->page);
	pc_json_add_uint(b, "image", i->number);
	if (output)
		pc_json_add_text(b, "output", output);
	pc_json_add_text(b, "type", i->file.jpeg ? "image/jpeg" : "image/png");
	pc_json_add_uint(b, "width", i->file.width);
	pc_json_add_uint(b, "height", i->file.height);
	pc_json_begin_array(b, "box");
	for (int k = 0; k < 4; k++)
		pc_json_add_fixed(b, NULL, i->box[k], 2);
	pc_json_end_array(b);
}

static void
write_line(struct pc_buf *b, const struct listed *i)
{
	begin_image(b, i, NULL);
	pc_json_add_id(b, "id", &i->id);
	pc_json_end_object(b);
	pc_buf_add(b, "\n", 1);
}

static int
parse_line(const char *line, struct listed *i)
{
	char type[8], hex[PC_ID_HEX];
	double *b = i->box;

	if (sscanf(line,
		"{\"page\":%u,\"image\":%u,\"type\":\"image/%7[a-z]\","
		"\"width\":%u,\"height\":%u,\"box\":[%lf,%lf,%lf,%lf],"
		"\"id\":\"%64[0-9a-f]",
		&i->page, &i->number, type, &i->file.width, &i->file.height,
		&b[0], &b[1], &b[2], &b[3], hex) != 10)
		return -1;
	i->file.jpeg = strcmp(type, "jpeg") == 0;
	return pc_id_parse(hex, &i->id);
}

/* ---- the output ---- */

/* Write the image's file and report it.  -1: error. */
static int
write_image(const struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct listed *i, const struct pc_buf *bytes,
    char error[MESSAGE_SIZE])
{
	struct pc_buf name = {0}, *records = &d->out.records;
	int r = output_file_write(o->output,
	    &(struct output_file){.document = &d->file.id,
		.document_name = d->file.name,
		.page = i->page,
		.image = i->number,
		.suffix = i->file.jpeg ? ".jpg" : ".png"},
	    bytes->data, bytes->len, &name, error);

	if (r == 0 && c->jsonl) {
		begin_image(records, i, (char *)name.data);
		pc_json_end_object(records);
	} else if (r == 0) {
		pc_buf_addf(&d->out.text, "%s\n", (char *)name.data);
	}
	pc_buf_clear(&name);
	if (records->failed || d->out.text.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	return r;
}

static void
report_error(const struct cli *c, struct doc *d, const struct listed *i,
    const char *error)
{
	struct pc_buf *records = &d->out.records;

	/* Without a number, the page's images are unknown. */
	if (i->number)
		doc_warn(c, d, ", page %u, image %u: %s", i->page, i->number,
		    error);
	else
		doc_warn(c, d, ", page %u: %s", i->page, error);
	pc_json_begin_object(records, NULL);
	pc_json_add_uint(records, "page", i->page);
	if (i->number)
		pc_json_add_uint(records, "image", i->number);
	pc_json_add_text(records, "error", error);
	pc_json_end_object(records);
	if (records->failed)
		cli_die(c, "%s", strerror(ENOMEM));
	d->page_errors++;
}

/* ---- from the PDF ---- */

/* The state while images are taken from a document. */
struct image_taking {
	struct cli *cli;
	const struct ocr_options *options;
	struct doc *doc;
	struct pc_buf *list;
};

static void
take_image(void *ctx, const struct embedded *e)
{
	struct image_taking *t = ctx;
	struct doc *d = t->doc;
	struct listed i = {.page = e->page, .number = e->number};
	char error[MESSAGE_SIZE] = "";

	memcpy(i.box, e->box, sizeof i.box);
	if (e->error)
		snprintf(error, sizeof error, "%s", e->error);
	else if (image_file_measure(e->bytes.data, e->bytes.len, &i.file) < 0)
		snprintf(error, sizeof error, "it is incomplete");
	if (!error[0]) {
		if (e->damaged)
			damage_warn_image(t->cli, d, i.page, i.number);
		pc_sha256(e->bytes.data, e->bytes.len, &i.id);
		if (doc_file_unchanged(&d->file) && !d->damaged)
			file_cache_store_image(t->cli, t->options,
			    doc_content_id(d), i.page, i.number, &e->bytes);
		(void)write_image(t->cli, t->options, d, &i, &e->bytes, error);
	}
	if (error[0]) {
		report_error(t->cli, d, &i, error);
	} else {
		write_line(t->list, &i);
		d->images++;
	}
}

/* Is it the first time that this page is wanted? */
static int
is_new(unsigned char *seen, unsigned page)
{
	const unsigned char bit = (unsigned char)(1 << page % 8);
	const int new = !(seen[page / 8] & bit);

	seen[page / 8] |= bit;
	return new;
}

/* Take each image of the wanted pages once, even if a page is wanted twice. */
static void
take_images(struct image_taking *t, struct pdf_task *task)
{
	const struct page_queue *q = &t->doc->queue;
	unsigned char *seen = calloc(q->pages / 8 + 1, 1);
	struct embedded_reader r;

	if (!seen)
		cli_die(t->cli, "%s", strerror(ENOMEM));
	embedded_begin(&r, task, t->options->page_timeout);
	for (unsigned n = 0; n < q->wanted && !task->error[0]; n++) {
		const unsigned page = page_ranges_page(&t->options->pages,
		    q->pages, n);

		if (is_new(seen, page))
			embedded_read_page(&r, page, take_image, t);
	}
	embedded_end(&r);
	free(seen);
}

void
image_files_make(struct cli *c, const struct ocr_options *o, struct doc *d,
    struct pdf_task *t, struct pc_buf *list)
{
	struct pc_buf lines = {0};

	take_images(&(struct image_taking){c, o, d, &lines}, t);
	/* A document without images has an empty list. */
	pc_json_begin_object(list, NULL);
	pc_json_add_uint(list, "images", d->images);
	pc_json_end_object(list);
	pc_buf_add(list, "\n", 1);
	if (pc_buf_add(list, lines.data, lines.len) < 0 || lines.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	pc_buf_clear(&lines);
}

int
image_files_check(struct pdf_task *t)
{
	return pdf_detect(t->fd)
	    ? 0
	    : pdf_fail(t,
		  "it is not a PDF; -f images extracts images from PDFs only");
}

/* ---- from the store ---- */

/* The state while images are restored from a list. */
struct image_restoring {
	struct cli *cli;
	const struct ocr_options *options;
	struct doc *doc;
	int begun;                 /* the first line, which holds the number,
				    * was read */
	unsigned listed, restored; /* numbers of images */
};

static int
restore_image(struct image_restoring *all, const char *line)
{
	struct doc *d = all->doc;
	char error[MESSAGE_SIZE];
	struct pc_buf bytes = {0};
	struct listed i;
	int r = 1;

	if (parse_line(line, &i) == 0 &&
	    file_cache_find_image(all->cli, all->options, doc_content_id(d),
		i.page, i.number, &i.id, &bytes) == 0)
		r = write_image(all->cli, all->options, d, &i, &bytes, error) !=
		    0;
	all->restored += r == 0;
	pc_buf_clear(&bytes);
	return r;
}

static int
restore(void *ctx, const char *line)
{
	struct image_restoring *all = ctx;

	if (all->begun)
		return restore_image(all, line);
	all->begun = 1;
	return sscanf(line, "{\"images\":%u}", &all->listed) != 1;
}

int
image_files_restore(struct cli *c, const struct ocr_options *o, struct doc *d,
    const struct pc_hit *list)
{
	struct image_restoring all = {.cli = c, .options = o, .doc = d};

	if (stage_files_take(list, restore, &all) == 0 &&
	    all.restored == all.listed)
		return 0;
	d->out.text.len = d->out.records.len = 0;
	return 1;
}
