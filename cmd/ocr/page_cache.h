/* page_cache.h - pages that need OCR, stored one by one.
 *
 * A page that needs OCR is found in two steps: the document and the page's
 * number lead to a description of its pixels ("gray WIDTH HEIGHT DPI SHA-256"),
 * which is the input of what was recognised.  So a page that did not change is
 * not recognised again, in whatever document it is, and a run that was killed
 * continues where it was.
 *
 * The find functions return 1 for a miss; store functions only warn. */
#ifndef PAGE_CACHE_H
#define PAGE_CACHE_H

#include "ocr/doc.h"

/* Sets the page's size, source, dpi and text layer too. */
int page_cache_find_pixels(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, struct page *, struct pixels *,
    struct page_layer *);
void page_cache_store_pixels(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, const struct page *, const struct pixels *,
    const struct page_layer *);
/* The words recognised in these pixels. */
int page_cache_find_words(struct cli *, const struct ocr_options *,
    const struct pixels *, struct page *);
void page_cache_store_words(struct cli *, const struct ocr_options *,
    const struct pixels *, const struct page *, int64_t cost);

#endif
