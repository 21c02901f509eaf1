/* attachments.c - the files attached to a PDF. */
#include "attachments.h"
#include "declare_in.h"
#include "details.h"
#include "helper/doc/base/answer.h"
#include "name.h"
#include "opened.h"

#include <stdlib.h>
#include <string.h>

void
pdf_add_file_name(struct declaring *c, const char *key, qpdf_oh file)
{
	qpdf_oh name = file;

	if (qpdf.oh_is_dictionary(c->s->pdf, file)) {
		name = pdf_get(c, file, "/UF");
		if (!qpdf.oh_is_string(c->s->pdf, name))
			name = pdf_get(c, file, "/F");
	}
	pdf_add_text(c, key, name);
}

/* ---- where they are ---- */

struct attachment {
	qpdf_oh file; /* its specification */
	qpdf_oh data; /* a stream */
};

/* A walk through the files of a document. */
struct attachment_walk {
	struct pdf_seen seen;
	void (*each)(void *ctx, struct declaring *, const struct attachment *);
	void *ctx;
};

static void
meet_file(struct attachment_walk *w, struct declaring *c, qpdf_oh file)
{
	const qpdf_oh files = pdf_get(c, file, "/EF");
	struct attachment a = {file, pdf_get(c, files, "/F")};

	if (!qpdf.oh_is_stream(c->s->pdf, a.data))
		a.data = pdf_get(c, files, "/UF");
	if (qpdf.oh_is_stream(c->s->pdf, a.data) &&
	    pdf_seen_add(&w->seen, c, a.data))
		w->each(w->ctx, c, &a);
}

static void
meet_name(void *ctx, struct declaring *c, qpdf_oh key, qpdf_oh file)
{
	(void)key;
	meet_file(ctx, c, file);
}

/* Files that only an annotation attaches. */
static void
walk_annotations(struct attachment_walk *w, struct declaring *c, qpdf_oh page)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh annots = pdf_get(c, page, "/Annots");
	const int n = pdf_length(c, annots);

	for (int i = 0; i < n && declaring_step(c); i++) {
		const qpdf_oh annot = qpdf.oh_get_array_item(pdf, annots, i);

		if (qpdf_is(c->s, annot, "/Subtype", "/FileAttachment"))
			meet_file(w, c, pdf_get(c, annot, "/FS"));
	}
}

/* Call each once for every file.  The order is that of the output. */
static void
walk_attachments(struct declaring *c,
    void (*each)(void *, struct declaring *, const struct attachment *),
    void *ctx)
{
	static const char *const name[] = {"/FileAttachment", NULL};
	struct attachment_walk w = {.each = each, .ctx = ctx};
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh names = pdf_get(c, qpdf.get_root(pdf), "/Names");

	pdf_tree_walk(c, pdf_get(c, names, "/EmbeddedFiles"), "/Names",
	    meet_name, &w);
	if (pdf_may_name(c->document->bytes, name))
		for (unsigned i = 0; i < c->s->pages && declaring_step(c); i++)
			walk_annotations(&w, c, qpdf.get_page_n(pdf, i));
	free(w.seen.bits);
}

/* ---- their list ---- */

static void
add_attachment(void *ctx, struct declaring *c, const struct attachment *a)
{
	qpdf_data pdf = c->s->pdf;
	const qpdf_oh dict = qpdf.oh_get_dict(pdf, a->data);
	const qpdf_oh params = pdf_get(c, dict, "/Params");
	const qpdf_oh size = pdf_get(c, params, "/Size");

	(void)ctx;
	pc_json_begin_object(&c->out, NULL);
	pdf_add_file_name(c, "name", a->file);
	pdf_add_text(c, "description", pdf_get(c, a->file, "/Desc"));
	pdf_add_name(c, "type", pdf_get(c, dict, "/Subtype"));
	if (qpdf.oh_get_int_value(pdf, size) > 0)
		pc_json_add_int(&c->out, "size",
		    qpdf.oh_get_int_value(pdf, size));
	pdf_add_date_of(c, "created", pdf_get(c, params, "/CreationDate"));
	pdf_add_date_of(c, "modified", pdf_get(c, params, "/ModDate"));
	pc_json_end_object(&c->out);
}

void
pdf_add_attachments(struct declaring *c)
{
	const size_t start = c->out.len;
	size_t empty;

	pc_json_begin_array(&c->out, "attachments");
	empty = c->out.len;
	walk_attachments(c, add_attachment, NULL);
	if (c->out.len == empty)
		c->out.len = start;
	else
		pc_json_end_array(&c->out);
}

/* ---- the bytes of one ---- */

/* The one that was read last: it is sent in pieces. */
static struct {
	uint32_t number; /* 0: none */
	unsigned char *bytes;
	size_t length;
} current;

struct attachment_read {
	uint32_t left; /* files before it; it is the last of them */
	int found, whole;
};

static void
read_attachment(void *ctx, struct declaring *c, const struct attachment *a)
{
	struct attachment_read *r = ctx;
	QPDF_BOOL filtered = QPDF_FALSE;

	if (r->left-- != 1)
		return;
	r->found = 1;
	/* Forget older warnings; a new one means that bytes are missing. */
	while (qpdf.more_warnings(c->s->pdf))
		qpdf.next_warning(c->s->pdf);
	r->whole = qpdf.oh_get_stream_data(c->s->pdf, a->data,
		       qpdf_dl_generalized, &filtered, &current.bytes,
		       &current.length) == QPDF_SUCCESS &&
	    filtered;
}

/* Read it, unless it is the current one. */
static const char *
take(struct document *d, uint32_t number)
{
	struct declaring c = {.document = d};
	struct attachment_read r = {.left = number};

	if (number == current.number)
		return NULL;
	free(current.bytes);
	memset(&current, 0, sizeof current);
	if (d->kind.kind == KIND_PDF && !d->rescued)
		c.s = document_checker(d);
	if (!c.s || pdf_details_pages(c.s) != d->pages)
		return "libqpdf cannot read the document";
	walk_attachments(&c, read_attachment, &r);
	qpdf.oh_release_all(c.s->pdf);
	if (r.whole)
		current.number = number;
	return r.whole ? NULL
	    : r.found  ? "its data are damaged or of an unknown form"
		       : "the document has no such attachment";
}

void
pdf_attachment_answer(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	const size_t from = (size_t)ask->width * PDF_PIECE;
	const char *error = take(d, ask->page);
	size_t n;

	if (error) {
		page_answer_fail(a, error);
		return;
	}
	n = from < current.length ? current.length - from : 0;
	n = n < PDF_PIECE ? n : PDF_PIECE;
	*payload = malloc(n + 1);
	if (!*payload) {
		page_answer_fail(a, "out of memory");
		return;
	}
	if (n > 0)
		memcpy(*payload, current.bytes + from, n);
	a->kind = ANSWER_TEXT;
	a->length = n;
}
