/* store_answer.c - store an answer, and add it to the chat. */
#include "batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
is_sent(const char *value)
{
	return value && *value;
}

static void
warn_random(struct infer *in)
{
	const char *heat = params_get(&in->question.params, "temperature");

	if (in->warned_heat++ || in->c->quiet || !heat ||
	    in->question.samples || strtod(heat, NULL) <= 0.3 ||
	    is_sent(params_get(&in->question.params, "seed")))
		return;
	cli_warn(in->c,
	    "caching one random answer (temperature %s, no seed); --refresh asks for another, --sample N caches N",
	    heat);
}

static void
store(struct infer *in, struct job *j)
{
	const struct stage_result r = {.bytes = j->text.data,
	    .len = j->text.len,
	    .ttl = in->c->ttl,
	    .setting = j->input.images.count ? "caching.ttl_vision_inference"
					     : "caching.ttl_text_inference",
	    .cost = j->exchange.wall,
	    .peak_kib = j->exchange.peak_kib,
	    .status = j->cut ? PC_EXIT_CUT : 0,
	    .extra = j->extra.data,
	    .extra_len = j->extra.len};

	/* The weights have changed since the request: the key is not theirs. */
	if (!stage_stores(in->c) || j->exchange.weights != in->backend.weights)
		return;
	warn_random(in);
	if (stage_store(&j->entry, &r) == 0)
		weights_stored(&in->backend, &j->entry.key);
}

static void
report_rate(const struct infer *in, const struct job *j)
{
	const struct model_answer *a = &j->exchange.answer;
	int64_t took = a->answer_time ? a->answer_time : j->exchange.wall;

	if (in->c->verbose && a->answer_tokens > 0 && took > 0)
		cli_warn(in->c, "%lld tokens, %.1f a second",
		    (long long)a->answer_tokens,
		    (double)a->answer_tokens * 1e6 / (double)took);
}

int
job_may_be_cut(const struct infer *in, const struct job *j)
{
	static const char prompt[] = "\"cut\":\"prompt\"";

	/* Within a text of the members the quotes would be escaped. */
	return in->allow_cut ||
	    (in->keep_cut &&
		!memmem(j->extra.data, j->extra.len, prompt,
		    sizeof prompt - 1));
}

void
job_take_answer(struct infer *in, struct job *j, enum result worth,
    const char *why)
{
	struct cli *c = in->c;
	struct model_answer *a = &j->exchange.answer;
	struct pc_event e = {.duration = j->exchange.wall,
	    .peak_kib = j->exchange.peak_kib};
	int allowed;

	pc_buf_clear(&j->text);
	j->text = a->text;
	a->text = (struct pc_buf){0};
	if (a->answer_tokens > 0)
		in->tokens += a->answer_tokens;
	if (result_extra(&in->backend, &j->exchange, &j->extra) < 0)
		cli_die(c, "%s", strerror(ENOMEM));
	e.bytes = j->text.len;
	infer_price(in, j->extra.data, j->extra.len, &e);
	stage_event(&j->entry, PC_EVENT_COMPUTE, e);
	j->cut = worth == RESULT_CUT;
	allowed = j->cut && job_may_be_cut(in, j);
	if (j->cut && !c->quiet)
		cli_warn(c, "%s%s%s%s%s", j->name ? "'" : "",
		    j->name ? j->name : "", j->name ? "': " : "", why,
		    allowed
			? ""
			: "; not cached; use --allow-cut to cache truncated answers");
	if (!j->cut || allowed)
		store(in, j);
	if (allowed)
		j->cut = 0;
	report_rate(in, j);
	cli_say(c, "computed", &j->entry.key, j->exchange.wall);
}

void
job_add_turn(struct infer *in, struct job *j)
{
	struct chat_said said = {.model = in->backend.model.name,
	    .answer = (char *)j->text.data,
	    .answer_len = j->text.len - 1,
	    .prompt_tokens = -1,
	    .answer_tokens = -1};
	struct pc_buf extra = {0};
	struct pc_json *e;
	struct pc_error err = {""};

	pc_json_begin_object(&extra, NULL);
	pc_json_add_members(&extra, j->extra.data, j->extra.len);
	pc_json_end_object(&extra);
	e = extra.failed ? NULL
			 : pc_json_parse((char *)extra.data, extra.len, &err);
	said.prompt_tokens = member_int(e, "prompt_tokens", -1);
	said.answer_tokens = member_int(e, "answer_tokens", -1);
	if (job_prompt(in, j, &err) < 0)
		cli_die(in->c, "%s", err.text);
	said.user = (char *)j->prompt.data;
	said.user_len = j->prompt.len;
	if (in->question.chat->first && !in->c->quiet)
		cli_warn(in->c,
		    "%zu older turn%s of the chat did not fit into the model's context",
		    in->question.chat->first,
		    in->question.chat->first == 1 ? "" : "s");
	if (chat_add(in->question.chat, &said, &err) < 0)
		cli_warn(in->c, "%s", err.text);
	pc_json_free(e);
	pc_buf_clear(&extra);
}
