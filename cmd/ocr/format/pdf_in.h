/* pdf_in.h - what the files of the PDF format share. */
#ifndef PDF_IN_H
#define PDF_IN_H

#include "format_in.h"

/* The code that stands for a character, noted as used. */
unsigned format_pdf_code(struct format_state *, uint32_t c);
/* Append the CMap that leads from the codes in use to characters. */
void format_pdf_cmap(const struct format_state *, struct pc_buf *);
/* Append a number and a space, to 1/1000 with digits 3, to 1/100 with 2. */
void format_pdf_number(struct pc_buf *, double, int digits);
/* Append the operators that show the page's words, for a page that is upright.
 */
void format_pdf_text(struct format_state *, const struct page *,
    struct pc_buf *);

extern const unsigned char format_pdf_font[];
extern const size_t format_pdf_font_size;

#endif
