/* format.h - pages in the formats that pc-ocr prints.
 *
 * The output never depends on the document's name, because documents with the
 * same content share one cached result. */
#ifndef FORMAT_H
#define FORMAT_H

#include "ocr/page/page.h"

enum format {
	FORMAT_TEXT,   /* UTF-8, a form feed between pages */
	FORMAT_LAYOUT, /* JSON: {"pages":[...]} */
	FORMAT_TSV,    /* tesseract's columns, positions in points */
	FORMAT_HOCR,
	FORMAT_ALTO, /* 4.4 */
	FORMAT_MD,
	FORMAT_CSV,    /* tables; RFC 4180, an empty line between tables */
	FORMAT_TABLES, /* JSON: {"tables":[...]} */
	FORMAT_PDF,    /* invisible text, for pdf/searchable.c */
	FORMAT_PNG,    /* not here: page_files.c */
	FORMAT_IMAGES, /* not here: image_files.c */
	FORMATS
};

extern const char *const format_names[FORMATS + 1]; /* NULL is the last */

struct format_options {
	enum format format;
	int dehyphenate; /* join words that a line end broke (text and md) */
	int grid;        /* text: columns stand as on the page */
};

/* The last table that was written. */
struct table_state {
	struct pc_buf head;     /* owned: its header; empty: it has none */
	uint32_t columns, rows; /* 0: there was no table */
	unsigned page;          /* on which it may go on; 0: it ended */
};

/* What a format keeps from one page of a document to the next.  All zero
 * before format_begin. */
struct format_state {
	struct declared_members declared; /* of the document */
	uint64_t written;                 /* bytes written by earlier calls */
	size_t from; /* where this call's bytes begin in the buffer */
	size_t pages;
	struct pc_buf objects; /* owned: the offset of each object, 64 bits */
	struct pc_buf astral;  /* owned: characters above U+FFFF, 32 bits */
	struct table_state table;
	uint32_t rows[8]; /* bits: one for each 256 characters that are
			   * used */
};

void format_state_clear(struct format_state *);

/* Does it need words and boxes, so that plain text is not enough? */
int format_needs_words(const struct format_options *);
/* Does each page become a file, of which only the name is printed? */
int format_makes_files(enum format);

/* Append the head, one page, and the tail of the output.  Pages come in order;
 * index counts them from 0.  A page with an error counts too: it is empty, or
 * shows the error where the format allows it.  If format_needs_words, call
 * page_lay_out first.  A failure is noted in out->failed. */
void format_begin(const struct format_options *, struct format_state *,
    struct pc_buf *out);
void format_page(const struct format_options *, struct format_state *,
    const struct page *, size_t index, struct pc_buf *out);
void format_end(const struct format_options *, struct format_state *,
    struct pc_buf *out);
/* Append the name of an attachment as it is printed before its output, or
 * nothing if the format has no place for it. */
void format_attachment(const struct format_options *, const char *name,
    struct pc_buf *out);

#endif
