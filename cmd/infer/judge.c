/* judge.c - is an answer good enough to cache? */
#include "exchange.h"
#include "infer/schema/schema.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* Models put JSON between fences without being asked to. */
static void
strip_fences(struct pc_buf *t)
{
	static const char fence[] = "```", blank[] = " \n\r\t";
	const size_t n = sizeof fence - 1;
	size_t from = 0;

	while (t->len && strchr(blank, t->data[t->len - 1]))
		t->len--;
	while (from < t->len && strchr(blank, t->data[from]))
		from++;
	if (t->len - from < 2 * n || memcmp(t->data + from, fence, n) != 0 ||
	    memcmp(t->data + t->len - n, fence, n) != 0)
		return;
	from += n;
	t->len -= n;
	if (t->len - from >= 4 &&
	    strncasecmp((char *)t->data + from, "json", 4) == 0)
		from += 4;
	t->len -= from;
	memmove(t->data, t->data + from, t->len);
}

static int
is_blank(const struct pc_buf *t)
{
	for (size_t i = 0; i < t->len; i++)
		if (!strchr(" \n\r\t", t->data[i]))
			return 0;
	return 1;
}

/* Did the server leave out part of the prompt silently?  Its token count shows
 * it: every text has at least one token per eight bytes, and at one per four
 * the prompt would have exceeded the context. */
static int
prompt_was_cut(const struct infer *in, const struct model_answer *a,
    size_t bytes)
{
	const char *given = in->backend.model.api == API_OPENAI
	    ? NULL /* it is not sent there */
	    : params_get(&in->question.params, "num_ctx");
	int64_t room = in->backend.model.num_ctx;

	if (given && pc_parse_int(given, 1, INT64_MAX, &room) < 0)
		room = 0;
	if (a->prompt_tokens <= 0 || in->backend.command)
		return 0;
	return (int64_t)bytes / 8 > a->prompt_tokens &&
	    (room <= 0 || (int64_t)bytes / 4 > room);
}

enum result
result_judge(const struct infer *in, struct model_answer *a,
    size_t prompt_bytes, struct pc_error *err)
{
	struct pc_json *value;
	struct pc_error why;
	int fits;

	if (a->verdict >= VERDICT_BAD) {
		*err = a->error;
		return RESULT_BAD;
	}
	if (in->question.schema)
		strip_fences(&a->text);
	if (is_blank(&a->text)) {
		pc_error_set(err, "the answer is empty%s",
		    a->verdict == VERDICT_TRUNCATED
			? ": the token limit (num_predict) is too low"
			: is_blank(&a->thinking)
			? ""
			: ": the model thought, but wrote no text");
		return RESULT_BAD;
	}
	if (!pc_utf8_valid(a->text.data, a->text.len)) {
		pc_error_set(err, "the answer is not valid UTF-8");
		return RESULT_BAD;
	}
	if (a->text.data[a->text.len - 1] != '\n' &&
	    pc_buf_add(&a->text, "\n", 1) < 0) {
		pc_error_set(err, "%s", strerror(errno));
		return RESULT_BAD;
	}
	if (a->verdict == VERDICT_TRUNCATED) {
		pc_error_set(err,
		    "the answer was truncated at %lld tokens; -p num_predict=N raises the limit",
		    (long long)a->answer_tokens);
		return RESULT_CUT;
	}
	if (prompt_was_cut(in, a, prompt_bytes)) {
		a->verdict = VERDICT_PROMPT_TRUNCATED;
		pc_error_set(err,
		    "the server truncated the prompt: it read %lld tokens of %zu bytes; %s",
		    (long long)a->prompt_tokens, prompt_bytes,
		    longer_context(&in->backend));
		return RESULT_CUT;
	}
	if (!in->question.schema)
		return RESULT_WHOLE;
	if (pc_json_parse_any((char *)a->text.data, a->text.len, &value, &why) <
	    0) {
		pc_error_set(err, "it is not JSON: %s", why.text);
		return RESULT_UNFIT;
	}
	fits = schema_validate(in->question.schema, value, err) == 0;
	pc_json_free(value);
	return fits ? RESULT_WHOLE : RESULT_UNFIT;
}

static void
add_seconds(struct pc_buf *b, const char *name, int64_t us)
{
	if (us > 0)
		pc_json_add_real(b, name, (double)us / 1e6, 6);
}

int
result_extra(const struct backend *backend, const struct exchange *ask,
    struct pc_buf *b)
{
	const struct model_answer *a = &ask->answer;

	pc_json_add_text(b, "model", backend->model.name);
	if (!backend->command) {
		pc_json_add_text(b, "digest", backend->model.digest);
		pc_json_add_text(b, "api", api_names[backend->model.api]);
		pc_json_add_text(b, "server", ask->server);
	}
	if (a->prompt_tokens >= 0)
		pc_json_add_int(b, "prompt_tokens", a->prompt_tokens);
	if (a->answer_tokens >= 0)
		pc_json_add_int(b, "answer_tokens", a->answer_tokens);
	add_seconds(b, "seconds", ask->wall);
	add_seconds(b, "load_seconds", a->load);
	add_seconds(b, "prompt_seconds", a->prompt_time);
	add_seconds(b, "answer_seconds", a->answer_time);
	if (!is_blank(&a->thinking))
		pc_json_add_bytes(b, "thinking", a->thinking.data,
		    a->thinking.len);
	if (ask->attempts > 1)
		pc_json_add_uint(b, "attempts", ask->attempts);
	if (a->verdict == VERDICT_TRUNCATED ||
	    a->verdict == VERDICT_PROMPT_TRUNCATED) {
		pc_json_add_bool(b, "truncated", 1);
		pc_json_add_text(b, "cut",
		    a->verdict == VERDICT_TRUNCATED ? "answer" : "prompt");
	}
	return b->failed ? -1 : 0;
}
