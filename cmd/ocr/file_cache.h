/* file_cache.h - the files of a document, stored one by one: pages as PNG files
 * (-f png), and the images embedded in it (-f images).
 *
 * The find functions return 1 for a miss; store functions only warn. */
#ifndef FILE_CACHE_H
#define FILE_CACHE_H

#include "ocr/doc.h"

/* A page as a PNG file, by its document and number; pixels have its size and
 * dpi, and no id. */
int file_cache_find_png(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, struct page *, struct pixels *);
void file_cache_store_png(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, const struct page *, const struct pixels *,
    int64_t cost);

/* The file of an image embedded in a document; id is of its bytes. */
int file_cache_find_image(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_id *id, struct pc_buf *);
void file_cache_store_image(struct cli *, const struct ocr_options *,
    const struct pc_id *doc, unsigned page, unsigned image,
    const struct pc_buf *);

#endif
