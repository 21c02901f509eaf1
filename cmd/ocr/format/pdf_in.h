/* pdf_in.h - what the files of the PDF format share. */
#ifndef PDF_IN_H
#define PDF_IN_H

#include "format_in.h"

/* The code of a character; it is marked as used. */
unsigned format_pdf_code(struct format_state *, uint32_t c);
/* Append the CMap that maps the used codes to characters. */
void format_pdf_cmap(const struct format_state *, struct pc_buf *);
/* Append a number and a space, with 2 or 3 digits after the point. */
void format_pdf_number(struct pc_buf *, double, int digits);
/* Append the operators that show the words of the upright page. */
void format_pdf_text(struct format_state *, const struct page *,
    struct pc_buf *);

extern const unsigned char format_pdf_font[];
extern const size_t format_pdf_font_size;

#endif
