/* edit.h - a searchable PDF, made by libqpdf: invisible text of some pages
 * is removed, a layer with new text is laid on pages, and the result is
 * written. */
#ifndef PDF_EDIT_H
#define PDF_EDIT_H

#include "helper/doc/document_in.h"
#include "qpdf.h"

/* The document as it is changed; a worker has one.  NULL after
 * page_answer_fail(). */
struct pdf_details *pdf_edit_open(struct document *, struct page_answer *);
/* Find a page (from 1).  0: there is none, after page_answer_fail(). */
qpdf_oh pdf_edit_page(struct pdf_details *, unsigned page,
    struct page_answer *);
/* Give content to a stream, in place of its own. */
void pdf_edit_stream(qpdf_data, qpdf_oh stream, const void *, size_t);

/* REQUEST_UNLAYER: remove the invisible text of a page, and of what it
 * paints. */
void pdf_edit_unlayer(struct document *, const struct page_request *,
    struct page_answer *);
/* REQUEST_LAYER: use this PDF as the layer; it must stay. */
void pdf_edit_take_layer(const struct doc_bytes *, struct page_answer *);
/* REQUEST_LAY: lay a page of the layer on a page. */
void pdf_edit_lay(struct document *, const struct page_request *,
    struct page_answer *);
/* REQUEST_PDF: answer with a piece of the result.  It is not encrypted. */
void pdf_edit_write(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

#endif
