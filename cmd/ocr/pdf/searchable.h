/* searchable.h - a document with a layer of text that is not seen, as a PDF. */
#ifndef SEARCHABLE_H
#define SEARCHABLE_H

#include "tool.h"

/* How pages of images are made pages of a PDF. */
struct image_pages {
	int unscaled; /* no image has a resolution: dpi is used for all */
	unsigned dpi;
};

/* Are the programs installed that searchable_make will run on t->fd?  -1:
 * t->error says which is not. */
int searchable_check_tools(struct pdf_task *);
/* Write the document's chosen pages, with the PDF `layer` over them, to out.
 * The same document and layer give the same bytes.  -1: t->error. */
int searchable_make(struct pdf_task *, const struct image_pages *,
    struct pc_spool *layer, struct pc_spool *out);

#endif
