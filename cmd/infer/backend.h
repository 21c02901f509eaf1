/* backend.h - who answers: the model and its server, or a command. */
#ifndef INFER_BACKEND_H
#define INFER_BACKEND_H

#include "http/http.h"
#include "server/servers.h"

struct infer;

/* The model that answers, and its server. */
struct model {
	enum api api;
	char name[256];   /* as the server spells it */
	char digest[800]; /* of its weights, or what stands for it */
	char server[512]; /* URL */
	int64_t num_ctx;  /* tokens of context, 0: not known */
	int fresh;        /* the server was asked in this run */
};

/* What a server is known to refuse. */
struct quirks_known {
	char server[512], model[256];
	unsigned set;
	unsigned stored; /* what later runs know */
};

struct backend {
	char *const *command;   /* --engine-cmd; NULL: a server */
	enum api api;           /* --api */
	struct servers servers; /* the first request opens its http */
	const char *wanted;     /* the model, as the user names it */
	struct model model;
	unsigned down; /* bit i: URL i did not answer */
	int verified;  /* 1: the server confirmed the digest; -1: no server
			  answers */
	int64_t verified_at;    /* pc_ticks() */
	struct pc_error absent; /* why no server answers */
	int told_unlisted;      /* that the server does not list the model */
	unsigned weights;       /* how often the weights changed in this run */
	unsigned leave_out;     /* by the configuration */
	struct quirks_known known; /* of the model's server */
	struct pc_buf unsure; /* keys stored since the digest was confirmed */
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

/* ---- weights.c, confirm.c: did the weights answer that the key names? ---- */

/* Note that an answer was stored under this key. */
void weights_stored(struct backend *, const struct pc_id *key);
/* The digest was confirmed.  If the weights have changed, remove the answers
 * stored since the last time. */
void weights_reported(struct infer *, int others);
/* Confirm the digest at the end of the run, if any answer depends on it. */
void weights_confirm(struct infer *);

/* ---- leave_out.c: members that the server refuses ---- */

/* Those of this run's requests that are left out: a set of quirks. */
unsigned left_out(struct infer *);
/* A request without the members left was refused: leave out one that the
 * refusal (n bytes) names.  0: it names none. */
int leave_out_refused(struct infer *, const void *refusal, size_t n,
    unsigned left);
/* The server answered: note for the next runs what it refuses. */
void leave_out_remember(struct infer *);

/* ---- connection.c ---- */

/* How the model's server is asked. */
const struct model_protocol *protocol_of(const struct model *);
/* The run's connections. */
struct http *infer_http(struct infer *);
/* GET a path, and wait for the whole answer.  The HTTP status, or -1 with err;
 * failed_later is set if trying later can help. */
int infer_call(struct infer *, const char *server, const char *path,
    struct pc_buf *answer, struct pc_error *err);

/* ---- remedy.c: a server's fault as pc-infer's message ---- */

/* What helps against a prompt that is longer than the model's context, on its
 * server. */
const char *longer_context(const struct backend *);
/* Add to err, which says that a prompt is too long, what helps. */
void add_context_remedy(const struct backend *, struct pc_error *err);
/* Set err to what is wrong and what to do.  The answer's verdict. */
enum verdict fault_explain(const struct backend *, const char *server,
    const struct server_fault *, struct pc_error *err);
/* The same for a request that ended without a whole answer, and for a status
 * other than success. */
enum verdict fault_http(const struct backend *, const char *server,
    const struct http_end *, struct pc_error *err);
enum verdict fault_refusal(const struct backend *, const char *server,
    int status, const struct pc_buf *body, struct pc_error *err);

#endif
