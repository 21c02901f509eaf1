/* image_files.h - the images embedded in a PDF, as files (-f images).
 *
 * The value of a document's record is a list: the number of images, then a
 * line of JSON for each.  The files are stored one by one. */
#ifndef IMAGE_FILES_H
#define IMAGE_FILES_H

#include "ocr/doc.h"
#include "ocr/pdf/tool.h"

/* Is the document a PDF, and is the program installed?  -1: no, see
 * task->error. */
int image_files_check(struct pdf_task *);
/* Extract the images of the wanted pages, write, report and store their files,
 * and append the list.  On an error task->error is set, or d->page_errors
 * counts it. */
void image_files_make(struct cli *, const struct ocr_options *, struct doc *,
    struct pdf_task *, struct pc_buf *list);
/* Write and report all images that a record lists.  1: one of them is not
 * stored, or could not be written; the document has to be read. */
int image_files_restore(struct cli *, const struct ocr_options *, struct doc *,
    const struct pc_hit *list);

#endif
