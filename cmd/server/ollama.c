/* ollama.c - Ollama's own language (docs/api.md and api/types.go there). */
#include "wire.h"

#include <string.h>

static void
add_options(struct pc_buf *b, const struct params *p)
{
	pc_buf_addf(b, ",\"options\":{");
	for (size_t i = 0; i < p->count; i++)
		pc_buf_addf(b, "%s\"%s\":%s", i ? "," : "",
		    p->all[i].kind->name, p->all[i].value);
	pc_buf_addf(b, "}");
}

static void
add_message(struct pc_buf *b, const struct question *q, size_t i)
{
	const struct message *m = &q->messages[i];

	pc_buf_addf(b, "%s{\"role\":\"%s\",\"content\":", i ? "," : "",
	    m->role);
	pc_json_string(b, m->text, m->len);
	if (i + 1 == q->message_count && q->image_count) {
		pc_buf_addf(b, ",\"images\":[");
		for (size_t k = 0; k < q->image_count; k++) {
			pc_buf_add(b, ",", k > 0);
			pc_json_base64(b, q->images[k].data, q->images[k].len);
		}
		pc_buf_addf(b, "]");
	}
	pc_buf_addf(b, "}");
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
		pc_buf_addf(b, ",\"format\":%s", q->schema);
	if (q->think <= THINK_ON)
		pc_buf_addf(b, ",\"think\":%s", q->think ? "true" : "false");
	else
		pc_buf_addf(b, ",\"think\":\"%s\"", think_names[q->think]);
	/* A number is seconds, negative for ever. */
	pc_buf_addf(b, ",\"keep_alive\":%lld",
	    q->keep_alive == PC_NEVER ? -1LL
				      : (long long)q->keep_alive / 1000000);
	/* Unless it is told not to, it cuts silently. */
	return pc_buf_addf(b, ",\"stream\":true,\"truncate\":%s}\n",
	    q->may_cut ? "true" : "false");
}

static void
take_end(struct answer *a, const struct pc_json *j)
{
	enum { NS = 1000 };
	size_t n;
	const char *why = pc_json_text(pc_json_get(j, "done_reason"), &n);

	a->prompt_tokens = member_int(j, "prompt_eval_count", -1);
	a->answer_tokens = member_int(j, "eval_count", -1);
	a->load = member_int(j, "load_duration", 0) / NS;
	a->prompt_time = member_int(j, "prompt_eval_duration", 0) / NS;
	a->answer_time = member_int(j, "eval_duration", 0) / NS;
	if (a->verdict == ANSWER_OPEN)
		a->verdict = why && strcmp(why, "length") == 0 ? ANSWER_CUT
							       : ANSWER_WHOLE;
}

static void
piece(struct answer *a, const char *line, size_t n)
{
	struct pc_json *j;
	const char *s;

	if (a->verdict != ANSWER_OPEN)
		answer_bad(a, ANSWER_BAD, "it went on after its end");
	j = answer_piece(a, line, n);
	s = pc_json_text(pc_json_get(pc_json_get(j, "message"), "content"), &n);
	if (s)
		answer_add(a, s, n);
	if (pc_json_bool(pc_json_get(j, "done")))
		take_end(a, j);
	pc_json_free(j);
}

static int
ask_embed(struct pc_buf *b, const char *model, const struct message *texts,
    size_t count, int64_t dimensions)
{
	wire_add_texts(b, model, texts, count, dimensions);
	return pc_buf_addf(b, ",\"truncate\":false}\n");
}

static const struct pc_json *
vector(const struct pc_json *answer, size_t i, size_t count)
{
	const struct pc_json *all = pc_json_get(answer, "embeddings");

	return pc_json_length(all) == count ? pc_json_at(all, i) : NULL;
}

static int64_t
embed_tokens(const struct pc_json *answer)
{
	return member_int(answer, "prompt_eval_count", -1);
}

const struct wire ollama = {.ask_path = "/api/chat",
    .embed_path = "/api/embed",
    .list_path = "/api/tags",
    .ask = ask,
    .piece = piece,
    .ask_embed = ask_embed,
    .vector = vector,
    .embed_tokens = embed_tokens};
