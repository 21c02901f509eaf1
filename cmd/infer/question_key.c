/* question_key.c - the key of a question.
 *
 * The key is made from the parts of the words, not from the words: a hit
 * neither reads a file nor replaces a placeholder. */
#include "question_in.h"

#include "cli/program.h"

#include <errno.h>
#include <string.h>

/* How answers are read: 2 checks why they ended, and takes out thinking. */
enum { ANSWERS = 2 };

static int
add_named(struct pc_spec *s, const char *name, const char *value)
{
	if (!value)
		return 0;
	return pc_spec_addf(s, PC_FIELD_PARAM, "%s=%s", name, value);
}

/* Add the turns of a chat that are sent, as one digest. */
static int
add_history(struct pc_spec *s, const struct chat *chat)
{
	struct pc_sha256 h;
	struct pc_id id;
	char hex[PC_ID_HEX];
	unsigned char n[8];

	if (!chat)
		return 0;
	pc_sha256_init(&h);
	for (size_t i = chat->first; i < chat->count; i++) {
		const struct chat_turn *t = &chat->turns[i];

		pc_encode_u64(n, t->user_len);
		pc_sha256_add(&h, n, sizeof n);
		pc_sha256_add(&h, t->user, t->user_len);
		pc_encode_u64(n, t->answer_len);
		pc_sha256_add(&h, n, sizeof n);
		pc_sha256_add(&h, t->answer, t->answer_len);
	}
	pc_sha256_end(&h, &id);
	pc_id_hex(&id, hex);
	return add_named(s, "history", hex);
}

static int
add_model(struct pc_spec *s, const struct infer *in)
{
	const struct backend *b = &in->backend;

	if (pc_spec_addf(s, PC_FIELD_ENGINE, "answers=%d", ANSWERS) < 0)
		return -1;
	if (b->command)
		return program_add_key(in->c, b->command, s);
	if (b->model.api == API_OLLAMA &&
	    pc_spec_addf(s, PC_FIELD_ENGINE, "shift=off") < 0)
		return -1;
	return pc_spec_addf(s, PC_FIELD_ENGINE, "model=%s", b->model.digest);
}

/* Ollama gets "off" by default, too; other servers get it only if it was
 * given. */
static int
add_think(struct pc_spec *s, const struct infer *in)
{
	const int think = in->question.t.think;

	if (think < 0 ||
	    (think == THINK_OFF && in->backend.model.api == API_OLLAMA))
		return 0;
	return add_named(s, "think", think_names[think]);
}

static int
add_params(struct pc_spec *s, const struct question *q)
{
	char name[64];

	for (size_t i = 0; i < q->params.count; i++) {
		const struct param *p = &q->params.all[i];

		snprintf(name, sizeof name, "opt.%s", p->kind->name);
		if (p->keyed && add_named(s, name, p->value) < 0)
			return -1;
	}
	return add_named(s, "schema", q->t.schema);
}

static int
add_left_out(struct pc_spec *s, struct infer *in)
{
	const unsigned set = left_out(in);
	struct pc_buf names = {0};
	int r = 0;

	quirks_print(&names, set);
	if (set)
		r = names.failed
		    ? -1
		    : pc_spec_addf(s, PC_FIELD_ENGINE, "without=%.*s",
			  (int)names.len, names.data);
	pc_buf_clear(&names);
	return r;
}

static int
add_inputs(struct pc_spec *s, const struct input *input)
{
	int r = 0;

	for (size_t i = 0; i < input->count && r == 0; i++)
		r = text_ids_add(s, &input->pieces[i].ids);
	for (size_t i = 0; i < input->images.count && r == 0; i++)
		r = pc_spec_add(s, PC_FIELD_INPUT, input->images.all[i].id.b,
		    sizeof input->images.all[i].id.b);
	return r;
}

static int
collect(struct infer *in, const struct input *input, struct pc_spec *s,
    struct pc_error *err)
{
	const struct question *q = &in->question;
	struct lookup l = {.question = q, .input = input, .spec = s};
	const char *said = given_prompt(q, input);
	struct pc_buf unused = {0};
	char number[24];
	int r = 0;

	/* This only collects the variables; the text is not read yet. */
	if (q->t.prompt)
		r = fill_placeholders(&l, &unused, q->t.prompt, q->named, err);
	if (r == 0 && said && !q->named)
		r = fill_placeholders(&l, &unused, said, 0, err);
	if (r == 0 && q->t.system && !q->plain_system)
		r = fill_placeholders(&l, &unused, q->t.system, q->named, err);
	pc_buf_clear(&unused);
	if (r < 0)
		return -1;
	r = pc_spec_stage(s, in->c->spec.stage);
	if (r == 0)
		r = add_model(s, in);
	if (r == 0)
		r = add_named(s, "template", q->t.prompt);
	/* Without a template, placeholders in a prompt are replaced; with one,
	 * even one without a prompt, they are not.  So the key differs. */
	if (r == 0 && q->named && !q->t.prompt)
		r = add_named(s, "placeholders", "template");
	if (r == 0)
		r = add_named(s, "prompt", said);
	if (r == 0)
		r = add_named(s, "system", q->t.system);
	if (r == 0)
		r = add_params(s, q);
	if (r == 0)
		r = add_think(s, in);
	if (r == 0)
		r = add_left_out(s, in);
	if (r == 0)
		r = add_history(s, q->chat);
	snprintf(number, sizeof number, "%lld", (long long)input->sample);
	if (r == 0 && input->sample)
		r = add_named(s, "sample", number);
	/* A text and an image with the same bytes must have two keys. */
	snprintf(number, sizeof number, "%zu", input->images.count);
	if (r == 0 && input->images.count)
		r = add_named(s, "images", number);
	if (r == 0)
		r = add_inputs(s, input);
	if (r < 0)
		pc_error_set(err, "%s", strerror(errno));
	return r;
}

int
question_key(struct infer *in, const struct input *input, struct pc_id *key,
    struct pc_buf *material, struct pc_error *err)
{
	struct pc_spec s = {0};
	const char *twice;
	int r = collect(in, input, &s, err);

	if (r == 0 && pc_spec_key(&s, material, key, &twice) < 0) {
		r = -1;
		pc_error_set(err, "%s",
		    errno == E2BIG
			? "the prompt, the system prompt and their variables are larger than 4 MiB: give long texts with -f"
			: strerror(errno));
	}
	pc_spec_clear(&s);
	return r;
}
