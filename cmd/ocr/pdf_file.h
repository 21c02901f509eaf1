/* pdf_file.h - the PDF of a document as a file (-f pdf -o).
 *
 * A file that has the right bytes is left alone, so that its times tell when it
 * changed.  No input is ever overwritten. */
#ifndef PDF_FILE_H
#define PDF_FILE_H

#include "ocr/doc.h"

/* Do the PDFs become files? */
int pdf_file_wanted(const struct ocr_options *);
/* End the program if the files would replace those in directory. */
void pdf_file_check_directory(const struct cli *, const struct ocr_options *,
    const char *directory);
/* Write the document's PDF, which is its hit or its value, and set
 * d->out.file.  -1: d->error. */
int pdf_file_write(struct cli *, const struct ocr_options *, struct doc *);

#endif
