/* infer.h - a run of pc-infer: the question, the model that is asked, and the
 * answers. */
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

/* The model that answers, and its server. */
struct model {
	enum api api;
	char name[256];   /* as the server spells it */
	char digest[129]; /* of its weights, or what the server has instead */
	char server[512]; /* URL */
	int64_t num_ctx;  /* tokens of context, 0: not known */
	int fresh;        /* the server was asked in this run */
};

struct infer {
	struct cli *c;

	/* the question (set by pc-infer.c) */
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
	char *const *command;   /* --engine-cmd; NULL: a server */
	struct pc_json *schema; /* parsed */

	/* the server and the model */
	enum api api;           /* --api */
	struct servers servers; /* the first request opens its http */
	const char *model_name;
	struct model model;
	unsigned down; /* bit i: URL i did not answer */
	int verified;  /* 1: the server confirmed the digest; -1: no server
			  answers */
	int64_t verified_at;    /* pc_ticks() */
	struct pc_error absent; /* why no server answers */
	unsigned weights;       /* how often the weights changed in this run */
	struct pc_buf unsure;   /* keys stored since the digest was confirmed */

	/* options and state of the run */
	int allow_cut, json, as_completed, dry_run, explain, warm;
	int terminal;  /* standard output is one */
	int streaming; /* print tokens as they come */
	int64_t at_once;
	int failed_later; /* trying later can help */
	volatile sig_atomic_t *stop;

	int admitted; /* the memory check passed, or was overridden by -j */
	uint32_t start_kib; /* memory in use before the first request */

	/* counted */
	uint32_t engine_runs,
	    engine_kib; /* commands run; the largest one's memory */
	int warned_heat;
	int priced;                        /* inference.prices was read */
	double price_prompt, price_answer; /* per million tokens */
	int64_t tokens;                    /* of all answers */
};

/* ---- model.c, model_verify.c: which server, which model ---- */

/* Set the model from what earlier runs stored.  1: a server has to be
 * asked. */
int model_recall(struct infer *);
/* Set the model by asking the servers.  1 with err: --offline forbids it; -1
 * with err: no server has it. */
int model_find(struct infer *, struct pc_error *err);
/* The same, with a message if it fails.  The exit status, 0 for success. */
int set_up_model(struct infer *);
/* Confirm the model's digest before a request, if this is the first one or
 * inference.digest_ttl has passed.  1: the weights have changed; -1 with err:
 * no server answers, and none is asked again in this run. */
int model_verify(struct infer *, struct pc_error *err);
/* Does the server have other weights now?  If so, the digest is stored for the
 * next run. */
int model_replaced(struct infer *);
/* The server has stopped answering: find the same model on another one, unless
 * another request has done so.  -1: there is none. */
int model_elsewhere(struct infer *, const char *server);
/* Warn about the given parameters that the OpenAI API does not support. */
void warn_ignored_params(const struct infer *);
/* Set the event's tokens and price from a record's extra bytes (price.c). */
void infer_price(struct infer *, const unsigned char *extra, size_t len,
    struct pc_event *);
/* Check before the first request that there is enough memory, and lower
 * at_once to what fits.  -1 with err: not even one fits (admit.c). */
int infer_admit(struct infer *, struct pc_error *err);
/* End the helper, and log the memory of the run if it sent a request. */
void infer_close(struct infer *);
/* Give num_thread a value, if it has none (threads.c). */
void set_thread_count(struct infer *);
/* How the model's server is asked (connection.c). */
const struct model_protocol *protocol_of(const struct model *);
/* The run's connections. */
struct http *infer_http(struct infer *);
/* GET a path, and wait for the whole answer.  The HTTP status, or -1 with err;
 * failed_later is set if trying later can help. */
int infer_call(struct infer *, const char *server, const char *path,
    struct pc_buf *answer, struct pc_error *err);

/* ---- remedy.c: a server's fault as pc-infer's message ---- */

/* Set err to what is wrong and what to do.  The answer's verdict. */
enum verdict fault_explain(const struct infer *, const char *server,
    const struct server_fault *, struct pc_error *err);
/* The same for a request that ended without a whole answer, and for a status
 * other than success. */
enum verdict fault_http(const struct infer *, const char *server,
    const struct http_end *, struct pc_error *err);
enum verdict fault_refusal(const struct infer *, const char *server, int status,
    const struct pc_buf *body, struct pc_error *err);

/* ---- weights.c, confirm.c: did the weights answer that the key names? ---- */

/* Note that an answer was stored under this key. */
void weights_stored(struct infer *, const struct pc_id *key);
/* The digest was confirmed.  If the weights have changed, remove the answers
 * stored since the last time. */
void weights_reported(struct infer *, int others);
/* Confirm the digest at the end of the run, if any answer depends on it. */
void weights_confirm(struct infer *);

/* ---- exchange.c: one request and its answer ---- */

struct exchange {
	struct infer *in;
	struct pc_buf body;
	struct model_answer answer;
	int under_way;  /* until the answer has its verdict */
	int lost;       /* another server can be asked */
	unsigned moves; /* servers that failed */
	int64_t wall;   /* us, of the last request */
	unsigned attempts;
	uint32_t peak_kib; /* of a command, or the helper so far */

	char server[512]; /* that was asked; in->model can have changed since */
	unsigned weights; /* in->weights when it was asked */

	/* private */
	const struct model_protocol *protocol; /* of that server */
	struct line_stream stream;
	struct pc_buf refusal;
	int status;
	uint64_t number;
};

/* Send the body.  -1 with errno: no request was sent.  http_run() receives the
 * answer. */
int exchange_send(struct exchange *);
void exchange_clear(struct exchange *); /* cancels a request under way */

/* ---- question_*.c: from a template and an input to a key and a body ---- */

/* One thing to ask about. */
struct input {
	struct input_piece {
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

/* The key of the question, and the material that the key was made from. */
int question_key(struct infer *, const struct input *, struct pc_id *key,
    struct pc_buf *material, struct pc_error *err);
/* Append the prompt with the texts and the values of placeholders.  Files are
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

/* ---- judge.c: is an answer good enough to cache? ---- */

enum result {
	RESULT_WHOLE,
	RESULT_CUT,   /* truncated: printed, not cached */
	RESULT_UNFIT, /* does not match the schema: the model is asked again */
	RESULT_BAD,
};

/* Judge an answer; err has the reason.  A newline is added at the end of its
 * text. */
enum result result_judge(const struct infer *, struct model_answer *,
    size_t prompt_bytes, struct pc_error *err);
/* Append the members of a JSON object about an answer (model, tokens, times),
 * which are stored with it. */
int result_extra(const struct infer *, const struct exchange *,
    struct pc_buf *extra);

/* ---- print.c ---- */

/* Write it to standard output. */
void print_text(const struct infer *, const char *, size_t);

/* ---- command.c: --engine-cmd ---- */

/* Run the command: it reads the prompt on standard input and prints the
 * answer. */
void command_ask(struct exchange *, struct input *, const struct pc_buf *);

/* ---- embed.c ---- */

struct embed_options {
	int64_t dimensions; /* 0: the model's */
	int binary;
	const char *field; /* the member of a record; default "text" */
};

int embed_run(struct infer *, const struct embed_options *);

/* ---- manage.c, manage_chats.c: models of the server, chats ---- */

int manage_list(struct infer *);
int manage_pull(struct infer *, const char *model);
/* List all chats, or print or delete one. */
int manage_chats(struct infer *, const char *show, const char *clear);

#endif
