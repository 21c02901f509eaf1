/* pdf_file.c - see pdf_file.h. */
#include "pdf_file.h"

#include "cli/place.h"
#include "ocr/output_file.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file, whatever its name.  It has no padding, as its bytes are compared. */
struct file_place {
	uint64_t device, inode;
};

static void *inputs; /* a tree of them */

int
pdf_file_wanted(const struct ocr_options *o)
{
	return o->form.format == FORMAT_PDF && o->output;
}

/* ---- inputs ---- */

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct file_place));
}

static struct file_place
place_of(const struct stat *st)
{
	return (struct file_place){st->st_dev, st->st_ino};
}

void
pdf_file_note_input(struct cli *c, const char *path)
{
	struct file_place *new, **at;
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	new = malloc(sizeof *new);
	if (!new)
		cli_die(c, "%s", strerror(errno));
	*new = place_of(&st);
	at = tsearch(new, &inputs, compare);
	if (!at)
		cli_die(c, "%s", strerror(ENOMEM));
	if (*at != new)
		free(new);
}

static int
is_input(const char *path)
{
	struct file_place place;
	struct stat st;

	if (stat(path, &st) < 0)
		return 0;
	place = place_of(&st);
	return tfind(&place, &inputs, compare) != NULL;
}

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
static struct file_place
origin_of(const struct doc *d)
{
	struct stat st;

	if (d->file.spooled || stat(d->file.name, &st) < 0)
		return (struct file_place){0, 0};
	return place_of(&st);
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
	const struct file_place origin = origin_of(d);
	struct pc_buf *file = &d->out.file;
	const char *name;

	output_file_name(file, o->output,
	    &(struct output_file){.document = &d->file.id,
		.document_name = d->file.name,
		.suffix = ""});
	if (file->failed)
		cli_die(c, "%s", strerror(ENOMEM));
	name = (const char *)file->data;
	if (is_input(name))
		return doc_fail(d, "its output '%.180s' is an input", name);
	if (is_same(c, d, name))
		return place_claim(name, &origin, sizeof origin) == 0
		    ? 0
		    : fail(d, name);
	return place_file(name, &origin, sizeof origin, send_pdf, d) == 0
	    ? 0
	    : fail(d, name);
}
