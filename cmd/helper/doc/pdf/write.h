/* write.h - PDFs that libqpdf writes. */
#ifndef PDF_WRITE_H
#define PDF_WRITE_H

#include "qpdf.h"

/* Write the PDF into memory from malloc(3), with its streams as they are.  -1:
 * libqpdf failed, or out of memory. */
int pdf_write_copy(qpdf_data, struct doc_bytes *out);

#endif
