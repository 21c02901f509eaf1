/* file_cache.h - a document's files, stored one by one: pages as PNG files (-f
 * png), and embedded images (-f images).
 *
 * The find functions return 1 for a miss; store functions only warn. */
#ifndef FILE_CACHE_H
#define FILE_CACHE_H

#include "ocr/doc.h"

/* Find a page as a PNG file, by document and page number.  pixels gets its
 * size and dpi, but no id. */
int file_cache_find_png(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, struct page *, struct pixels *);
void file_cache_store_png(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, const struct page *, const struct pixels *,
    int64_t cost);

/* The file of an image embedded in a document; id is the digest of its
 * bytes. */
int file_cache_find_image(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_id *id, struct pc_buf *);
void file_cache_store_image(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_buf *);

#endif
