/* infer.h - a run of pc-infer: what is asked, who answers, and what is done
 * with the answers. */
#ifndef INFER_H
#define INFER_H

#include "backend.h"
#include "question.h"

#include <signal.h>

/* Memory: what the requests may take, and what commands took. */
struct use {
	int admitted;       /* the check passed, or was overridden by -j */
	uint32_t start_kib; /* in use before the first request */
	uint32_t engine_runs, engine_kib; /* commands run; the largest one's */
};

/* inference.prices of the model. */
struct prices {
	int known;             /* the setting was read */
	double prompt, answer; /* per million tokens */
};

struct infer {
	struct cli *c;
	struct question question;
	struct backend backend;

	/* options */
	int allow_cut; /* --allow-cut: of answers and prompts */
	int json, as_completed, dry_run, explain, warm;
	int64_t at_once;

	/* state */
	int keep_cut;  /* an answer that a token limit truncated is a result */
	int terminal;  /* standard output is one */
	int streaming; /* print tokens as they come */
	int failed_later; /* trying later can help */
	int warned_heat;
	volatile sig_atomic_t *stop;
	int64_t tokens; /* of all answers */
	struct use use;
	struct prices prices;
};

/* Check before the first request that there is enough memory, and lower
 * at_once to what fits.  -1 with err: not even one fits (admit.c). */
int infer_admit(struct infer *, struct pc_error *err);
/* End the helper, and log the memory of the run if it sent a request. */
void infer_close(struct infer *);
/* Set the event's tokens and price from a record's extra bytes (price.c). */
void infer_price(struct infer *, const unsigned char *extra, size_t len,
    struct pc_event *);
/* Give num_thread a value, if it has none (threads.c). */
void set_thread_count(struct infer *);
/* Warn about the given parameters that the OpenAI API does not support
 * (setup_params.c). */
void warn_ignored_params(const struct infer *);
/* Write it to standard output (print.c). */
void print_text(const struct infer *, const char *, size_t);

#endif
