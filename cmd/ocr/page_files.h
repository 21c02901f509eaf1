/* page_files.h - pages as PNG files (-f png).
 *
 * The value of a document's record is a list, a line of JSON for each page;
 * the files are stored one by one. */
#ifndef PAGE_FILES_H
#define PAGE_FILES_H

#include "ocr/doc.h"

/* Write the page's data, a PNG file, to the file that o->output names, and
 * free the data; without o->output do nothing.  If writing fails, that is the
 * page's error. */
void page_file_write(const struct ocr_options *, const struct doc *,
    struct page *);
/* Add the name of the page's file to the document's output; without o->output
 * add the file itself. */
void page_file_report(const struct cli *, const struct ocr_options *,
    struct doc *, const struct page *, const struct pixels *);
/* Append the page's line to the list. */
void page_file_list(struct pc_buf *, const struct page *,
    const struct pixels *);
/* Write and report all pages that a record lists.  1: one of them is not
 * stored, or could not be written; the document has to be read. */
int page_files_restore(struct cli *, const struct ocr_options *, struct doc *,
    const struct pc_hit *list);

#endif
