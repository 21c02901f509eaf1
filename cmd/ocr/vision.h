/* vision.h - pages that OCR reads badly, given to a vision model by
 * pc-infer(1), which stores its answers itself. */
#ifndef VISION_H
#define VISION_H

#include "ocr/doc.h"

/* Is the page's confidence so low that a model has to read it? */
int vision_wanted(const struct ocr_options *, const struct page *);
/* Have a vision model read the page; if that fails, there is a warning and
 * the page is unchanged. */
void vision_read(struct cli *, struct doc *, struct page *,
    const struct pixels *, const unsigned char *gray);

#endif
