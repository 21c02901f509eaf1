/* embed.h - texts on their way to vectors. */
#ifndef INFER_EMBED_H
#define INFER_EMBED_H

#include "cli/stage_all.h"
#include "embed_run.h"
#include "infer/exchange.h"

enum {
	EMBED_BATCH = 32,               /* texts of one request */
	EMBED_AHEAD = 16 * EMBED_BATCH, /* texts read before the oldest is
					 * printed */
	EMBED_DIMENSIONS_MAX = 65536,
	EMBED_EXTRA = 40,
};

enum text_state {
	TEXT_READ, /* it was not looked up yet */
	TEXT_MISSED,
	TEXT_FOLLOWS,   /* an earlier text of this run is equal */
	TEXT_ELSEWHERE, /* another process computes it */
	TEXT_ASKED,     /* it is in a request */
	TEXT_DONE,
};

struct text {
	struct text *next;
	char *carried; /* members of its record; owned */
	char *bytes;   /* without the newline at the end; owned */
	size_t len;
	struct text_ids ids;
	struct stage_entry entry; /* of its vector in the store */
	struct pc_buf material;   /* of its key */
	enum text_state state;
	float *vector;         /* owned; NULL: error says why */
	uint32_t tokens;       /* of those of its request, by its length */
	int hit, alone;        /* alone: it gets a request of its own */
	unsigned weights;      /* in->backend.weights when it was asked for */
	unsigned moves;        /* servers that had no answer */
	struct pc_error error; /* while missed: why a server had no answer */
};

/* The run. */
struct embedding {
	struct infer *in;
	const struct embed_options *o;
	struct cli_names names;
	struct text *first, **last;
	size_t held, lots;
	int ended;      /* the last text was read */
	char lost[512]; /* the server that had no answer; "": none */
	uint64_t total, failed, done, missed, later;
	size_t size; /* numbers of a vector; 0: not known yet */
};

/* A request for the vectors of several texts. */
struct lot {
	struct embedding *run;
	struct text *texts[EMBED_BATCH];
	struct message messages[EMBED_BATCH];
	size_t count;
	/* Who was asked; in->backend.model may be another server's now. */
	const struct model_protocol *protocol;
	char server[512];
	struct pc_buf reply;
	int status; /* of HTTP */
};

/* ---- text.c: one of them ---- */

void text_fail(struct embedding *, struct text *, const char *why);
void text_free(struct text *);
/* Make its key.  Ends the program if memory runs out. */
void text_make_key(struct embedding *, struct text *);
/* Can the record be a vector of this run?  For stage_entry. */
int text_is_vector(void *ctx, const struct pc_hit *, struct pc_event *);
/* Look its vector up and take it.  1: it is not there. */
int text_find(struct embedding *, struct text *);
/* Take the vector that a look found. */
void text_take_hit(struct embedding *, struct text *);
/* Is a vector as long as all others of the run? */
int embed_size_fits(struct embedding *, size_t n);
/* The extra bytes of a record, by which its tokens are known: their length. */
size_t embed_extra(uint32_t tokens, char extra[EMBED_EXTRA]);
void embed_store(struct embedding *, struct text *, int64_t cost);

/* ---- find.c: their vectors in the store ---- */

/* Look up those that were read, at most EMBED_BATCH. */
void embed_find(struct embedding *, struct text *const[], size_t n);
/* The model has other weights: make all keys and look up again what was not
 * sent. */
void embed_find_again(struct embedding *);
/* Be the process that computes these, at most EMBED_AHEAD: those stay or become
 * TEXT_MISSED.  Others have their vector, or another process computes it. */
void embed_claim(struct embedding *, struct text *const[], size_t n);
/* Claim again what other processes compute. */
void embed_claim_elsewhere(struct embedding *);
/* How many texts have that state? */
size_t embed_count(const struct embedding *, enum text_state);
/* An earlier one of the run that is the same and has no vector yet, or NULL. */
struct text *text_pending(const struct embedding *, const struct text *);

/* ---- read.c: where they come from ---- */

/* Read the texts that can be read without a wait, at most EMBED_BATCH, and look
 * them up.  0: there are none now. */
int embed_read(struct embedding *);

/* ---- ask.c: which texts are sent, and where ---- */

/* Ask for what is missing: whole lots and, with all, the rest. */
void embed_ask(struct embedding *, int all);

/* ---- request.c: a request and its answer ---- */

void lot_send(struct embedding *, struct lot *);

/* ---- answer.c: what an answer holds ---- */

/* Take the vectors of a whole answer, and free the lot's locks.  answer is NULL
 * if it is not JSON; wall is in us. */
void lot_take_vectors(struct lot *, const struct pc_json *answer, int64_t wall);
/* Record what the server did, and share the tokens among the texts. */
void lot_note(struct lot *, const struct pc_json *answer, int64_t wall);

/* ---- print.c ---- */

void text_print(struct embedding *, const struct text *);

#endif
