/* inline_image.h - an image in a page's content (ISO 32000-1, 8.9.7) as an
 * object. */
#ifndef INLINE_IMAGE_H
#define INLINE_IMAGE_H

#include "content.h"
#include "qpdf.h"

/* Add it to the document as a stream; the reader is behind its BI, and goes
 * behind its EI.  resources: of the content.  Returns the stream; 0: it is not
 * an image. */
qpdf_oh pdf_inline_image(struct pdf_details *, struct content_reader *,
    qpdf_oh resources);

#endif
