/* question_in.h - what the files of a question share. */
#ifndef INFER_QUESTION_IN_H
#define INFER_QUESTION_IN_H

#include "infer.h"

/* Where the values of placeholders come from, and which of them were used. */
struct lookup {
	const struct question *question;
	const struct input *input;
	const struct pc_buf *text; /* NULL: it has not been read */
	int used_text, used_prompt;
	struct pc_spec *spec; /* used variables are added to this; NULL: none */
	int failed;
};

/* The prompt: a record's own, or that of the command line; NULL: none. */
const char *given_prompt(const struct question *, const struct input *);
/* Append the text with its placeholders replaced.  With strict, one without a
 * value is an error. */
int fill_placeholders(struct lookup *, struct pc_buf *, const char *text,
    int strict, struct pc_error *err);

#endif
