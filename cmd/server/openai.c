/* openai.c - OpenAI's API, which llama.cpp's server, vLLM and
 * most hosted models speak (platform.openai.com/docs/api-reference/chat). */
#include "model_protocol.h"

#include <string.h>

static void
add_options(struct pc_buf *b, const struct params *p, unsigned left_out)
{
	for (size_t i = 0; i < p->count; i++) {
		const char *name = p->all[i].kind->openai;
		const char *value = p->all[i].value;

		if (!name || !*value)
			continue;
		if (left_out & quirk_named(name, strlen(name))) {
			if (!(left_out & QUIRK_MAX_TOKENS) ||
			    strcmp(name, "max_tokens") != 0)
				continue;
			name = "max_completion_tokens";
		}
		pc_json_add_raw(b, name, value, strlen(value));
	}
}

/* The image as a data URI: the base64 text continues the string. */
static void
add_data_uri(struct pc_buf *b, const struct pc_buf *png)
{
	static const char scheme[] = "data:image/png;base64,";
	size_t comma;

	pc_json_add_text(b, "url", scheme);
	if (b->failed)
		return;
	/* The base64 text brings two quotes.  The first one takes the place of
	 * the comma, which is then put back, so no byte has to move. */
	b->len -= 2;
	comma = b->len;
	if (pc_json_base64(b, png->data, png->len) == 0)
		b->data[comma] = ',';
}

static void
add_image(struct pc_buf *b, const struct pc_buf *png)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "type", "image_url");
	pc_json_begin_object(b, "image_url");
	add_data_uri(b, png);
	pc_json_end_object(b);
	pc_json_end_object(b);
}

static void
add_message(struct pc_buf *b, const struct model_request *q, size_t i)
{
	const struct message *m = &q->messages[i];

	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "role", m->role);
	if (i + 1 == q->message_count && q->image_count) {
		pc_json_begin_array(b, "content");
		pc_json_begin_object(b, NULL);
		pc_json_add_text(b, "type", "text");
		pc_json_add_bytes(b, "text", m->text, m->len);
		pc_json_end_object(b);
		for (size_t k = 0; k < q->image_count; k++)
			add_image(b, &q->images[k]);
		pc_json_end_array(b);
	} else {
		pc_json_add_bytes(b, "content", m->text, m->len);
	}
	pc_json_end_object(b);
}

/* The schema as words, for a server that takes it in no other way. */
static void
add_schema_message(struct pc_buf *b, const char *schema)
{
	struct pc_buf text = {0};

	pc_buf_addf(&text, "Answer with JSON that matches this JSON Schema: %s",
	    schema);
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "role", "system");
	pc_json_add_bytes(b, "content", text.data, text.len);
	pc_json_end_object(b);
	b->failed |= text.failed;
	pc_buf_clear(&text);
}

static void
add_schema(struct pc_buf *b, const char *schema, unsigned left_out)
{
	pc_json_begin_object(b, "response_format");
	if (left_out & QUIRK_JSON_SCHEMA) {
		pc_json_add_text(b, "type", "json_object");
		pc_json_end_object(b);
		return;
	}
	pc_json_add_text(b, "type", "json_schema");
	pc_json_begin_object(b, "json_schema");
	pc_json_add_text(b, "name", "answer");
	pc_json_add_bool(b, "strict", !(left_out & QUIRK_STRICT));
	pc_json_add_raw(b, "schema", schema, strlen(schema));
	pc_json_end_object(b);
	pc_json_end_object(b);
}

static void
add_think(struct pc_buf *b, enum think think, unsigned left_out)
{
	if (left_out & QUIRK_THINKING && think <= THINK_ON) {
		pc_json_add_text(b, "reasoning_effort",
		    think == THINK_ON ? "medium" : "none");
	} else if (think <= THINK_ON) {
		pc_json_begin_object(b, "chat_template_kwargs");
		pc_json_add_bool(b, "enable_thinking", think == THINK_ON);
		pc_json_end_object(b);
	} else if (think > THINK_ON) {
		pc_json_add_text(b, "reasoning_effort", think_names[think]);
	}
}

static int
add_request(struct pc_buf *b, const struct model_request *q)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "model", q->model);
	pc_json_begin_array(b, "messages");
	if (q->schema && q->left_out & QUIRK_JSON_SCHEMA)
		add_schema_message(b, q->schema);
	for (size_t i = 0; i < q->message_count; i++)
		add_message(b, q, i);
	pc_json_end_array(b);
	add_options(b, q->params, q->left_out);
	if (q->schema)
		add_schema(b, q->schema, q->left_out);
	/* Some servers refuse a member that turns thinking off, so it is sent
	 * only if a person asked for that. */
	if (q->think != THINK_OFF || q->think_given)
		add_think(b, q->think, q->left_out);
	pc_json_add_bool(b, "stream", !(q->left_out & QUIRK_STREAM));
	if (!(q->left_out & (QUIRK_STREAM | QUIRK_STREAM_OPTIONS))) {
		pc_json_begin_object(b, "stream_options");
		pc_json_add_bool(b, "include_usage", 1);
		pc_json_end_object(b);
	}
	pc_json_end_object(b);
	return pc_buf_add(b, "\n", 1);
}

