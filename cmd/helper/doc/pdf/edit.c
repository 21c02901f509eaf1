/* edit.c - the PDF that is changed: open it, and write the result. */
#include "edit.h"
#include "details.h"
#include "helper/doc/base/answer.h"

#include <stdlib.h>
#include <string.h>

static struct pdf_details *edited;
static size_t length; /* of the result; 0: it is not written yet */

struct pdf_details *
pdf_edit_open(struct document *d, struct page_answer *a)
{
	if (!edited)
		edited = pdf_details_open(d->bytes, d->options->password, 1);
	if (pdf_details_pages(edited) > 0)
		return edited;
	page_answer_fail(a, "libqpdf cannot read it");
	return NULL;
}

qpdf_oh
pdf_edit_page(struct pdf_details *s, unsigned page, struct page_answer *a)
{
	if (page > 0 && page <= s->pages)
		return qpdf.get_page_n(s->pdf, page - 1);
	page_answer_fail(a, "libqpdf finds no such page");
	return 0;
}

void
pdf_edit_stream(qpdf_data pdf, qpdf_oh stream, const void *bytes, size_t n)
{
	const qpdf_oh none = qpdf.oh_new_null(pdf);

	qpdf.oh_replace_stream_data(pdf, stream, bytes, n, none, none);
}

/* The same document and changes give the same bytes. */
static int
write_all(qpdf_data pdf)
{
	if (qpdf.init_write_memory(pdf) & (QPDF_ERRORS))
		return -1;
	qpdf.set_preserve_encryption(pdf, QPDF_FALSE);
	qpdf.set_deterministic_ID(pdf, QPDF_TRUE);
	if (qpdf.write(pdf) & (QPDF_ERRORS))
		return -1;
	length = qpdf.get_buffer_length(pdf);
	return length > 0 ? 0 : -1;
}

void
pdf_edit_write(struct document *d, const struct page_request *ask,
    struct page_answer *a, void **payload)
{
	struct pdf_details *s = pdf_edit_open(d, a);
	const size_t from = (size_t)(ask->page - 1) * PDF_PIECE;
	size_t n;

	if (!s)
		return;
	if (length == 0 && write_all(s->pdf) < 0) {
		page_answer_fail(a, "libqpdf cannot write it");
		return;
	}
	n = from < length ? length - from : 0;
	n = n < PDF_PIECE ? n : PDF_PIECE;
	*payload = malloc(n + 1);
	if (!*payload) {
		page_answer_fail(a, "out of memory");
		return;
	}
	memcpy(*payload, qpdf.get_buffer(s->pdf) + (n ? from : 0), n);
	a->kind = ANSWER_TEXT;
	a->length = n;
}
