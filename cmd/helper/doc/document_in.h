/* document_in.h - what the files of a document share: how a page is answered.
 */
#ifndef DOCUMENT_IN_H
#define DOCUMENT_IN_H

#include "doc.h"
#include "poppler.h"

#include "pc.h"

struct pdf_tags;
struct djvu_file;

struct document {
	const struct doc_bytes *bytes;
	const struct doc_options *options;
	struct kind_info kind;
	struct pdf *pdf;             /* of KIND_PDF */
	struct image_document image; /* of an image */
	struct djvu_file *djvu;      /* of KIND_DJVU */
	struct pdf_details *details; /* the PDF by libqpdf; NULL: not opened
				      * yet */
	struct pdf_details *checker; /* see document_checker() */
	int recovered;               /* the checker was opened again with
				      * repairs */
	struct picture_verdicts *verdicts; /* see picture_alone.h */
	int has_images; /* 1: the file may have some; -1: it has none; 0: not
			 * checked */
	int has_inline; /* the same for images in its content */
	int has_form;   /* the same for a form */
	int has_mute;   /* the same for mute fonts (pdf_mute.h) */
	int content;    /* see content_check(): -1: some is damaged; 1: none
			 * is; 0: not checked */
	struct pdf_tags *tags; /* its structure (pdf_tags.c); NULL: not read */
	unsigned pages;
	int rescued;                   /* it was rescued: only some of its
					* pages may be left */
	int drawing;                   /* the page is being rendered */
	uint32_t damage[DAMAGE_KINDS]; /* of this page */
};

/* ---- answer.c ---- */

/* The answer is this error. */
void page_answer_fail(struct page_answer *, const char *message);
/* The bytes are the answer, and are taken. */
void page_answer_bytes(struct page_answer *, enum answer_kind, struct pc_buf *,
    void **payload);
/* A PNG file is the answer; NULL for lack of memory.  Takes png. */
void page_answer_png(struct page_answer *, void **payload, void *png, size_t n);

/* The text layer of a page that is recognised too. */
struct layer_kept {
	struct pc_buf bytes; /* owned: its words, then its text */
	size_t words;        /* bytes */
};

/* Keep these words, which are taken, and the text if there is one; without
 * memory, nothing. */
void layer_keep(struct layer_kept *, struct pc_buf *words,
    const struct pc_buf *text);
/* Append the text layer to the pixels that are the answer. */
void page_answer_add_layer(struct page_answer *, void **payload,
    const struct layer_kept *);

/* ---- layer_word.c ---- */

/* Add a word in the form of cmd/ocr/page/page.h. */
void layer_add_word(struct pc_buf *, const struct pdf_word *);

/* ---- djvu_answer.c ---- */

/* Answer with the hidden text of a DjVu page, its pixels, or both. */
void djvu_answer(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

/* ---- details.c ---- */

/* What libqpdf has of it, without repairs; NULL: out of memory. */
struct pdf_details *document_details(struct document *);
/* The same, and with repairs if it has other pages than poppler. */
struct pdf_details *document_checker(struct document *);
/* Make libqpdf repair what document_checker() gives.  -1: it did already. */
int document_recover(struct document *);

/* ---- pdf_attachments.c ---- */

/* REQUEST_ATTACHMENT: answer with a piece of an attached file. */
void pdf_attachment_answer(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

/* ---- content_scan.c ---- */

/* Compare the checksums of all content, once.  If some fails, count the damage
 * of this page; without libqpdf, say in message that the document is damaged.
 */
void content_check(struct document *, const struct page_request *,
    char message[MESSAGE_SIZE]);

/* Has a font a map from codes to characters that is so short that it may lack
 * many? */
int content_has_short_map(const struct doc_bytes *);

/* May some content have inline images (BI)?  This unpacks it all. */
int content_may_have_images(const struct doc_bytes *);

/* ---- xfa.c ---- */

/* Is the page's text (n bytes; NULL: not known) only a placeholder for a form
 * that Adobe's programs would make? */
int xfa_is_placeholder(struct document *, const void *text, size_t n);

/* ---- text_layer.c ---- */

struct pictures;

/* Answer with the page's text layer.  1: OCR has to read the page, or only its
 * pictures if these have cells; a->source says why, and the layer is kept. */
int text_layer_answer(struct document *, struct pdf_page *,
    const struct page_request *, struct page_answer *, void **payload,
    struct layer_kept *, struct pictures *);

/* ---- render.c ---- */

/* Answer with the page's pixels and the layer that is kept, or with a PNG file
 * of the pixels.  If pictures has cells, only they are shown. */
void render_answer(struct document *, struct pdf_page *,
    const struct page_request *, struct page_answer *, void **payload,
    const struct layer_kept *, const struct pictures *);
/* Answer with the page's damage alone: render it small, as poppler reports
 * damage only of what it draws. */
void render_check(struct document *, struct pdf_page *,
    const struct page_request *, struct page_answer *);

#endif
