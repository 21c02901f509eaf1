/* render.h - the pixels of a page. */
#ifndef RENDER_H
#define RENDER_H

#include "document_in.h"

struct pictures;

/* Answer with the page's pixels and the layer that is kept, or with a PNG file
 * of the pixels.  If pictures has cells, only they are shown. */
void render_answer(struct document *, struct pdf_page *,
    const struct page_request *, struct page_answer *, void **payload,
    const struct layer_kept *, const struct pictures *);
/* Answer with the page's damage alone: render it small, as poppler reports
 * damage only of what it draws. */
void render_check(struct document *, struct pdf_page *,
    const struct page_request *, struct page_answer *);

#endif
