/* model_protocol.h - requests to a model and its answers, in the two APIs of
 * model servers: Ollama's own (ollama.c) and OpenAI's (openai.c). */
#ifndef SERVER_MODEL_PROTOCOL_H
#define SERVER_MODEL_PROTOCOL_H

#include "server/line_stream.h"
#include "server/params.h"
#include "server/quirks.h"

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
	int think_given;    /* off is a person's wish, not the default */
	int may_truncate;   /* too long a prompt is truncated, not refused */
	int64_t keep_alive; /* us; PC_NEVER: for ever */
	unsigned left_out;  /* quirks of the server */
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

/* Where the next piece of text belongs. */
enum answer_part {
	PART_OPENING, /* nothing but blanks came, or a part of "<think>" */
	PART_BLOCK,   /* between <think> and </think> */
	PART_AFTER,   /* after it, and nothing but blanks came */
	PART_TEXT,
};

struct model_answer {
	enum verdict verdict;
	struct pc_buf text;
	struct pc_buf thinking; /* what the model thought before it */
	/* The server's counts, -1 for none, and times, us, 0 for none. */
	int64_t prompt_tokens, answer_tokens;
	int64_t load, prompt_time, answer_time;
	struct pc_error error;

	/* private */
	enum answer_part part;
	struct pc_buf held;    /* PART_OPENING: not yet known to be text */
	struct pc_buf refusal; /* the model's words */
};

enum { ANSWER_TEXT_MAX = 64 * 1024 * 1024 }; /* bytes of an answer's text */

/* A model in a server's list. */
struct listed_model {
	char name[256];
	char digest[129]; /* of its weights; OpenAI: made from other members,
			   * or "" */
	int64_t num_ctx;  /* tokens of context, 0: not known */
};

/* One API. */
struct model_protocol {
	const char *chat_path, *embed_path, *list_path;
	enum stream_form form; /* of answers */
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

/* Begin the JSON object that requests embeddings; the caller adds members and
 * ends it. */
void begin_embed_request(struct pc_buf *, const char *model,
    const struct message *texts, size_t count, int64_t dimensions);
/* Copy a member that is one line of text; "" when it is not. */
void copy_member(char *to, size_t size, const struct pc_json *,
    const char *name);
/* An integer member, or other when there is none. */
int64_t member_int(const struct pc_json *, const char *name, int64_t other);

/* Append a piece of what the model wrote; too long an answer becomes bad.  A
 * <think> block that opens the answer is thinking. */
void answer_add_text(struct model_answer *, const char *s, size_t n);
/* Append what the model thinks, or its refusal, from members of their own. */
void answer_add_thinking(struct model_answer *, const char *s, size_t n);
void answer_add_refusal(struct model_answer *, const char *s, size_t n);
/* The server gave the reason for the end: the answer gets its verdict
 * (finish_reason.c). */
void answer_finish(struct model_answer *, const char *reason, size_t n);
/* No more pieces come. */
void answer_close(struct model_answer *);
/* Make the answer bad, unless it is; the first fault is the cause. */
void answer_fail(struct model_answer *, enum verdict, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void answer_clear(struct model_answer *);
/* A piece of a stream as an object, owned by the caller; NULL: it is not one,
 * or an error, and the answer is bad. */
struct pc_json *answer_parse_piece(struct model_answer *, const char *text,
    size_t n);

#endif
