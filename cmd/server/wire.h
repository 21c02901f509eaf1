/* wire.h - what is asked of a model and what it answers, and the two
 * languages that servers have for it: Ollama's own (ollama.c) and OpenAI's
 * (openai.c). */
#ifndef INFER_WIRE_H
#define INFER_WIRE_H

#include "infer/template/template.h"

enum api { API_UNKNOWN, API_OLLAMA, API_OPENAI, API_COMMAND, APIS };
extern const char *const api_names[]; /* "auto", "ollama", ... */

struct message {
	const char *role; /* user, assistant, system */
	const char *text;
	size_t len;
};

/* All that is sent, whole.  Nothing in it is owned. */
struct question {
	const char *model;
	const struct message *messages;
	size_t message_count;
	/* PNG files; they belong to the last message. */
	const struct pc_buf *images;
	size_t image_count;
	const struct params *params;
	const char *schema; /* as JSON, or NULL */
	enum think think;
	int may_cut;        /* too long a prompt is cut, not refused */
	int64_t keep_alive; /* us; PC_NEVER: for ever */
};

enum verdict {
	ANSWER_OPEN,       /* it goes on */
	ANSWER_WHOLE,      /* its end mark came */
	ANSWER_CUT,        /* by the limit of tokens */
	ANSWER_PROMPT_CUT, /* the server left out part of the prompt */
	ANSWER_BAD,        /* error says what is wrong */
	ANSWER_LATER,      /* the same, and trying later can help */
	ANSWER_NO_MODEL,   /* the same: the model is not there */
	ANSWER_TOO_LONG,   /* the same: the prompt has no room */
};

struct answer {
	enum verdict verdict;
	struct pc_buf text;
	/* The server's counts, -1 for none, and times, us, 0 for none. */
	int64_t prompt_tokens, answer_tokens;
	int64_t load, prompt_time, answer_time;
	struct pc_error error;
};

enum { ANSWER_MAX = 64 * 1024 * 1024 }; /* bytes of an answer's text */

/* One language. */
struct wire {
	const char *ask_path, *embed_path, *list_path;
	/* Append the body that asks the question. */
	int (*ask)(struct pc_buf *, const struct question *);
	/* Take one piece of the answer, an NDJSON line or an SSE datum, and
	 * append what it says to the text. */
	void (*piece)(struct answer *, const char *, size_t);
	int sse;
	/* Append the body that asks for the texts' embeddings. */
	int (*ask_embed)(struct pc_buf *, const char *model,
	    const struct message *texts, size_t count, int64_t dimensions);
	/* Where the vector of text i is in the answer, NULL: nowhere. */
	const struct pc_json *(
	    *vector)(const struct pc_json *answer, size_t i, size_t count);
	/* Its count of tokens, -1: none. */
	int64_t (*embed_tokens)(const struct pc_json *answer);
};

extern const struct wire ollama, openai;

/* What a body that tells of an error says, for people, in text; what it calls
 * the kind of error, if anything, in kind. */
void wire_error(const void *body, size_t n, char text[256], char kind[64]);
/* Append the beginning of an object that asks for embeddings. */
void wire_add_texts(struct pc_buf *, const char *model,
    const struct message *texts, size_t count, int64_t dimensions);
/* Append s to the answer; too much makes it bad. */
void answer_add(struct answer *, const char *s, size_t n);
void answer_bad(struct answer *, enum verdict, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void answer_clear(struct answer *);
/* A piece of a stream, owned by the caller; NULL: it is none, or an error, and
 * the answer is bad. */
struct pc_json *answer_piece(struct answer *, const char *text, size_t n);
/* An integer member, or other when there is none. */
int64_t member_int(const struct pc_json *, const char *name, int64_t other);

/* ---- pieces of a stream (stream.c) ---- */

enum { PIECE_MAX = 16 * 1024 * 1024 }; /* bytes of a line */

struct stream {
	int sse;
	struct pc_buf line;  /* the one that is not ended */
	struct pc_buf datum; /* SSE: the data lines of an event */
	int done;            /* SSE: [DONE] came */
};

/* Cut what came into pieces.  -1: a line is longer than PIECE_MAX (EMSGSIZE),
 * or out of memory. */
int stream_feed(struct stream *, const void *, size_t,
    void (*piece)(void *ctx, const char *, size_t), void *ctx);
/* The stream has ended: a last line needs no newline. */
int stream_end(struct stream *, void (*piece)(void *ctx, const char *, size_t),
    void *ctx);
void stream_clear(struct stream *);

#endif
