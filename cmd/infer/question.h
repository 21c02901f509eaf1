/* question.h - what is asked: the words of a run, and one input with them. */
#ifndef INFER_QUESTION_H
#define INFER_QUESTION_H

#include "cli/cli.h"
#include "infer/chat/chat.h"
#include "infer/image/image.h"
#include "infer/template/template.h"
#include "infer/text_ids.h"

struct infer;

enum {
	TEXT_MAX = 64 * 1024 * 1024, /* bytes of an input */
};

/* What is the same for all inputs of a run. */
struct question {
	const char *prompt; /* from the command line, or NULL */
	struct template t;  /* the command line overrides its members */
	int named;          /* -T was given: placeholders must be known */
	int plain_system;   /* no placeholders in the system prompt: it is a
			       chat's */
	struct pairs vars;
	struct params params;
	int64_t samples;   /* 0: one answer, not numbered */
	int64_t memory;    /* tokens of a chat that are sent */
	struct chat *chat; /* NULL: none */
	const char *pages;
	int64_t side_max;       /* pixels */
	struct pc_json *schema; /* parsed; NULL: none */
};

/* One thing to ask about. */
struct input {
	struct input_piece {
		char *file; /* NULL: it has none; owned */
		char *text; /* without the newline at its end; NULL: to be
			     * read from the file; owned */
		size_t len;
		struct text_ids ids;
	} * pieces;
	size_t count;
	char *prompt; /* a record's own, or NULL; owned */
	struct images images;
	struct pairs fields; /* of a record: variables */
	int64_t sample;      /* from 1; 0: none are counted */
	int may_cut;         /* it was too long: the server is to cut it */
};

/* Add a text, which is copied, or a file, whose id is taken; -1 with err. */
int input_text(struct input *, const char *, size_t, struct pc_error *err);
int input_file(struct input *, const char *file, struct pc_error *err);
void input_read_failed(const char *file, struct pc_error *err); /* by errno */
void input_clear(struct input *);

/* The key of the question, and the material that the key was made from. */
int question_key(struct infer *, const struct input *, struct pc_id *key,
    struct pc_buf *material, struct pc_error *err);
/* Append the prompt with the texts and the values of placeholders.  Files are
 * read. */
int question_prompt(const struct question *, struct input *,
    struct pc_buf *prompt, struct pc_error *err);
/* The system prompt, the same way; it may be empty. */
int question_system(const struct question *, struct input *, struct pc_buf *,
    struct pc_error *err);
/* The body of the request.  retry, when not NULL, is what was wrong with the
 * answer bad. */
int question_body(struct infer *, struct input *, const struct pc_buf *prompt,
    const struct pc_buf *bad, const char *retry, struct pc_buf *body,
    struct pc_error *err);

#endif
