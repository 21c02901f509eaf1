/* exchange.h - one request and its answer, and whether the answer is good. */
#ifndef INFER_EXCHANGE_H
#define INFER_EXCHANGE_H

#include "infer.h"
#include "server/line_stream.h"

struct exchange {
	struct infer *in;
	struct pc_buf body;
	unsigned left_out; /* of the body: quirks of the server */
	struct model_answer answer;
	int under_way;  /* until the answer has its verdict */
	int lost;       /* another server can be asked */
	unsigned moves; /* servers that failed */
	int64_t wall;   /* us, of the last request */
	unsigned attempts;
	uint32_t peak_kib; /* of a command, or the helper so far */

	/* That were asked; the backend can have changed since. */
	char server[512];
	unsigned weights;
	const struct model_protocol *protocol; /* of that server */

	int status;            /* of HTTP */
	struct pc_buf refusal; /* what came with a status other than 200 */

	/* private */
	struct line_stream stream;
	uint64_t number;
};

/* Send the body.  -1 with errno: no request was sent.  http_run() receives the
 * answer. */
int exchange_send(struct exchange *);
void exchange_clear(struct exchange *); /* cancels a request under way */
/* If answers are printed as they come, print the text from byte had on. */
void exchange_show(struct exchange *, size_t had);
/* Run the command of --engine-cmd instead: it reads the prompt on standard
 * input and prints the answer (command.c). */
void command_ask(struct exchange *, struct input *, const struct pc_buf *);

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
int result_extra(const struct backend *, const struct exchange *,
    struct pc_buf *extra);

#endif
