/* format_in.h - what the files of format.h share; each format is a file. */
#ifndef FORMAT_IN_H
#define FORMAT_IN_H

#include "format.h"

struct format_writer {
	int words;                      /* it needs words and boxes */
	void (*begin)(struct pc_buf *); /* or NULL: nothing comes before */
	void (*page)(const struct format_options *, const struct page *,
	    size_t index, struct pc_buf *); /* or NULL */
	void (*end)(struct pc_buf *);       /* or NULL */
};

extern const struct format_writer format_text_writer, format_layout_writer,
    format_tsv_writer, format_hocr_writer, format_alto_writer, format_md_writer;

/* ---- PDF (pdf.c) ---- */

/* This format has to know what it wrote before. */
void format_pdf_begin(struct format_state *, struct pc_buf *);
void format_pdf_page(struct format_state *, const struct page *,
    struct pc_buf *);
void format_pdf_end(struct format_state *, struct pc_buf *);

/* ---- text (text.c) ---- */

/* The bytes of a plain page's text that are printed: without white space at its
 * end, but a text file is printed unchanged. */
size_t format_plain_length(const struct page *);
/* Append a plain page as the text format prints it. */
void format_plain(const struct format_options *, const struct page *,
    struct pc_buf *);
/* A block's lines, with a newline between them; a line's words, with a space
 * between them. */
void format_block(const struct page *, const struct block *, struct pc_buf *);
void format_line(const struct page *, const struct line *, struct pc_buf *);

/* ---- hyphenated words (hyphen.c) ---- */

/* Append n bytes of UTF-8.  A word that is hyphenated at a line's end is joined
 * and ends the line. */
void format_dehyphenate(const char *, size_t n, struct pc_buf *);

/* ---- XML and numbers (xml.c) ---- */

/* Append these bytes escaped for XML text and attributes.  A character that XML
 * does not allow becomes U+FFFD. */
void format_xml(struct pc_buf *, const void *, size_t n);
/* A place in 1/100 point, or a confidence in 1/100 %: "12.50"; with short_
 * "12.5". */
void format_hundredths(struct pc_buf *, int64_t, int short_);
/* A place in units of which an inch has per_inch, to the nearest, and 0 for
 * what lies outside the page's corner. */
int format_units(int64_t hundredths, int per_inch);

/* ---- Markdown (md_text.c, md_table.c) ---- */

enum {
	MD_START = 1, /* a line's start, where a '#' makes a heading */
	MD_CELL = 2,  /* in a table */
};

/* Append text, its newlines as spaces, so that Markdown finds no sign in it
 * that was none. */
void format_md_text(struct pc_buf *, const char *, size_t n, int flags);
/* A block's lines as a table, the first of them its header. */
void format_md_table(const struct page *, const struct block *,
    struct pc_buf *);

#endif
