/* text_layer.h - a page with a text layer. */
#ifndef TEXT_LAYER_H
#define TEXT_LAYER_H

#include "document_in.h"

struct pictures;

/* Answer with the page's text layer.  1: OCR has to read the page, or only its
 * pictures if these have cells; a->source says why, and the layer is kept. */
int text_layer_answer(struct document *, struct pdf_page *,
    const struct page_request *, struct page_answer *, void **payload,
    struct layer_kept *, struct pictures *);

#endif
