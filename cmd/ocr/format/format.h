/* format.h - pages in the formats that pc-ocr prints.
 *
 * Nothing printed depends on a document's name, as the same bytes serve every
 * document of the same content. */
#ifndef FORMAT_H
#define FORMAT_H

#include "ocr/page/page.h"

enum format {
	FORMAT_TEXT,   /* UTF-8, a form feed between pages */
	FORMAT_LAYOUT, /* JSON: {"pages":[...]} */
	FORMAT_TSV,    /* as tesseract's, places in points */
	FORMAT_HOCR,
	FORMAT_ALTO, /* 4.4 */
	FORMAT_MD,
	FORMAT_PDF,    /* invisible text, for pdf/searchable.c */
	FORMAT_PNG,    /* not here: page_files.c */
	FORMAT_IMAGES, /* not here: image_files.c */
	FORMATS
};

extern const char *const format_names[FORMATS + 1]; /* NULL is the last */

struct format_options {
	enum format format;
	int dehyphenate; /* join words that a line end broke (text and md) */
};

/* What a format keeps from one page of a document to the next.  All zero
 * before format_begin. */
struct format_state {
	uint64_t written; /* bytes, by the calls before */
	size_t from;      /* where this call's begin in the buffer */
	size_t pages;
	struct pc_buf objects; /* owned: where each is, 64 bits */
	struct pc_buf astral;  /* owned: characters beyond U+FFFF, 32 bits */
	uint32_t rows[8];      /* bits: of 256 characters each, those used */
};

void format_state_clear(struct format_state *);

/* Does it need words and boxes, so that a plain text will not do? */
int format_needs_words(enum format);
/* Are its pages files of their own, of which only the names are printed? */
int format_makes_files(enum format);

/* Append what comes before the first page, a page, and what comes after the
 * last.  Pages come in order; index counts them from 0.  Pages with an error
 * count too: they are empty, or have an error where the format allows.  Lay a
 * page out first (page_lay_out) when format_needs_words.  What fails is seen in
 * out->failed. */
void format_begin(const struct format_options *, struct format_state *,
    struct pc_buf *out);
void format_page(const struct format_options *, struct format_state *,
    const struct page *, size_t index, struct pc_buf *out);
void format_end(const struct format_options *, struct format_state *,
    struct pc_buf *out);

#endif
