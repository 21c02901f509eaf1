/* selection.h - which pages, and the password that opens them. */
#ifndef SELECTION_H
#define SELECTION_H

#include "ocr/ocr.h"

/* "1-3,7,9-" into o->ranges.  Ends the program when it is none. */
void selection_parse(struct cli *, struct ocr_options *o, const char *text);
/* The file's first line, or $PC_OCR_PASSWORD, or NULL.  Ends the program when
 * the file cannot be read, or others than its owner can read it. */
const char *selection_password(struct cli *, const char *path);

#endif
