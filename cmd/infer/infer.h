/* infer.h - a run of pc-infer: what is asked, of which model, and what is
 * made of the answers. */
#ifndef INFER_H
#define INFER_H

#include "cli/cli.h"
#include "http/http.h"
#include "infer/chat/chat.h"
#include "infer/image/image.h"
#include "infer/template/template.h"
#include "server/line_stream.h"
#include "server/servers.h"

#include <signal.h>

enum {
	TEXT_MAX = 64 * 1024 * 1024, /* bytes of an input */
};

/* Which model answers, and where.  What is remembered of it in the store is
 * text, a line each. */
struct model {
	enum api api;
	char name[256];   /* as the server has it */
	char digest[129]; /* of its weights; else what stands for them */
	char server[512]; /* the URL that has it */
	int64_t num_ctx;  /* tokens it has, 0: not known */
	int fresh;        /* the server said so in this run */
};

struct infer {
	struct cli *c;

	/* what is asked (pc-infer.c sets it) */
	const char *prompt; /* of the command line, or NULL */
	struct template t;  /* with what the command line puts in its place */
	int named;          /* it is one, so that placeholders must be known */
	int plain_system;   /* its system prompt has none: it is a chat's */
	struct pairs vars;
	struct params params;
	int64_t samples;   /* 0: one, as it comes */
	int64_t memory;    /* tokens of a chat that are sent */
	struct chat *chat; /* NULL: none */
	const char *pages;
	int64_t side_max;       /* pixels */
	char *const *command;   /* --engine-cmd; NULL: a server */
	struct pc_json *schema; /* parsed */

	/* where */
	enum api api;           /* --api */
	struct servers servers; /* its http is opened by the first request */
	const char *model_name;
	struct model model;
	unsigned down;       /* bits: the URLs that did not answer */
	int verified;        /* the server said which weights; -1: it cannot */
	int64_t verified_at; /* pc_ticks() */
	struct pc_error absent; /* and why */
	unsigned weights;       /* how often they were others since */
	struct pc_buf unsure;   /* keys of what was stored since it said so */

	/* how */
	int allow_cut, json, as_completed, dry_run, explain, warm;
	int terminal;  /* is standard output one? */
	int streaming; /* print tokens as they come */
	int64_t at_once;
	int failed_later; /* a failure may be none later */
	volatile sig_atomic_t *stop;

	int admitted; /* into memory, or not to be checked */
	uint32_t
	    start_kib; /* in use of the machine before the first question */

	/* counted */
	uint32_t engine_runs, engine_kib; /* commands; the largest one's */
	int warned_heat;
	int priced;                        /* inference.prices was looked at */
	double price_prompt, price_answer; /* of a million tokens */
	int64_t tokens;                    /* of answers that came */
};

/* ---- model.c, model_verify.c: which server, which model ---- */

/* Say which model is meant, by what is remembered.  1: it has to be asked
 * for. */
int model_recall(struct infer *);
/* By asking the servers.  1: that is not wanted; -1 with err. */
int model_find(struct infer *, struct pc_error *err);
/* The same for a run that cannot go on without: says what is wrong, and gives
 * the exit status, 0: none. */
int set_up_model(struct infer *);
/* Before a question: let the server say again which weights it has, if this
 * is the first or inference.digest_ttl has gone by.  1: it says so just now,
 * and they are others than were known; -1 with err: there is no server to ask,
 * which holds for the rest of the run. */
int model_verify(struct infer *, struct pc_error *err);
/* Does the server say that it has other weights now?  The next run knows. */
int model_replaced(struct infer *);
/* That server does not answer any more: find the same model elsewhere, unless
 * that was done. */
int model_elsewhere(struct infer *, const char *server);
/* Say which given parameters a server of OpenAI's language will not hear. */
void warn_ignored_params(const struct infer *);
/* Set the event's tokens and price by what a record's extra bytes say
 * (price.c). */
void infer_price(struct infer *, const unsigned char *extra, size_t len,
    struct pc_event *);
/* Before the first request: does it fit into memory, and how many at a time?
 * at_once is lowered.  -1 with err: it does not (admit.c). */
int infer_admit(struct infer *, struct pc_error *err);
/* End the helper, and record what the run held if it asked anybody. */
void infer_close(struct infer *);
/* Give num_thread a value, if it has none (threads.c). */
void set_thread_count(struct infer *);
/* How the model's server is asked (connection.c). */
const struct model_protocol *protocol_of(const struct model *);
/* The run's connections. */
struct http *infer_http(struct infer *);
/* GET a path, and wait for the whole answer.  The HTTP status, or -1 with err,
 * and failed_later set if that may be none later. */
