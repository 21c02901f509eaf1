/* print.c - documents on standard output. */
#include "print.h"

#include "ocr/damage.h"
#include "ocr/declares.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	TEXT_MAX = 256 * 1024 * 1024, /* bytes of text in a document's JSON
				       * line */
};

static void
print(struct cli *c, const void *p, size_t n)
{
	cli_progress_off(c);
	if (cli_write(c, p, n) < 0)
		cli_die(c, "cannot write standard output: %s", strerror(errno));
}

/* Before an attachment, once: its name, if the format is one to be read by
 * people. */
static void
print_heading(struct cli *c, struct doc *d)
{
	struct pc_buf b = {0};

	if (!d->attachment || d->headed++)
		return;
	format_attachment(&d->options->form, d->attachment, &b);
	if (b.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	print(c, b.data, b.len);
	pc_buf_clear(&b);
}

void
print_output(struct cli *c, struct doc *d)
{
	if (c->jsonl || d->out.layer)
		return;
	print_heading(c, d);
	print(c, d->out.text.data, d->out.text.len);
	d->out.text.len = 0;
}

/* ---- --jsonl ---- */

/* Add the document's text in its format; files are not included. */
static void
add_text(struct pc_buf *b, enum format format, const struct pc_buf *text)
{
	const char *key = format_names[format];

	if (format_makes_files(format) || format == FORMAT_PDF)
		return;
	if (format != FORMAT_LAYOUT && format != FORMAT_TABLES) {
		pc_json_add_bytes(b, key, text->len ? (char *)text->data : "",
		    text->len);
		return;
	}
	/* Output that is JSON stays JSON, on one line. */
	pc_json_add_key(b, key, strlen(key));
	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] != '\n')
			pc_buf_add(b, text->data + i, 1);
}

static void
add_result(struct pc_buf *b, const struct ocr_options *o, const struct doc *d)
{
	const struct pc_buf *records = &d->out.records;

	pc_json_add_id(b, "id", &d->file.id);
	pc_json_add_bool(b, "hit", d->state == DOC_HIT);
	if (d->state == DOC_HIT)
		pc_json_add_text(b, "reason", "cached");
	else
		pc_json_add_bytes(b, "reason", d->reason.data, d->reason.len);
	add_text(b, o->form.format, &d->out.text);
	if (d->out.file.len)
		pc_json_add_text(b, "output", (char *)d->out.file.data);
	pc_json_begin_array(b,
	    o->form.format == FORMAT_IMAGES ? "images" : "pages");
	pc_buf_add(b, records->data, records->len);
	pc_json_end_array(b);
	pc_json_add_members(b, d->out.declares.data, d->out.declares.len);
	if (d->damaged)
		pc_json_add_bool(b, "damaged", 1);
}

static void
print_record(struct cli *c, const struct ocr_options *o, const struct doc *d)
{
	struct pc_buf b = {0};

	pc_json_begin_object(&b, NULL);
	pc_json_add_text(&b, "file", d->file.name);
	if (d->attachment)
		pc_json_add_text(&b, "attachment", d->attachment);
	if (d->error[0])
		pc_json_add_text(&b, "error", d->error);
	else
		add_result(&b, o, d);
	pc_json_end_object(&b);
	pc_buf_add(&b, "\n", 1);
	if (b.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	print(c, b.data, b.len);
	pc_buf_clear(&b);
}

/* ---- the result ---- */

static void
print_spool(struct cli *c, struct pc_spool *spool)
{
	unsigned char *buf = malloc(PC_IO_CHUNK);
	int fd = buf ? pc_spool_open(spool) : -1;
	ssize_t n = -1;

	while (fd >= 0 && (n = pc_read_full(fd, buf, PC_IO_CHUNK)) > 0)
		print(c, buf, (size_t)n);
	if (n < 0)
		cli_die(c, "cannot read the PDF: %s", strerror(errno));
	close(fd);
	free(buf);
}

/* The name, without its NUL. */
static void
print_file_name(struct cli *c, const struct pc_buf *name)
{
	print(c, name->data, name->len - 1);
	print(c, "\n", 1);
}

void
print_result(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	if (c->jsonl)
		print_record(c, o, d);
	else if (d->out.file.len && !d->error[0])
		print_file_name(c, &d->out.file);
	else if (d->out.layer && !d->error[0])
		print_spool(c, d->out.value);
	else if (!d->error[0])
		print_output(c, d);
}

static int
send_hit(const void *hit, int out)
{
	return pc_hit_send(hit, out);
}

void
print_hit(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const struct pc_record *r = &d->stage.hit.record;

	if (d->out.file.len)
		pc_buf_add(&d->out.records, r->extra, damage_records_length(r));
	if (d->out.file.len || format_makes_files(o->form.format)) {
		print_result(c, o, d);
		return;
	}
	if (!c->jsonl) {
		print_heading(c, d);
		if (cli_send(c, send_hit, &d->stage.hit) < 0)
			cli_die(c, "cannot write the text: %s",
			    errno == EBADMSG ? "it changed on the disk while "
					       "it was read"
					     : strerror(errno));
		return;
	}
	if (pc_hit_read(&d->stage.hit, &d->out.text, TEXT_MAX) < 0)
		cli_die(c, "cannot read the text: %s", strerror(errno));
	pc_buf_add(&d->out.records, r->extra, damage_records_length(r));
	declares_take_extra(d, r);
	print_record(c, o, d);
}
