/* answer.c - parts of an answer that any kind of document may need. */
#include "helper/doc/document_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
page_answer_fail(struct page_answer *a, const char *message)
{
	a->kind = ANSWER_ERROR;
	snprintf(a->message, sizeof a->message, "%s", message);
}

void
page_answer_bytes(struct page_answer *a, enum answer_kind kind,
    struct pc_buf *b, void **payload)
{
	a->kind = kind;
	if (b->failed)
		page_answer_fail(a, "out of memory");
	*payload = b->data;
	a->length = b->len;
	*b = (struct pc_buf){0};
}

void
page_answer_png(struct page_answer *a, void **payload, void *png, size_t n)
{
	a->kind = ANSWER_FILE;
	a->length = n;
	*payload = png;
	if (!png)
		page_answer_fail(a, "out of memory");
	else if (n > PAYLOAD_MAX)
		page_answer_fail(a,
		    "the PNG file exceeds 256 MiB; lower --dpi");
	if (a->kind != ANSWER_ERROR)
		return;
	free(png);
	*payload = NULL;
	a->length = 0;
}

void
layer_keep(struct layer_kept *layer, struct pc_buf *words,
    const struct pc_buf *text)
{
	layer->words = words->len;
	if (text)
		pc_buf_add(words, text->data, text->len);
	layer->bytes = *words;
	*words = (struct pc_buf){0};
	if (layer->bytes.failed)
		pc_buf_clear(&layer->bytes);
}

void
page_answer_add_layer(struct page_answer *a, void **payload,
    const struct layer_kept *layer)
{
	const size_t n = layer->bytes.len;
	unsigned char *all;

	if (n == 0)
		return;
	all = realloc(*payload, (size_t)a->length + n);
	if (!all) {
		page_answer_fail(a, "out of memory");
		a->length = 0;
		free(*payload);
		*payload = NULL;
		return;
	}
	memcpy(all + a->length, layer->bytes.data, n);
	*payload = all;
	a->length += n;
	a->layer_words = layer->words;
	a->layer_text = n - layer->words;
}
