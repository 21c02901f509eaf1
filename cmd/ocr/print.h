/* print.h - documents on standard output. */
#ifndef OCR_PRINT_H
#define OCR_PRINT_H

#include "ocr/doc.h"

/* Print the output so far.  With --jsonl, or if it is a PDF, keep it
 * instead. */
void print_output(struct cli *, struct doc *);
/* Print a complete or failed document: with --jsonl its record, else the rest
 * of its output. */
void print_result(struct cli *, const struct ocr_options *, struct doc *);
/* Print a hit. */
void print_hit(struct cli *, const struct ocr_options *, struct doc *);

#endif
