/* lay.h - lay new invisible text on the pages of a PDF.  pc-doc does it, in
 * its sandbox, with libqpdf. */
#ifndef LAY_H
#define LAY_H

#include "tool.h"

/* Write the PDF at fd to out, with the pages of `layer` on the chosen pages,
 * in their order.  On t->redone, other invisible text is removed first.
 * -1: t->error. */
int lay_text(struct pdf_task *, int fd, struct pc_spool *layer,
    struct pc_spool *out);

#endif
