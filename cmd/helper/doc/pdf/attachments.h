/* attachments.h - files that a PDF has attached. */
#ifndef PDF_ATTACHMENTS_H
#define PDF_ATTACHMENTS_H

#include "helper/doc/document_in.h"

/* REQUEST_ATTACHMENT: answer with a piece of an attached file. */
void pdf_attachment_answer(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

#endif
