/* ollama.c - Ollama's own API (docs/api.md and api/types.go there). */
#include "model_protocol.h"

#include <string.h>

static void
add_options(struct pc_buf *b, const struct params *p)
{
	pc_json_begin_object(b, "options");
	for (size_t i = 0; i < p->count; i++)
		if (*p->all[i].value)
			pc_json_add_raw(b, p->all[i].kind->name,
			    p->all[i].value, strlen(p->all[i].value));
	pc_json_end_object(b);
}

static void
add_message(struct pc_buf *b, const struct model_request *q, size_t i)
{
	const struct message *m = &q->messages[i];

	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "role", m->role);
	pc_json_add_bytes(b, "content", m->text, m->len);
	if (i + 1 == q->message_count && q->image_count) {
		pc_json_begin_array(b, "images");
		for (size_t k = 0; k < q->image_count; k++)
			pc_json_add_base64(b, NULL, q->images[k].data,
			    q->images[k].len);
		pc_json_end_array(b);
	}
	pc_json_end_object(b);
}

static int
add_request(struct pc_buf *b, const struct model_request *q)
{
	pc_json_begin_object(b, NULL);
	pc_json_add_text(b, "model", q->model);
	pc_json_begin_array(b, "messages");
	for (size_t i = 0; i < q->message_count; i++)
		add_message(b, q, i);
	pc_json_end_array(b);
	add_options(b, q->params);
	if (q->schema)
		pc_json_add_raw(b, "format", q->schema, strlen(q->schema));
	if (q->think <= THINK_ON)
		pc_json_add_bool(b, "think", q->think == THINK_ON);
	else
		pc_json_add_text(b, "think", think_names[q->think]);
	/* Ollama counts in seconds; a negative number keeps the model for
	 * ever. */
	pc_json_add_int(b, "keep_alive",
	    q->keep_alive == PC_NEVER ? -1 : q->keep_alive / 1000000);
	pc_json_add_bool(b, "stream", 1);
	/* By default Ollama truncates a long prompt silently, and forgets its
	 * beginning if the answer fills the context. */
	pc_json_add_bool(b, "truncate", q->may_truncate);
	pc_json_add_bool(b, "shift", 0);
	pc_json_end_object(b);
	return pc_buf_add(b, "\n", 1);
}

static void
parse_end(struct model_answer *a, const struct pc_json *j)
{
	enum { NS = 1000 };
	size_t n;
	const char *why = pc_json_text(pc_json_get(j, "done_reason"), &n);

	a->prompt_tokens = member_int(j, "prompt_eval_count", -1);
	a->answer_tokens = member_int(j, "eval_count", -1);
	a->load = member_int(j, "load_duration", 0) / NS;
	a->prompt_time = member_int(j, "prompt_eval_duration", 0) / NS;
	a->answer_time = member_int(j, "eval_duration", 0) / NS;
	/* Old versions give no reason. */
	if (why && n > 0)
		answer_finish(a, why, n);
	else if (a->verdict == VERDICT_OPEN)
		a->verdict = VERDICT_WHOLE;
}

static void
parse_piece(struct model_answer *a, const char *line, size_t n)
{
	const struct pc_json *message;
	struct pc_json *j;
	const char *s;

	if (a->verdict != VERDICT_OPEN)
		answer_fail(a, VERDICT_BAD,
		    "the answer continued after its end");
	j = answer_parse_piece(a, line, n);
	message = pc_json_get(j, "message");
	if ((s = pc_json_text(pc_json_get(message, "content"), &n)))
		answer_add_text(a, s, n);
	if ((s = pc_json_text(pc_json_get(message, "thinking"), &n)))
		answer_add_thinking(a, s, n);
	if (pc_json_bool(pc_json_get(j, "done")))
		parse_end(a, j);
	pc_json_free(j);
}

static int
add_embed_request(struct pc_buf *b, const char *model,
    const struct message *texts, size_t count, int64_t dimensions)
{
	begin_embed_request(b, model, texts, count, dimensions);
	pc_json_add_bool(b, "truncate", 0);
	pc_json_end_object(b);
	return pc_buf_add(b, "\n", 1);
}

static const struct pc_json *
find_vector(const struct pc_json *answer, size_t i, size_t count)
{
	const struct pc_json *all = pc_json_get(answer, "embeddings");

	return pc_json_length(all) == count ? pc_json_at(all, i) : NULL;
}

static int64_t
count_tokens(const struct pc_json *answer)
{
	return member_int(answer, "prompt_eval_count", -1);
}

static const struct pc_json *
find_models(const struct pc_json *list)
{
	const struct pc_json *models = pc_json_get(list, "models");

	return pc_json_type(models) == PC_JSON_ARRAY ? models : NULL;
}

static void
parse_model(const struct pc_json *e, struct listed_model *m)
{
	*m = (struct listed_model){.num_ctx = 0};
	copy_member(m->name, sizeof m->name, e, "name");
	copy_member(m->digest, sizeof m->digest, e, "digest");
}

const struct model_protocol ollama_protocol = {.chat_path = "/api/chat",
    .embed_path = "/api/embed",
    .list_path = "/api/tags",
    .add_request = add_request,
    .parse_piece = parse_piece,
    .add_embed_request = add_embed_request,
    .find_vector = find_vector,
    .count_tokens = count_tokens,
    .find_models = find_models,
    .parse_model = parse_model};
