/* djvu_answer.h - a page of a DjVu file. */
#ifndef DJVU_ANSWER_H
#define DJVU_ANSWER_H

#include "document_in.h"

/* Answer with the hidden text of a DjVu page, its pixels, or both. */
void djvu_answer(struct document *, const struct page_request *,
    struct page_answer *, void **payload);

#endif