static void
parse_counts(struct model_answer *a, const struct pc_json *j)
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

typedef void add_piece(struct model_answer *, const char *, size_t);

/* Text, or an array of parts: {"type": "text", "text": ...} and Mistral's
 * {"type": "thinking", "thinking": [parts]}. */
static void
parse_content(struct model_answer *a, const struct pc_json *content,
    add_piece *add)
{
	size_t n;
	const char *s = pc_json_text(content, &n);

	if (s)
		add(a, s, n);
	for (size_t i = 0; i < pc_json_length(content); i++) {
		const struct pc_json *part = pc_json_at(content, i);
		const struct pc_json *thinking = pc_json_get(part, "thinking");

		if (thinking && add == answer_add_text)
			parse_content(a, thinking, answer_add_thinking);
		else if ((s = pc_json_text(pc_json_get(part, "text"), &n)))
			add(a, s, n);
	}
}

static void
parse_message(struct model_answer *a, const struct pc_json *m)
{
	const size_t had = a->text.len + a->held.len;
	const enum verdict verdict = a->verdict;

	parse_content(a, pc_json_get(m, "content"), answer_add_text);
	if (verdict != VERDICT_OPEN && a->text.len + a->held.len != had)
		answer_fail(a, VERDICT_BAD,
		    "the answer continued after its end");
	/* DeepSeek and llama.cpp; vLLM and OpenRouter */
	parse_content(a, pc_json_get(m, "reasoning_content"),
	    answer_add_thinking);
	parse_content(a, pc_json_get(m, "reasoning"), answer_add_thinking);
	parse_content(a, pc_json_get(m, "refusal"), answer_add_refusal);
}

/* A piece of a stream has a delta; a server that does not stream sends a
 * message. */
static void
parse_choice(struct model_answer *a, const struct pc_json *choice)
{
	const struct pc_json *delta = pc_json_get(choice, "delta");
	size_t n;
	const char *reason = pc_json_text(pc_json_get(choice, "finish_reason"),
	    &n);

	parse_message(a, delta ? delta : pc_json_get(choice, "message"));
	/* Some servers send "" until the end. */
	if (reason && n > 0)
		answer_finish(a, reason, n);
}

static void
parse_piece(struct model_answer *a, const char *datum, size_t n)
{
	struct pc_json *j = answer_parse_piece(a, datum, n);

	if (j) {
		parse_choice(a, pc_json_at(pc_json_get(j, "choices"), 0));
		parse_counts(a, j);
	}
	pc_json_free(j);
}

static int
add_embed_request(struct pc_buf *b, const char *model,
    const struct message *texts, size_t count, int64_t dimensions)
{
	begin_embed_request(b, model, texts, count, dimensions);
	pc_json_add_text(b, "encoding_format", "float");
	pc_json_end_object(b);
	return pc_buf_add(b, "\n", 1);
}

/* Vectors come in any order, each with its index. */
static const struct pc_json *
find_vector(const struct pc_json *answer, size_t i, size_t count)
{
	const struct pc_json *data = pc_json_get(answer, "data");

	if (pc_json_length(data) != count)
		return NULL;
	for (size_t k = 0; k < count; k++) {
		/* Usually the order is right, so start at i. */
		const struct pc_json *one = pc_json_at(data, (i + k) % count);

		if (member_int(one, "index", -1) == (int64_t)i)
			return pc_json_get(one, "embedding");
	}
	return NULL;
}

static int64_t
count_tokens(const struct pc_json *answer)
{
	return member_int(pc_json_get(answer, "usage"), "prompt_tokens", -1);
}

static const struct pc_json *
find_models(const struct pc_json *list)
{
	const struct pc_json *data = pc_json_get(list, "data");

	return pc_json_type(data) == PC_JSON_ARRAY ? data : NULL;
}

/* The list has no digests; llama.cpp's server adds sizes, which tell weights
 * apart, but as a router only while a model is loaded (status). */
static void
parse_model(const struct pc_json *e, struct listed_model *m)
{
	const struct pc_json *meta = pc_json_get(e, "meta");

	*m = (struct listed_model){.num_ctx = member_int(e, "max_model_len",
				       member_int(meta, "n_ctx", 0))};
	copy_member(m->name, sizeof m->name, e, "id");
	if (meta && *m->name && !pc_json_get(e, "status"))
		snprintf(m->digest, sizeof m->digest, "%.100s %lld %lld",
		    m->name, (long long)member_int(meta, "n_params", 0),
		    (long long)member_int(meta, "size", 0));
}

const struct model_protocol openai_protocol = {
    .chat_path = "/v1/chat/completions",
    .embed_path = "/v1/embeddings",
    .list_path = "/v1/models",
    .form = STREAM_EVENTS,
    .add_request = add_request,
    .parse_piece = parse_piece,
    .add_embed_request = add_embed_request,
    .find_vector = find_vector,
    .count_tokens = count_tokens,
    .find_models = find_models,
    .parse_model = parse_model};
