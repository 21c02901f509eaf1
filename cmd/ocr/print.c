/* print.c - what there is of a document, to standard output. */
#include "ocr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	TEXT_MAX = 256 * 1024 * 1024, /* of a document in a JSON line */
};

static void
print(struct cli *c, const void *p, size_t n)
{
	cli_progress_off(c);
	if (cli_write(c, p, n) < 0)
		cli_die(c, "cannot write standard output: %s", strerror(errno));
}

void
print_out(struct cli *c, struct doc *d)
{
	if (c->jsonl || d->layer)
		return;
	print(c, d->out.data, d->out.len);
	d->out.len = 0;
}

void
print_record(struct cli *c, const struct ocr_options *o, const struct doc *d,
    const void *text, size_t n)
{
	struct pc_buf b = {0};
	char hex[PC_ID_HEX];

	pc_buf_addf(&b, "{\"file\":");
	pc_json_string(&b, d->name, strlen(d->name));
	if (text) {
		pc_id_hex(&d->id, hex);
		pc_buf_addf(&b, ",\"id\":\"%s\"", hex);
		if (!format_makes_files(o->form.format))
			pc_buf_addf(&b,
			    ",\"%s\":", format_names[o->form.format]);
		/* What is JSON stays JSON; files are elsewhere. */
		if (o->form.format == FORMAT_LAYOUT) {
			const char *p = text;

			for (size_t i = 0; i < n; i++)
				if (p[i] != '\n')
					pc_buf_add(&b, p + i, 1);
		} else if (!format_makes_files(o->form.format)) {
			pc_json_string(&b, text, n);
		}
		pc_buf_addf(&b, ",\"%s\":[",
		    o->form.format == FORMAT_IMAGES ? "images" : "pages");
		pc_buf_add(&b, d->says.data, d->says.len);
		pc_buf_addf(&b, "]%s", d->damaged ? ",\"damaged\":true" : "");
	} else {
		pc_buf_addf(&b, ",\"error\":");
		pc_json_string(&b, d->error, strlen(d->error));
	}
	pc_buf_addf(&b, "}\n");
	if (b.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	print(c, b.data, b.len);
	pc_buf_clear(&b);
}

static int
send_hit(const void *hit, int out)
{
	return pc_hit_send(hit, out);
}

void
print_hit(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const struct pc_record *r = &d->hit.record;

	if (format_makes_files(o->form.format)) {
		if (c->jsonl)
			print_record(c, o, d, "", 0);
		else
			print(c, d->out.data, d->out.len);
		return;
	}
	if (!c->jsonl) {
		if (cli_send(c, send_hit, &d->hit) < 0)
			cli_die(c, "cannot write the text: %s",
			    errno == EBADMSG ? "it changed on the disk while "
					       "it was read"
					     : strerror(errno));
		return;
	}
	if (pc_hit_read(&d->hit, &d->out, TEXT_MAX) < 0)
		cli_die(c, "cannot read the text: %s", strerror(errno));
	pc_buf_add(&d->says, r->extra, r->extra_len);
	print_record(c, o, d,
	    d->out.data ? d->out.data : (const unsigned char *)"", d->out.len);
}

void
print_pdf(struct cli *c, struct doc *d)
{
	unsigned char *buf = malloc(PC_IO_CHUNK);
	int fd = buf ? pc_spool_open(d->value) : -1;
	ssize_t n = -1;

	while (fd >= 0 && (n = pc_read_full(fd, buf, PC_IO_CHUNK)) > 0)
		print(c, buf, (size_t)n);
	if (n < 0)
		cli_die(c, "cannot read the PDF: %s", strerror(errno));
	close(fd);
	free(buf);
}
