/* declare.c - what a PDF declares, beside the text of its pages. */
#include "declare_in.h"
#include "details.h"
#include "helper/doc/base/late.h"
#include "helper/doc/document.h"
#include "name.h"
#include "opened.h"

#include <stdlib.h>
#include <string.h>

/* Only a document that names one of these needs libqpdf; the first one only if
 * the document information lacks something. */
static const char *const names[] = {"/Metadata", "/Annots", "/Outlines",
    "/PageLabels", "/EmbeddedFiles", "/Alt", NULL};

/* The libqpdf document, if it has to be read and shows the same pages as
 * poppler. */
static struct pdf_details *
details_of(struct document *d)
{
	const size_t skip = !pdf_metadata_is_short(d);
	struct pdf_details *s;

	if (d->rescued ||
	    (!pdf_may_name(d->bytes, names + skip) && pdf_metadata_is_ascii(d)))
		return NULL;
	s = document_checker(d);
	return pdf_details_pages(s) == d->pages ? s : NULL;
}

/* Begin a line for a page (0: for the document).  Returns where it begins. */
static size_t
begin_line(struct declaring *c, unsigned page)
{
	const size_t start = c->out.len;

	pc_buf_addf(&c->out, "%u\t", page);
	pc_json_begin_object(&c->out, NULL);
	return start;
}

/* Drop it if nothing was declared. */
static void
end_line(struct declaring *c, size_t start)
{
	if (!c->out.failed && c->out.data[c->out.len - 1] == '{') {
		c->out.len = start;
		return;
	}
	pc_json_end_object(&c->out);
	pc_buf_add(&c->out, "\n", 1);
}

static void
declare_pages(struct declaring *c)
{
	struct pdf_labels *labels = pdf_labels_read(c);
	struct pdf_alts *alts = pdf_alts_read(c);

	for (unsigned i = 0; i < c->document->pages && declaring_step(c); i++) {
		const size_t start = begin_line(c, i + 1);

		if (labels)
			pdf_labels_add(labels, c, i);
		if (alts)
			pdf_alts_add(alts, c, i);
		pdf_add_annotations(c, i);
		end_line(c, start);
		qpdf.oh_release_all(c->s->pdf);
	}
	pdf_labels_free(labels);
	pdf_alts_free(alts);
}

static void
declare_document(struct declaring *c)
{
	const size_t start = begin_line(c, 0);

	pdf_add_metadata(c);
	if (c->s) {
		pdf_add_bookmarks(c);
		pdf_add_attachments(c);
	}
	if (c->incomplete)
		pc_json_add_bool(&c->out, "declared_incomplete", 1);
	end_line(c, start);
}

int
document_declare(struct document *d, int plain, void **payload, size_t *n)
{
	struct declaring c = {.document = d};
	struct pc_buf pages;

	*payload = NULL;
	*n = 0;
	if (d->kind.kind != KIND_PDF)
		return 0;
	late_begin();
	c.s = plain ? NULL : details_of(d);
	if (c.s)
		declare_pages(&c);
	pages = c.out;
	c.out = (struct pc_buf){0};
	c.steps = 0;
	declare_document(&c);
	pc_buf_add(&c.out, pages.data, pages.len);
	c.out.failed |= pages.failed;
	pc_buf_clear(&pages);
	pdf_dest_clear(&c);
	if (c.s)
		qpdf.oh_release_all(c.s->pdf);
	late_end();
	if (c.out.failed) {
		pc_buf_clear(&c.out);
		return -1;
	}
	*payload = c.out.data;
	*n = c.out.len;
	return 0;
}
