/* embedded.h - the images that a PDF's pages paint, as files. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include "helper/doc/document_in.h"

/* REQUEST_IMAGE: answer with a piece of an image's file. */
void embedded_answer(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

#endif
