/* page_cache.h - pages that need OCR, stored one by one.
 *
 * Such a page is found in two steps.  The document and the page number lead to
 * a description of its pixels ("gray WIDTH HEIGHT DPI SHA-256"), and that is
 * the input of its recognised words.  So an unchanged page is not recognised
 * again, even in another document, and a run that was killed continues where
 * it stopped.
 *
 * The find functions return 1 for a miss; store functions only warn. */
#ifndef PAGE_CACHE_H
#define PAGE_CACHE_H

#include "ocr/doc.h"

/* Also sets the page's size, source, dpi and text layer. */
int page_cache_find_pixels(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, struct page *, struct pixels *,
    struct page_layer *);
void page_cache_store_pixels(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, const struct page *, const struct pixels *,
    const struct page_layer *);
/* Find the words recognised in these pixels. */
int page_cache_find_words(struct cli *, const struct ocr_options *,
    const struct pixels *, struct page *);
void page_cache_store_words(struct cli *, const struct ocr_options *,
    const struct pixels *, const struct page *, int64_t cost);

#endif
