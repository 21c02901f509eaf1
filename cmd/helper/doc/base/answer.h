/* answer.h - how a page is answered. */
#ifndef ANSWER_H
#define ANSWER_H

#include "helper/doc/doc.h"

#include "pc.h"

/* The answer is this error. */
void page_answer_fail(struct page_answer *, const char *message);
/* The bytes are the answer, and are taken. */
void page_answer_bytes(struct page_answer *, enum answer_kind, struct pc_buf *,
    void **payload);
/* A PNG file is the answer; NULL for lack of memory.  Takes png. */
void page_answer_png(struct page_answer *, void **payload, void *png, size_t n);

/* The text layer of a page that is recognised too. */
struct layer_kept {
	struct pc_buf bytes; /* owned: its words, then its text */
	size_t words;        /* bytes */
};

/* Keep these words, which are taken, and the text if there is one; without
 * memory, nothing. */
void layer_keep(struct layer_kept *, struct pc_buf *words,
    const struct pc_buf *text);
/* Append the text layer to the pixels that are the answer. */
void page_answer_add_layer(struct page_answer *, void **payload,
    const struct layer_kept *);

#endif
