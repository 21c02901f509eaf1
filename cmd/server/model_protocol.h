/* model_protocol.h - requests to a model and its answers, in the two APIs of
 * model servers: Ollama's own (ollama.c) and OpenAI's (openai.c). */
#ifndef SERVER_MODEL_PROTOCOL_H
#define SERVER_MODEL_PROTOCOL_H

#include "server/params.h"

enum api { API_AUTO, API_OLLAMA, API_OPENAI, APIS };
extern const char *const api_names[]; /* "auto", "ollama", "openai" */

struct message {
	const char *role; /* user, assistant, system */
	const char *text;
	size_t len;
};

/* Everything that is sent.  Nothing in it is owned. */
struct model_request {
	const char *model;
	const struct message *messages;
	size_t message_count;
	/* PNG files; they belong to the last message. */
	const struct pc_buf *images;
	size_t image_count;
	const struct params *params;
	const char *schema; /* as JSON, or NULL */
	enum think think;
	int may_truncate;   /* too long a prompt is truncated, not refused */
	int64_t keep_alive; /* us; PC_NEVER: for ever */
};

enum verdict {
	VERDICT_OPEN,             /* the answer goes on */
	VERDICT_WHOLE,            /* its end mark came */
	VERDICT_TRUNCATED,        /* by the token limit */
	VERDICT_PROMPT_TRUNCATED, /* the server left out part of the prompt */
	VERDICT_BAD,              /* error says what is wrong */
	VERDICT_LATER,            /* the same, and trying later can help */
	VERDICT_NO_MODEL, /* the same: the server does not have the model */
	VERDICT_TOO_LONG, /* the same: the prompt exceeds the context */
};

struct model_answer {
	enum verdict verdict;
	struct pc_buf text;
	/* The server's counts, -1 for none, and times, us, 0 for none. */
	int64_t prompt_tokens, answer_tokens;
	int64_t load, prompt_time, answer_time;
	struct pc_error error;
};

enum { ANSWER_TEXT_MAX = 64 * 1024 * 1024 }; /* bytes of an answer's text */

/* A model in a server's list. */
struct listed_model {
	char name[256];
	char digest[129]; /* of its weights; OpenAI: made from other members */
	int64_t num_ctx;  /* tokens of context, 0: not known */
};

/* One API. */
struct model_protocol {
	const char *chat_path, *embed_path, *list_path;
	int sse; /* answers are server-sent events, else NDJSON */
	/* Append the body of a request for an answer. */
	int (*add_request)(struct pc_buf *, const struct model_request *);
	/* Parse one piece of a streamed answer and add what it says. */
	void (*parse_piece)(struct model_answer *, const char *, size_t);
	/* Append the body of a request for the texts' embeddings. */
	int (*add_embed_request)(struct pc_buf *, const char *model,
	    const struct message *texts, size_t count, int64_t dimensions);
	/* The vector of text i in an answer, NULL: it has none. */
	const struct pc_json *(
	    *find_vector)(const struct pc_json *answer, size_t i, size_t count);
	/* An answer's token count, -1: it has none. */
	int64_t (*count_tokens)(const struct pc_json *answer);
	/* The array of models in a list, NULL: it is not such a list; and one
	 * entry of it.  A name or a digest that cannot be used is "". */
	const struct pc_json *(*find_models)(const struct pc_json *list);
	void (*parse_model)(const struct pc_json *entry, struct listed_model *);
};

extern const struct model_protocol ollama_protocol, openai_protocol;

/* ---- shared by both ---- */

/* Find the error in a body: its text for people, and the server's name for the
 * kind of error, "" for none. */
void parse_error_body(const void *body, size_t n, char text[256],
    char kind[64]);
/* Begin the JSON object that requests embeddings; the caller adds members and
 * ends it. */
void begin_embed_request(struct pc_buf *, const char *model,
    const struct message *texts, size_t count, int64_t dimensions);
/* Copy a member that is one line of text; "" when it is not. */
void copy_member(char *to, size_t size, const struct pc_json *,
    const char *name);
/* An integer member, or other when there is none. */
int64_t member_int(const struct pc_json *, const char *name, int64_t other);

/* Append s to the answer; too long an answer becomes bad. */
void answer_add_text(struct model_answer *, const char *s, size_t n);
/* Make the answer bad, unless it is; the first fault is the cause. */
void answer_fail(struct model_answer *, enum verdict, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void answer_clear(struct model_answer *);
/* A piece of a stream as an object, owned by the caller; NULL: it is not one,
 * or an error, and the answer is bad. */
struct pc_json *answer_parse_piece(struct model_answer *, const char *text,
    size_t n);

#endif
