/* searchable.h - a document with an invisible text layer, as a PDF. */
#ifndef SEARCHABLE_H
#define SEARCHABLE_H

#include "tool.h"

/* How images become the pages of a PDF. */
struct image_pages {
	int unscaled; /* no image has a resolution: use dpi for all */
	unsigned dpi;
};

/* Are the programs installed that searchable_make needs for t->fd?  -1:
 * t->error names the missing one. */
int searchable_check_tools(struct pdf_task *);
/* Does the file have a digital signature? */
int searchable_is_signed(int fd);
/* Write the document's chosen pages, with the PDF `layer` over them, to out. On
 * the pages t->redone, the layer replaces invisible text.
 * The same document and layer give the same bytes.  -1: t->error. */
int searchable_make(struct pdf_task *, const struct image_pages *,
    struct pc_spool *layer, struct pc_spool *out);

#endif
