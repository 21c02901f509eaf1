/* question_body.c - the body of a question's request. */
#include "infer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct messages {
	struct message *all;
	size_t count;
};

static void
say(struct messages *m, const char *role, const void *text, size_t n)
{
	m->all[m->count++] = (struct message){role, n ? text : "", n};
}

static int
load_images(struct infer *in, struct input *input, struct pc_buf *png,
    struct pc_error *err)
{
	for (size_t i = 0; i < input->images.count; i++)
		if (images_png(in->c, &input->images, i, &png[i], err) < 0)
			return -1;
	return 0;
}

/* With one seed all samples would be equal, so each has its own. */
static int
sample_params(const struct infer *in, int64_t sample, struct params *own,
    struct pc_error *err)
{
	const char *seed = params_get(&in->question.params, "seed");
	char text[24];

	if (params_default(own, &in->question.params) < 0) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	if (!sample || !seed || !*seed)
		return 0;
	snprintf(text, sizeof text, "%lld",
	    (long long)(strtoll(seed, NULL, 10) + sample - 1));
	return params_set(own, "seed", 4, text, PARAM_KEYED, err);
}

static void
say_history(struct messages *m, const struct chat *chat)
{
	for (size_t i = chat->first; i < chat->count; i++) {
		const struct chat_turn *t = &chat->turns[i];

		say(m, "user", t->user, t->user_len);
		say(m, "assistant", t->answer, t->answer_len);
	}
}

/* The answer that does not match the schema, and the request to correct it. */
static void
say_retry(struct messages *m, const struct pc_buf *bad, const char *why,
    struct pc_buf *text)
{
	pc_buf_addf(text,
	    "This answer does not have the form that "
	    "was asked for: %s. Answer again, with JSON of that form "
	    "alone.",
	    why);
	say(m, "assistant", bad->data, bad->len);
	say(m, "user", text->data, text->len);
}

/* How long the server keeps the model in memory, in us. */
static int64_t
keep_alive(const struct pc_config *config)
{
	return pc_config_bool(config, "features.shared_models")
	    ? pc_config_span(config, "inference.keep_alive")
	    : 0;
}

int
question_body(struct infer *in, struct input *input,
    const struct pc_buf *prompt, const struct pc_buf *bad, const char *retry,
    struct pc_buf *body, struct pc_error *err)
{
	const struct chat *chat = in->question.chat;
	size_t turns = chat ? chat->count - chat->first : 0;
	struct messages m = {calloc(2 * turns + 4, sizeof *m.all), 0};
	struct pc_buf *png = calloc(input->images.count + 1, sizeof *png);
	struct pc_buf system = {0}, again = {0};
	struct params params = {0};
	struct model_request q = {.model = in->backend.model.name,
	    .messages = m.all,
	    .images = png,
	    .image_count = input->images.count,
	    .may_truncate = input->may_cut,
	    .params = &params,
	    .schema = in->question.t.schema,
	    .think = in->question.t.think > 0 ? (enum think)in->question.t.think
					      : THINK_OFF,
	    .think_given = in->question.t.think >= 0,
	    .left_out = left_out(in),
	    .keep_alive = keep_alive(in->c->config)};
	int r = m.all && png ? 0 : -1;

	if (r < 0) {
		pc_error_set(err, "%s", strerror(errno));
		goto end;
	}
	r = sample_params(in, input->sample, &params, err);
	if (r == 0)
		r = load_images(in, input, png, err);
	if (r == 0)
		r = question_system(&in->question, input, &system, err);
	if (r < 0)
		goto end;
	if (system.len > 1)
		say(&m, "system", system.data, system.len - 1);
	if (chat)
		say_history(&m, chat);
	say(&m, "user", prompt->data, prompt->len);
	if (retry)
		say_retry(&m, bad, retry, &again);
	q.message_count = m.count;
	r = protocol_of(&in->backend.model)->add_request(body, &q);
	if (r < 0 || system.failed || again.failed) {
		r = -1;
		pc_error_set(err, "%s", strerror(ENOMEM));
	}
end:
	for (size_t i = 0; png && i < input->images.count; i++)
		pc_buf_clear(&png[i]);
	free(png);
	free(m.all);
	pc_buf_clear(&system);
	pc_buf_clear(&again);
	params_clear(&params);
	return r;
}