int infer_call(struct infer *, const char *server, const char *path,
    struct pc_buf *answer, struct pc_error *err);

/* ---- remedy.c: a server's fault as pc-infer's message ---- */

/* Say what is wrong and what to do.  What becomes of the answer. */
enum verdict fault_explain(const struct infer *, const char *server,
    const struct server_fault *, struct pc_error *err);
/* The same for a request that ended without a whole answer, and for a status
 * other than success. */
enum verdict fault_http(const struct infer *, const char *server,
    const struct http_end *, struct pc_error *err);
enum verdict fault_refusal(const struct infer *, const char *server, int status,
    const struct pc_buf *body, struct pc_error *err);

/* ---- weights.c, confirm.c: did the weights answer that the key names? ---- */

/* An answer is in the store under that key. */
void weights_stored(struct infer *, const struct pc_id *key);
/* The server has said which weights it has, and whether they are others. */
void weights_reported(struct infer *, int others);
/* The run is over: ask once more, if there is anything to confirm. */
void weights_confirm(struct infer *);

/* ---- exchange.c: one request, until its answer is there ---- */

struct exchange {
	struct infer *in;
	struct pc_buf body;
	struct model_answer answer;
	int under_way;  /* until the answer has its verdict */
	int lost;       /* another server may answer */
	unsigned moves; /* servers that did not */
	int64_t wall;   /* us, of the request that counts */
	unsigned attempts;
	uint32_t peak_kib; /* of a command, or the helper so far */

	char server[512]; /* that was asked; in->model may be another now */
	unsigned weights; /* in->weights when it was asked */

	/* private */
	const struct model_protocol *protocol; /* its language */
	struct line_stream stream;
	struct pc_buf refusal;
	int status;
	uint64_t number;
};

/* 0, or -1 with errno: no request was made.  http_run does the rest. */
int exchange_send(struct exchange *);
void exchange_clear(struct exchange *); /* gives it up when it is under way */

/* ---- question_*.c: from a template and an input to a key and a body ---- */

/* One thing to ask about. */
struct input {
	struct piece {
		char *file; /* NULL: it has none; owned */
		char *text; /* NULL: to be read from the file; owned */
		size_t len;
		struct pc_id id; /* of the text */
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
int input_file(struct cli *, struct input *, const char *file,
    struct pc_error *err);
void input_read_failed(const char *file, struct pc_error *err); /* by errno */
void input_clear(struct input *);

/* The key of asking the model about it, with its material. */
int question_key(struct infer *, const struct input *, struct pc_id *key,
    struct pc_buf *material, struct pc_error *err);
/* The words: what is said to the model, placeholders filled in.  Files are
 * read. */
int question_prompt(struct infer *, struct input *, struct pc_buf *prompt,
    struct pc_error *err);
/* The system prompt, the same way; it may be empty. */
int question_system(const struct infer *, struct input *, struct pc_buf *,
    struct pc_error *err);
/* The body of the request.  retry, when not NULL, is what was wrong with the
 * answer bad. */
int question_body(struct infer *, struct input *, const struct pc_buf *prompt,
    const struct pc_buf *bad, const char *retry, struct pc_buf *body,
    struct pc_error *err);

/* ---- judge.c: what an answer is worth ---- */

enum result {
	RESULT_WHOLE,
	RESULT_CUT,   /* to be delivered, not to be kept */
	RESULT_UNFIT, /* the schema wants something else: worth a second try */
	RESULT_BAD,
};

/* What it is worth; why, in err.  The text then ends with a newline. */
enum result result_judge(const struct infer *, struct model_answer *,
    size_t prompt_bytes, struct pc_error *err);
/* What is said about an answer beside its text: members of a JSON object,
 * kept with the record. */
int result_extra(const struct infer *, const struct exchange *,
    struct pc_buf *extra);

/* ---- print.c ---- */

/* Write it to standard output. */
void print_text(const struct infer *, const char *, size_t);

/* ---- command.c: --engine-cmd ---- */

/* Run it: the prompt is its standard input, what it prints the answer. */
void command_ask(struct exchange *, struct input *, const struct pc_buf *);

/* ---- embed.c ---- */

struct embed_options {
	int64_t dimensions; /* 0: the model's */
	int binary;
	const char *field; /* of a record, "text" unless said */
};

int embed_run(struct infer *, const struct embed_options *);

/* ---- manage.c, manage_chats.c: what the server has, what was said ---- */

int manage_list(struct infer *);
int manage_pull(struct infer *, const char *model);
/* List all chats, or print or forget one. */
int manage_chats(struct infer *, const char *show, const char *clear);

#endif
