/* document_in.h - what the files of a document share: how a page is answered.
 */
#ifndef DOCUMENT_IN_H
#define DOCUMENT_IN_H

#include "doc.h"
#include "poppler.h"

struct document {
	const struct doc_bytes *bytes;
	const struct doc_options *options;
	struct kind_info kind;
	struct pdf *pdf;             /* of KIND_PDF */
	struct pdf_details *details; /* the same; NULL: not looked at yet */
	struct pdf_details *checker; /* see document_checker() */
	int recovered;               /* the checker was opened once more */
	unsigned pages;
	int rescued;                   /* so many pages are all that is left */
	int drawing;                   /* this page is rendered now */
	uint32_t damage[DAMAGE_KINDS]; /* of this page */
};

/* ---- answer.c ---- */

/* The answer is this error. */
void page_answer_fail(struct page_answer *, const char *message);
/* A PNG file is the answer; NULL for lack of memory.  Takes png. */
void page_answer_png(struct page_answer *, void **payload, void *png, size_t n);

/* ---- details.c ---- */

/* What libqpdf has of it, without repairs; NULL: out of memory. */
struct pdf_details *document_details(struct document *);
/* The same, and with repairs if it has other pages than poppler. */
struct pdf_details *document_checker(struct document *);

/* ---- content_scan.c ---- */

/* Compare the checksums of all content.  If some fails, message says on which
 * pages; else it stays as it is. */
void content_scan(struct document *, char message[MESSAGE_SIZE]);

/* ---- text_layer.c ---- */

/* Answer with the page's text layer.  1: it has none that is good, and
 * a->source says why. */
int text_layer_answer(struct document *, struct pdf_page *,
    const struct page_request *, struct page_answer *, void **payload);

/* ---- render.c ---- */

/* Answer with the page's pixels, or with a PNG file of them. */
void render_answer(struct document *, struct pdf_page *,
    const struct page_request *, struct page_answer *, void **payload);

#endif
