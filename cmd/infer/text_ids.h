/* text_ids.h - the content ids of a text.
 *
 * A newline at its end does not change what a model is asked: a file mostly has
 * one, and the same text in a record or from a list has none.  So it is left
 * out, and the key names the ids of both forms: an earlier stage has either as
 * its result. */
#ifndef INFER_TEXT_IDS_H
#define INFER_TEXT_IDS_H

#include "pc.h"

struct text_ids {
	struct pc_id line; /* of the text with a newline at its end */
	struct pc_id bare; /* without */
};

/* The length of n bytes of text without one newline at the end. */
size_t text_bare(const char *, size_t n);
/* The ids of n bytes, which are the text without the newline. */
void text_ids_make(struct text_ids *, const char *bare, size_t n);
/* The ids of a file's text, from its current position.  -1 with errno; EFBIG:
 * it has more than max bytes. */
int text_ids_read(struct text_ids *, int fd, size_t max);
/* Add both as inputs.  -1 with errno. */
int text_ids_add(struct pc_spec *, const struct text_ids *);

#endif
