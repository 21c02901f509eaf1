/* pdf_file.c - see pdf_file.h. */
#include "pdf_file.h"

#include "cli/place.h"
#include "ocr/inputs.h"
#include "ocr/output_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* A document's file.  It has no padding, as its bytes are compared. */
struct source_file {
	uint64_t device, inode;
};

int
pdf_file_wanted(const struct ocr_options *o)
{
	return o->form.format == FORMAT_PDF && o->output;
}

/* ---- where it may be ---- */

/* The pattern {}.pdf gives a PDF its own name. */
void
pdf_file_check_directory(const struct cli *c, const struct ocr_options *o,
    const char *directory)
{
	const char *slash = strrchr(o->output, '/');
	const char *base = slash ? slash + 1 : o->output;
	struct stat from, to;
	struct pc_buf b = {0};

	if (strcmp(base, "{}.pdf") != 0)
		return;
	pc_buf_addf(&b, "%.*s.", (int)(base - o->output), o->output);
	if (b.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	if (stat((char *)b.data, &to) == 0 && stat(directory, &from) == 0 &&
	    to.st_dev == from.st_dev && to.st_ino == from.st_ino)
		cli_usage(c,
		    "-o '%s' would replace the documents in '%s'; use "
		    "another directory or a pattern such as '{}.ocr.pdf'",
		    o->output, directory);
	pc_buf_clear(&b);
}

/* ---- the file ---- */

/* Which document's PDF it is. */
static struct source_file
origin_of(const struct doc *d)
{
	struct stat st;

	if (d->file.spooled || stat(d->file.name, &st) < 0)
		return (struct source_file){0, 0};
	return (struct source_file){st.st_dev, st.st_ino};
}

static int
send_pdf(const void *what, int fd)
{
	const struct doc *d = what;

	return d->state == DOC_HIT ? pc_hit_send(&d->stage.hit, fd)
				   : pc_spool_send(d->out.value, fd);
}

/* Does the file have the bytes already? */
static int
is_same(struct cli *c, const struct doc *d, const char *name)
{
	struct pc_id want, have;
	struct stat st;

	if (stat(name, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	if (d->state == DOC_HIT)
		want = d->stage.hit.record.output;
	else
		pc_spool_id(d->out.value, &want);
	return pc_ident_file(c->store, name, 0, &have, NULL) == 0 &&
	    memcmp(want.b, have.b, sizeof want.b) == 0;
}

static int
fail(struct doc *d, const char *name)
{
	if (errno == EEXIST)
		return doc_fail(d,
		    "'%.180s' is already the file of another document", name);
	return doc_fail(d, "cannot write '%.160s': %s", name,
	    errno == EBADMSG ? "its bytes changed on the disk"
			     : strerror(errno));
}

int
pdf_file_write(struct cli *c, const struct ocr_options *o, struct doc *d)
{
	const struct source_file origin = origin_of(d);
	struct pc_buf *file = &d->out.file;
	const char *name;

	output_file_name(file, o->output,
	    &(struct output_file){.document = &d->file.id,
		.document_name = d->file.name,
		.suffix = ""});
	if (file->failed)
		cli_die(c, "%s", strerror(ENOMEM));
	name = (const char *)file->data;
	if (inputs_has(name))
		return doc_fail(d, "its output '%.180s' is an input", name);
	if (is_same(c, d, name))
		return place_claim(name, &origin, sizeof origin) == 0
		    ? 0
		    : fail(d, name);
	return place_file(name, &origin, sizeof origin, send_pdf, d) == 0
	    ? 0
	    : fail(d, name);
}
