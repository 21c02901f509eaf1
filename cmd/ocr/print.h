/* print.h - documents on standard output. */
#ifndef OCR_PRINT_H
#define OCR_PRINT_H

#include "ocr/doc.h"

/* Print the output so far; with --jsonl, and of a PDF, it is kept. */
void print_output(struct cli *, struct doc *);
/* Print a document that is complete, or that failed: its record with --jsonl,
 * else the rest of its output. */
void print_result(struct cli *, const struct ocr_options *, struct doc *);
/* Print a document from its hit. */
void print_hit(struct cli *, const struct ocr_options *, struct doc *);

#endif
