/* attachments.c - see attachments.h. */
#include "attachments.h"

#include "cli/stage_files.h"
#include "ocr/declares.h"
#include "ocr/doc_convert.h"
#include "ocr/doc_stage.h"
#include "ocr/page_result.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	FILES_MAX = 100,       /* of a document */
	BYTES_MAX = 256 << 20, /* of all of them */
};

static const char attachment_stage[] = "ocr.attachment";

static void
clear(struct attachments *a)
{
	if (a->asked)
		asking_end(&a->asking);
	if (a->all) {
		doc_file_close(&a->of);
		if (a->fd >= 0)
			close(a->fd);
	}
	pc_json_free(a->all);
	*a = (struct attachments){0};
}

/* ---- the list ---- */

static struct pc_json *
parse(const struct pc_buf *members)
{
	struct pc_json *object = NULL;
	struct pc_buf b = {0};
	struct pc_error err;

	pc_buf_add(&b, "{", 1);
	pc_buf_add(&b, members->data, members->len);
	if (pc_buf_add(&b, "}", 1) == 0)
		object = pc_json_parse((char *)b.data, b.len, &err);
	pc_buf_clear(&b);
	return object;
}

static int
copy_fd(int fd)
{
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static void
take_list(struct attachments *a, struct cli *c, struct doc *d,
    struct pc_json *all, size_t count)
{
	*a = (struct attachments){.all = all,
	    .of = d->file,
	    .id = *doc_content_id(d),
	    .count = count,
	    .room = BYTES_MAX};
	a->of.name = strdup(d->file.name);
	if (!a->of.name)
		cli_die(c, "%s", strerror(errno));
	a->of.fd = copy_fd(d->file.fd);
	/* If this fails, so does reading them. */
	(void)doc_load_conversion(d);
	a->fd = copy_fd(d->converted.fd);
}

void
attachments_take(struct attachments *a, struct cli *c,
    const struct ocr_options *o, struct doc *d)
{
	struct pc_json *all;
	size_t count;

	if (!o->attachments || d->error[0] || d->unidentified)
		return;
	if (d->state == DOC_HIT)
		declares_take_extra(d, &d->stage.hit.record);
	if (d->out.declares.len == 0)
		return;
	all = parse(&d->out.declares);
	count = pc_json_length(pc_json_get(all, "attachments"));
	if (count > 0 && !d->attachment) {
		take_list(a, c, d, all, count);
		return;
	}
	if (count > 0 && !(a->nested = strdup(d->file.name)))
		cli_die(c, "%s", strerror(errno));
	pc_json_free(all);
}

/* Append the name of attachment n (from 1), or this number if it has none, with
 * a final NUL. */
static void
add_name(const struct attachments *a, size_t n, struct pc_buf *out)
{
	const struct pc_json *item = pc_json_at(
	    pc_json_get(a->all, "attachments"), n - 1);
	size_t length;
	const char *name = pc_json_text(pc_json_get(item, "name"), &length);

	if (name)
		pc_buf_add(out, name, strlen(name) + 1);
	else
		pc_buf_addf(out, "%zu%c", n, '\0');
}

/* ---- one in the store ---- */

static void
begin_file(struct stage_file *f, struct cli *c, const struct ocr_options *o,
    const struct attachments *a, size_t n)
{
	struct pc_spec s;
	const int whole = page_result_begin_key(&s, o, attachment_stage,
			      &a->id) == 0 &&
	    param_number(&s, "attachment", (unsigned)n) == 0;

	stage_file_begin(f, c, attachment_stage, &s, whole);
}

static void
store(struct stage_file *f, const struct attachments *a, struct pc_spool *out,
    int64_t cost)
{
	(void)stage_file_store(f,
	    &(struct stage_result){.spool = out,
		.ttl = f->entry.cli->ttl,
		.setting = "caching.ttl_ocr",
		.cost = cost,
		.peak_kib = a->task.peak_kib});
}

/* Copy what was found to a file that helpers can map.  -1 with errno. */
static int
spool_found(struct stage_file *f)
{
	struct pc_spool *copy = pc_spool_new(NULL);
	struct pc_buf bytes = {0};
	int fd = -1;

	f->bytes = &bytes;
	if (copy && stage_file_find(f) == 0 &&
	    pc_spool_write(copy, bytes.data, bytes.len) == 0)
		fd = pc_spool_open(copy);
	f->bytes = NULL;
	pc_buf_clear(&bytes);
	pc_spool_free(copy);
	return fd;
}

/* ---- one from the document ---- */

/* -1: error. */
static int
begin_asking(struct attachments *a, struct cli *c, const struct ocr_options *o,
    char error[MESSAGE_SIZE])
{
	const int64_t most = o->page_timeout;
	int fd = a->fd;

	if (a->asked && !asking_crashed(&a->asking))
		return 0;
	if (fd < 0) {
		if (doc_file_open(c, &a->of) < 0 || a->of.changed) {
			snprintf(error, MESSAGE_SIZE, "%s",
			    a->of.changed ? "the document has changed"
					  : strerror(errno));
			return -1;
		}
		fd = a->of.fd;
	}
	if (a->asked)
		asking_end(&a->asking);
	a->task = (struct pdf_task){.fd = fd,
	    .password = o->password,
	    .require_sandbox = o->require_sandbox};
	a->asked = 1;
	if (asking_begin(&a->asking, &a->task, fd,
		most == PC_NEVER ? 0 : (unsigned)(most / 1000000),
		"extracted the attachment") == 0)
		return 0;
	snprintf(error, MESSAGE_SIZE, "%s", a->task.error);
	return -1;
}

/* -1: error. */
static int
fetch(struct attachments *a, size_t n, struct pc_spool *out,
    char error[MESSAGE_SIZE])
{
	const struct worker *w = &a->asking.worker;
	struct page_request request = {.what = REQUEST_ATTACHMENT,
	    .page = (uint32_t)n};

	for (;; request.width++) {
		if (asking_ask(&a->asking, &request, NULL) < 0) {
			snprintf(error, MESSAGE_SIZE, "%s", a->task.error);
			return -1;
		}
		if (pc_spool_size(out) + w->head.length > a->room) {
			snprintf(error, MESSAGE_SIZE,
			    "the attachments of a document are read up to %d "
			    "MiB in total",
			    BYTES_MAX >> 20);
			return -1;
		}
		if (pc_spool_write(out, w->payload, w->head.length) < 0) {
			snprintf(error, MESSAGE_SIZE, "%s", strerror(errno));
			return -1;
		}
		if (w->head.length < PDF_PIECE)
			return 0;
	}
}

/* Extract and store it.  Returns its bytes; -1: error. */
static int
extract(struct attachments *a, struct cli *c, const struct ocr_options *o,
    size_t n, struct stage_file *f, struct pc_id *id, char error[MESSAGE_SIZE])
{
	const int64_t began = pc_ticks();
	struct pc_spool *out;
	int fd = -1;

	if (c->offline) {
		snprintf(error, MESSAGE_SIZE, "not in the cache (--offline)");
		return -1;
	}
	out = pc_spool_new(stage_stores(c) ? c->store : NULL);
	if (!out)
		cli_die(c, "%s", strerror(errno));
	if (begin_asking(a, c, o, error) == 0 && fetch(a, n, out, error) == 0) {
		fd = pc_spool_open(out);
		pc_spool_id(out, id);
		a->room -= pc_spool_size(out);
		if (fd < 0)
			snprintf(error, MESSAGE_SIZE, "%s", strerror(errno));
		else if (a->fd >= 0 || doc_file_unchanged(&a->of))
			store(f, a, out, pc_ticks() - began);
	}
	pc_spool_free(out);
	return fd;
}

/* ---- as documents ---- */

/* Open attachment n (from 1), which is named. */
static struct doc *
open_named(struct attachments *a, struct cli *c, const struct ocr_options *o,
    size_t n, struct doc_source *from)
{
	char error[MESSAGE_SIZE] = "";
	struct stage_file f;
	struct doc *d;
	int stored;

	begin_file(&f, c, o, a, n);
	stored = stage_file_find(&f) == 0 && f.entry.hit.record.size <= a->room;
	if (stored) {
		from->id = f.entry.hit.record.output;
		a->room -= f.entry.hit.record.size;
	} else {
		from->fd = extract(a, c, o, n, &f, &from->id, error);
	}
	d = error[0] ? doc_open_failed(c, o, from, error)
		     : doc_open_attached(c, o, from);
	/* Its bytes are needed only if its text is not stored. */
	if (stored && d->state != DOC_HIT && !c->offline) {
		d->file.fd = spool_found(&f);
		if (d->file.fd < 0) {
			doc_fail(d, "%s", strerror(errno));
			d->state = DOC_DONE;
		}
	}
	stage_file_end(&f);
	return d;
}

static struct doc *
open_next(struct attachments *a, struct cli *c, const struct ocr_options *o)
{
	struct pc_buf name = {0}, path = {0};
	struct doc_source from = {.fd = -1};
	struct doc *d;

	add_name(a, ++a->next, &name);
	pc_buf_addf(&path, "%s/attachment %s%c", a->of.name,
	    name.data ? (char *)name.data : "", '\0');
	if (name.failed || path.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	from.name = (char *)path.data;
	from.attachment = (char *)name.data;
	d = open_named(a, c, o, a->next, &from);
	pc_buf_clear(&name);
	pc_buf_clear(&path);
	return d;
}

/* A document for those that are not read: it has failed. */
static struct doc *
refuse(struct cli *c, const struct ocr_options *o, const char *of,
    const char *which, const char *error)
{
	struct pc_buf path = {0};
	struct doc_source from = {.fd = -1};
	struct doc *d;

	pc_buf_addf(&path, "%s/%s%c", of, which, '\0');
	if (path.failed)
		cli_die(c, "%s", strerror(ENOMEM));
	from.name = (char *)path.data;
	d = doc_open_failed(c, o, &from, error);
	pc_buf_clear(&path);
	return d;
}

struct doc *
attachments_next(struct attachments *a, struct cli *c,
    const struct ocr_options *o)
{
	char which[64], error[MESSAGE_SIZE];
	struct doc *d;

	if (a->nested) {
		d = refuse(c, o, a->nested, "attachments",
		    "attachments of attachments are not read");
		free(a->nested);
		a->nested = NULL;
		return d;
	}
	if (a->next == a->count) {
		clear(a);
		return NULL;
	}
	if (a->next < FILES_MAX)
		return open_next(a, c, o);
	snprintf(which, sizeof which, "attachments %d to %zu", FILES_MAX + 1,
	    a->count);
	snprintf(error, sizeof error,
	    "only the first %d attachments of a document are read", FILES_MAX);
	a->next = a->count;
	return refuse(c, o, a->of.name, which, error);
}
