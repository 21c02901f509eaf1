/* openai.c - the language of OpenAI's API, which llama.cpp's server, vLLM and
 * most hosted models speak (platform.openai.com/docs/api-reference/chat). */
#include "wire.h"

#include <string.h>

static void
add_options(struct pc_buf *b, const struct params *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->all[i].kind->openai)
			pc_buf_addf(b, ",\"%s\":%s", p->all[i].kind->openai,
			    p->all[i].value);
}

static void
add_message(struct pc_buf *b, const struct question *q, size_t i)
{
	const struct message *m = &q->messages[i];
	int images = i + 1 == q->message_count && q->image_count;
	size_t quote;

	pc_buf_addf(b, "%s{\"role\":\"%s\",\"content\":", i ? "," : "",
	    m->role);
	if (!images) {
		pc_json_string(b, m->text, m->len);
		pc_buf_addf(b, "}");
		return;
	}
	pc_buf_addf(b, "[{\"type\":\"text\",\"text\":");
	pc_json_string(b, m->text, m->len);
	pc_buf_addf(b, "}");
	for (size_t k = 0; k < q->image_count; k++) {
		pc_buf_addf(b,
		    ",{\"type\":\"image_url\",\"image_url\":"
		    "{\"url\":\"data:image/png;base64,");
		/* The data URI goes on where the string begins. */
		quote = b->len;
		if (pc_json_base64(b, q->images[k].data, q->images[k].len) ==
		    0) {
			memmove(b->data + quote, b->data + quote + 1,
			    b->len - quote - 1);
			b->len--;
		}
		pc_buf_addf(b, "}}");
	}
	pc_buf_addf(b, "]}");
}

static int
ask(struct pc_buf *b, const struct question *q)
{
	pc_buf_addf(b, "{\"model\":");
	pc_json_string(b, q->model, strlen(q->model));
	pc_buf_addf(b, ",\"messages\":[");
	for (size_t i = 0; i < q->message_count; i++)
		add_message(b, q, i);
	pc_buf_addf(b, "]");
	add_options(b, q->params);
	if (q->schema)
		pc_buf_addf(b,
		    ",\"response_format\":{\"type\":\"json_schema\","
		    "\"json_schema\":{\"name\":\"answer\",\"strict\":"
		    "true,\"schema\":%s}}",
		    q->schema);
	/* Off is what servers do unasked, or else they refuse the name. */
	if (q->think == THINK_ON)
		pc_buf_addf(b,
		    ",\"chat_template_kwargs\":"
		    "{\"enable_thinking\":true}");
	else if (q->think > THINK_ON)
		pc_buf_addf(b, ",\"reasoning_effort\":\"%s\"",
		    think_names[q->think]);
	return pc_buf_addf(b,
	    ",\"stream\":true,\"stream_options\":"
	    "{\"include_usage\":true}}\n");
}

static void
take_counts(struct answer *a, const struct pc_json *j)
{
	const struct pc_json *usage = pc_json_get(j, "usage");
	const struct pc_json *times = pc_json_get(j, "timings");
	double ms;

	if (usage) {
		a->prompt_tokens = member_int(usage, "prompt_tokens", -1);
		a->answer_tokens = member_int(usage, "completion_tokens", -1);
	}
	/* llama.cpp's server says how long it took. */
	if (pc_json_real(pc_json_get(times, "prompt_ms"), &ms) == 0 &&
	    ms >= 0 && ms < 1e12)
		a->prompt_time = (int64_t)(ms * 1000);
	if (pc_json_real(pc_json_get(times, "predicted_ms"), &ms) == 0 &&
	    ms >= 0 && ms < 1e12)
		a->answer_time = (int64_t)(ms * 1000);
}

static void
take_choice(struct answer *a, const struct pc_json *choice)
{
	size_t n;
	const char *s = pc_json_text(
	    pc_json_get(pc_json_get(choice, "delta"), "content"), &n);

	if (s && a->verdict == ANSWER_OPEN)
		answer_add(a, s, n);
	else if (s && n > 0)
		answer_bad(a, ANSWER_BAD, "it went on after its end");
	/* Some say "" until then. */
	s = pc_json_text(pc_json_get(choice, "finish_reason"), &n);
	if (!s || n == 0 || a->verdict != ANSWER_OPEN)
		return;
	a->verdict = strcmp(s, "length") == 0 ? ANSWER_CUT : ANSWER_WHOLE;
	if (strcmp(s, "content_filter") == 0)
		answer_bad(a, ANSWER_BAD,
		    "its filter ended the answer (content_filter)");
}

static void
piece(struct answer *a, const char *datum, size_t n)
{
	struct pc_json *j = answer_piece(a, datum, n);

	if (j) {
		take_choice(a, pc_json_at(pc_json_get(j, "choices"), 0));
		take_counts(a, j);
	}
	pc_json_free(j);
}

static int
ask_embed(struct pc_buf *b, const char *model, const struct message *texts,
    size_t count, int64_t dimensions)
{
	wire_add_texts(b, model, texts, count, dimensions);
	return pc_buf_addf(b, ",\"encoding_format\":\"float\"}\n");
}

/* They come in any order, each with its index. */
static const struct pc_json *
vector(const struct pc_json *answer, size_t i, size_t count)
{
	const struct pc_json *data = pc_json_get(answer, "data");

	if (pc_json_length(data) != count)
		return NULL;
	for (size_t k = 0; k < count; k++) {
		/* Most are where they belong. */
		const struct pc_json *one = pc_json_at(data, (i + k) % count);

		if (member_int(one, "index", -1) == (int64_t)i)
			return pc_json_get(one, "embedding");
	}
	return NULL;
}

static int64_t
embed_tokens(const struct pc_json *answer)
{
	return member_int(pc_json_get(answer, "usage"), "prompt_tokens", -1);
}

const struct wire openai = {.ask_path = "/v1/chat/completions",
    .embed_path = "/v1/embeddings",
    .list_path = "/v1/models",
    .ask = ask,
    .piece = piece,
    .sse = 1,
    .ask_embed = ask_embed,
    .vector = vector,
    .embed_tokens = embed_tokens};
