/* embed.h - texts on their way to vectors. */
#ifndef INFER_EMBED_H
#define INFER_EMBED_H

#include "cli/stage.h"
#include "infer/infer.h"

enum {
	EMBED_BATCH = 32, /* texts of one request */
	EMBED_DIMENSIONS_MAX = 65536,
	EMBED_EXTRA = 40,
};

enum text_state {
	TEXT_MISSED,
	TEXT_FOLLOWS,   /* another of this run is the same */
	TEXT_ELSEWHERE, /* another process asks for it */
	TEXT_ASKED,
	TEXT_DONE,
};

struct text {
	struct text *next;
	char *carried; /* members of its record; owned */
	char *bytes;   /* owned */
	size_t len;
	struct pc_id id;
	struct stage_entry entry; /* of its vector in the store */
	struct pc_buf material;   /* of its key */
	enum text_state state;
	float *vector;         /* owned; NULL: error says why */
	uint32_t tokens;       /* of those of its request, by its length */
	int hit, alone;        /* alone: asked for without others */
	unsigned weights;      /* in->weights when it was asked for */
	unsigned moves;        /* servers that had no answer */
	struct pc_error error; /* while missed: what one server said */
};

/* The run. */
struct embedding {
	struct infer *in;
	const struct embed_options *o;
	struct cli_names names;
	struct text *first, **last;
	size_t held, lots, elsewhere;
	int ended;      /* there are no more texts to come */
	char lost[512]; /* the server that had no answer; "": none */
	uint64_t total, failed, done, missed, later;
	size_t size; /* numbers of a vector; 0: none came yet */
};

/* ---- text.c: one of them ---- */

void text_fail(struct embedding *, struct text *, const char *why);
void text_free(struct text *);
/* Make its key; -1: errno. */
int text_key(struct embedding *, struct text *);
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

/* ---- read.c: where they come from ---- */

/* Read one more, and look its vector up.  1: there is none. */
int embed_read(struct embedding *);
/* An earlier one of the run that is the same and has no vector yet, or NULL. */
struct text *text_pending(const struct embedding *, const struct text *);

/* ---- request.c: asking for vectors ---- */

/* Look again for what other processes ask for. */
void embed_look_elsewhere(struct embedding *);
/* Ask for what is missing: whole lots and, with all, the rest. */
void embed_ask(struct embedding *, int all);

#endif
