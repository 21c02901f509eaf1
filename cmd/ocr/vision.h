/* vision.h - send pages that OCR reads badly to a vision model through
 * pc-infer(1), which caches the answers. */
#ifndef VISION_H
#define VISION_H

#include "ocr/doc.h"

/* Is the page's confidence so low that a model has to read it? */
int vision_wanted(const struct ocr_options *, const struct page *);
/* Let a vision model read the page.  If that fails, warn and leave the page
 * unchanged. */
void vision_read(struct cli *, struct doc *, struct page *,
    const struct pixels *, const unsigned char *gray);

#endif
