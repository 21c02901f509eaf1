/* format_in.h - what the files of format.h share; each format has its own
 * file. */
#ifndef FORMAT_IN_H
#define FORMAT_IN_H

#include "format.h"

struct format_writer {
	int words;                      /* it needs words and boxes */
	void (*begin)(struct pc_buf *); /* NULL: no head */
	void (*page)(const struct format_options *, const struct page *,
	    size_t index, struct pc_buf *); /* or NULL */
	void (*end)(struct pc_buf *);       /* NULL: no tail */
	/* The same for a format that needs to know what it wrote before. */
	void (*begin_with)(struct format_state *, struct pc_buf *);
	void (*page_with)(struct format_state *, const struct page *,
	    struct pc_buf *);
	void (*end_with)(struct format_state *, struct pc_buf *);
};

extern const struct format_writer format_text_writer, format_layout_writer,
    format_tsv_writer, format_hocr_writer, format_alto_writer, format_md_writer,
    format_csv_writer, format_tables_writer, format_pdf_writer;

/* ---- text (text.c) ---- */

/* The length of a plain page's text that is printed, in bytes: white space at
 * its end is dropped, but a text file is printed unchanged. */
size_t format_plain_length(const struct page *);
/* Append a plain page as the text format prints it. */
void format_plain(const struct format_options *, const struct page *,
    struct pc_buf *);
/* Stands before and after words that are struck out: a control character, which
 * no word has. */
extern const char format_struck_mark;

/* Append a block's lines, one per line, with a space between words; code has
 * its own blanks.  marked: with format_struck_mark, but not in code. */
void format_block(const struct page *, const struct block *, int marked,
    struct pc_buf *);
/* struck: is the text at this place struck out?  NULL: without marks. */
void format_line(const struct page *, const struct line *, int *struck,
    struct pc_buf *);

/* ---- listings (code.c) ---- */

/* Append a block's lines with the indents and empty lines that the page
 * shows. */
void format_code(const struct page *, const struct block *, struct pc_buf *);

/* ---- columns as on the page (grid.c) ---- */

/* Append the page's words, placed as on the page. */
void format_grid(const struct page *, struct pc_buf *);

/* ---- columns of a terminal (columns.c) ---- */

unsigned format_columns(const struct word *);

/* ---- cells of tables (cell.c); i is an index in the page's cells ---- */

/* Append the text, one line per line. */
void format_cell(const struct page *, size_t i, struct pc_buf *);
/* Append it as one line, with hyphenated words joined. */
void format_cell_line(const struct page *, size_t i, struct pc_buf *);
/* Append members of a JSON object: a cell below so many other rows; a box; a
 * position or size in 1/100 point, as points. */
void format_json_cell(const struct page *, size_t i, uint32_t above,
    struct pc_buf *);
void format_json_box(struct pc_buf *, const struct box *);
void format_json_points(struct pc_buf *, const char *key, int64_t);

/* ---- tables that go on over pages (join.c) ---- */

/* Does the table go on with the last one of an earlier call?  If not, it is
 * the last one from now on.  *above gets the number of rows above its own, and
 * *skip the number of its header's rows that are repeated. */
int format_table_goes_on(struct table_state *, const struct page *,
    const struct block *, uint32_t *above, uint32_t *skip);

/* ---- hyphenated words (hyphen.c) ---- */

/* Append n bytes of UTF-8.  A word that is hyphenated at a line's end is
 * joined, and the line ends after it. */
void format_dehyphenate(const char *, size_t n, struct pc_buf *);

/* ---- XML and numbers (xml.c) ---- */

/* Append n bytes, escaped for XML text and attributes.  A character that XML
 * forbids becomes U+FFFD. */
void format_xml(struct pc_buf *, const void *, size_t n);
/* Append a position in 1/100 point, or a confidence in 1/100 %: "12.50", or
 * "12.5" if short_. */
void format_hundredths(struct pc_buf *, int64_t, int short_);
/* Convert a position to units of 1/per_inch inch, rounded to the nearest; 0 if
 * it lies above or left of the page. */
int format_units(int64_t hundredths, int per_inch);

/* ---- Markdown (md_text.c, md_table.c) ---- */

enum {
	MD_START = 1, /* a line's start, where '#' would make a heading */
	MD_CELL = 2,  /* in a table */
};

/* Append text with its newlines as spaces, escaped where Markdown would take a
 * character for markup. */
void format_md_text(struct pc_buf *, const char *, size_t n, int flags);
/* Append a table; it is HTML if it has cells that cover others. */
void format_md_table(const struct page *, const struct block *,
    struct pc_buf *);

#endif
