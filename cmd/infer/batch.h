/* batch.h - questions on their way from an input to an answer. */
#ifndef INFER_BATCH_H
#define INFER_BATCH_H

#include "infer.h"

#include "cli/stage.h"

enum job_state {
	JOB_MISSED,    /* it is not in the store, and no request was sent yet */
	JOB_FOLLOWS,   /* another of this run asks the same */
	JOB_ELSEWHERE, /* another process does */
	JOB_ASKED,
	JOB_DONE,
};

struct job {
	struct job *next; /* in the order of the input */
	struct input input;
	char *name;               /* of its file, for messages; NULL; owned */
	char *carried;            /* members of the record that go on; owned */
	struct stage_entry entry; /* of its answer in the store */
	struct pc_buf material;   /* of its key */
	enum job_state state;
	struct pc_buf prompt; /* while it is asked */
	struct exchange exchange;
	size_t weight; /* bytes, as the batch has counted them */
	int tries;     /* answers that the schema did not want */

	/* when done */
	struct pc_buf text, extra;
	int hit, cut, printed;
	int passed;            /* its error is an earlier stage's, and said */
	size_t streamed;       /* bytes of the text that stdout has already */
	struct pc_error error; /* "" when there is a text */
};

struct job *job_new(struct infer *); /* NULL: out of memory */
void job_free(struct job *);
void job_fail(struct job *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Put it in words, once.  -1 with err. */
int job_prompt(struct infer *, struct job *, struct pc_error *err);
/* Make its key; one that cannot be made is a failure. */
void job_key(struct infer *, struct job *);
/* What it holds, for the bound on all of them. */
size_t job_bytes(const struct job *);

/* ---- store_answer.c ---- */

/* Make the answer the job's text, say that it is cut, and store it if it is
 * whole or cut ones are wanted. */
void job_take_answer(struct infer *, struct job *, enum result worth,
    const char *why);
/* What was said goes into the chat, remembered or not. */
void job_add_turn(struct infer *, struct job *);

/* ---- source.c: where the questions come from ---- */

struct source {
	struct infer *in;
	struct cli_names names; /* lists; from is -1 for a single question */
	char *const *files;     /* -f; ended by NULL */
	char *const *images;    /* --image; likewise */
	int many, ended;
	struct job *first;  /* the single one, read when it is opened */
	int64_t sample;     /* of the last input, that were given out */
	struct pc_buf line; /* the one that has more samples */
	struct pc_buf stdin_text;
	int stdin_read;
};

/* Open the list, or read what the one question is about: what is wrong there
 * is known before anybody is asked. */
void source_open(struct source *, struct infer *, char *const *files,
    char *const *images);
/* The next question; one that is bad has an error.  NULL: no more. */
struct job *source_next(struct source *);
/* Is there one without a wait? */
int source_ready(struct source *);
void source_close(struct source *);

/* ---- print.c ---- */

/* Begin the JSON object about a job with the members that were carried over
 * from its input. */
void begin_record(struct pc_buf *, const struct job *);
/* To standard output, or to standard error what went wrong. */
void print_job(const struct infer *, struct job *, int many);

/* ---- preview.c ---- */

/* Print the request or the key of each question, and send no request.  The exit
 * status. */
int preview_questions(struct infer *, struct source *);

/* ---- batch.c ---- */

/* Answer all questions of the source.  The exit status. */
int answer_questions(struct infer *, struct source *);

#endif
