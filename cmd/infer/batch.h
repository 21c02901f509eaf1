/* batch.h - questions on their way from an input to an answer. */
#ifndef INFER_BATCH_H
#define INFER_BATCH_H

#include "exchange.h"

#include "cli/stage.h"

enum job_state {
	JOB_MISSED,    /* it is not in the store, and no request was sent yet */
	JOB_FOLLOWS,   /* an earlier job asks the same */
	JOB_ELSEWHERE, /* another process computes it */
	JOB_ASKED,
	JOB_DONE,
};

struct job {
	struct job *next; /* in the order of the input */
	struct input input;
	char *name;    /* of its file, for messages; NULL; owned */
	char *carried; /* members of the input's record, as JSON; owned */
	struct stage_entry entry; /* of its answer in the store */
	struct pc_buf material;   /* of its key */
	enum job_state state;
	struct pc_buf prompt; /* while it is asked */
	struct exchange exchange;
	size_t weight; /* bytes, as counted in the batch */
	int tries;     /* answers that did not match the schema */

	/* when done */
	struct pc_buf text, extra;
	int hit, cut, printed;
	int passed;      /* the error is an earlier stage's, already reported */
	size_t streamed; /* bytes of the text already printed */
	struct pc_error error; /* "" when there is a text */
};

struct job *job_new(struct infer *); /* NULL: out of memory */
void job_free(struct job *);
void job_fail(struct job *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Make its prompt, unless that is done.  -1 with err. */
int job_prompt(struct infer *, struct job *, struct pc_error *err);
/* Make its key; if that fails, the job fails. */
void job_key(struct infer *, struct job *);
/* The bytes that it holds, for the limit on all jobs. */
size_t job_bytes(const struct job *);

/* ---- store_answer.c ---- */

/* Is it a result although it was truncated?  By its extra members. */
int job_may_be_cut(const struct infer *, const struct job *);
/* Move the answer to the job, warn if it is truncated, and store it if it is
 * whole or may be truncated. */
void job_take_answer(struct infer *, struct job *, enum result worth,
    const char *why);
/* Add the question and its answer to the chat, also if it was a hit. */
void job_add_turn(struct infer *, struct job *);

/* ---- source.c: where the questions come from ---- */

struct source {
	struct infer *in;
	struct cli_names names; /* lists; from is -1 for a single question */
	char *const *files;     /* -f; ended by NULL */
	char *const *images;    /* --image; likewise */
	int many, ended;
	struct job *first;  /* the single question, read by source_open() */
	int64_t sample;     /* the last sample given out */
	struct pc_buf line; /* kept for more samples */
	struct pc_buf stdin_text;
	int stdin_read;
};

/* Open the list, or read the inputs of the single question, so that an error
 * in them is found before a request is sent. */
void source_open(struct source *, struct infer *, char *const *files,
    char *const *images);
/* The next question; an invalid one has an error.  NULL: there are no more. */
struct job *source_next(struct source *);
/* Is there one already, without a wait? */
int source_ready(struct source *);
void source_close(struct source *);

/* ---- print.c ---- */

/* Begin the JSON object about a job with the members that were carried over
 * from its input. */
void begin_record(struct pc_buf *, const struct job *);
/* Print the answer to standard output, or the error to standard error. */
void print_job(const struct infer *, struct job *, int many);

/* ---- preview.c ---- */

/* Print the request or the key of each question, and send no request.  The exit
 * status. */
int preview_questions(struct infer *, struct source *);

/* ---- batch.c ---- */

/* Answer all questions of the source.  The exit status. */
int answer_questions(struct infer *, struct source *);

#endif
