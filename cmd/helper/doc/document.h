/* document.h - one document: its pages, and answers about them. */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include "doc.h"

struct document;

/* If error is not "", the document cannot be used.  The bytes and options must
 * stay valid. */
struct document *document_open(const struct doc_bytes *,
    const struct doc_options *, char error[MESSAGE_SIZE]);
/* After an error: is its type unsupported? */
int document_is_unsupported(const struct document *);
/* Its MIME type; "" for a PDF. */
const char *document_type(const struct document *);
/* The number of pages.  warning is "" or says what is wrong with the
 * document. */
unsigned document_pages(const struct document *, char warning[MESSAGE_SIZE]);
/* What a PDF declares, in the form of cmd/ocr/page/declared.h.  *payload is
 * owned by the caller, from malloc(3).  plain: use only poppler, not libqpdf.
 * -1: out of memory. */
int document_declare(struct document *, int plain, void **payload, size_t *n);
/* Answer a request about a page.  *payload is owned by the caller, from
 * malloc(3). */
void document_answer(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

#endif
