/* question.c - from a template and an input to a key, and to a request.
 *
 * The key is made of what the words are made of, not of the words: a hit
 * neither reads a file nor fills in a placeholder. */
#include "infer.h"

#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- placeholders ---- */

struct lookup {
	const struct infer *in;
	const struct input *input;
	const struct pc_buf *text; /* NULL while it is not read */
	int used_text, used_prompt;
	struct pc_spec *spec; /* to which used variables are added */
	int failed;
};

static int
is(const char *name, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(name, word, n) == 0;
}

static const char *
given_prompt(const struct infer *in, const struct input *input)
{
	return input->prompt ? input->prompt : in->prompt;
}

static int
has_variable(const struct pc_spec *s, const char *field, size_t n)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->fields[i].kind == PC_FIELD_PARAM &&
		    s->fields[i].len >= n &&
		    memcmp(s->fields[i].bytes, field, n) == 0)
			return 1;
	return 0;
}

/* var.NAME=VALUE, once */
static int
add_variable(struct pc_spec *s, const char *name, size_t n,
    const struct pair *v)
{
	struct pc_buf b = {0};
	int r = 0;

	pc_buf_addf(&b, "var.%.*s=", (int)n, name);
	if (!b.failed && has_variable(s, (char *)b.data, b.len)) {
		pc_buf_clear(&b);
		return 0;
	}
	pc_buf_add(&b, v->value, v->len);
	r = b.failed ? -1 : pc_spec_add(s, PC_FIELD_PARAM, b.data, b.len);
	pc_buf_clear(&b);
	return r;
}

static const char *
look_up(void *ctx, const char *name, size_t n, size_t *len)
{
	struct lookup *l = ctx;
	const struct pair *v;
	const char *said;

	if (is(name, n, "input")) {
		if (!l->input->count)
			return NULL;
		l->used_text = 1;
		*len = l->text ? l->text->len : 0;
		return l->text && l->text->data ? (char *)l->text->data : "";
	}
	if (l->in->named && is(name, n, "prompt")) {
		said = given_prompt(l->in, l->input);
		l->used_prompt = 1;
		*len = said ? strlen(said) : 0;
		return said ? said : "";
	}
	v = pairs_get(&l->in->vars, name, n);
	if (!v)
		v = pairs_get(&l->input->fields, name, n);
	if (!v)
		v = pairs_get(&l->in->t.vars, name, n);
	if (!v)
		return NULL;
	if (l->spec && add_variable(l->spec, name, n, v) < 0)
		l->failed = 1;
	*len = v->len;
	return v->value;
}

static int
fill(struct lookup *l, struct pc_buf *out, const char *text, int strict,
    struct pc_error *err)
{
	const char *missing;
	size_t n;
	int r = expand(out, text, look_up, l, strict, &missing, &n);

	if (r == 0 && !l->failed)
		return 0;
	if (r == 1 && is(missing, n, "input"))
		pc_error_set(err,
		    "the template requires a text: give it on standard input or with -f FILE");
	else if (r == 1)
		pc_error_set(err,
		    "the template requires a value for '%.*s': give it with -V %.*s=VALUE",
		    (int)n, missing, (int)n, missing);
	else
		pc_error_set(err, "%s", strerror(errno));
	return -1;
}

/* ---- the key ---- */

static int
add_named(struct pc_spec *s, const char *name, const char *value)
{
	if (!value)
		return 0;
	return pc_spec_addf(s, PC_FIELD_PARAM, "%s=%s", name, value);
}

/* The turns of a chat that are sent, as one digest. */
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
	if (in->command)
		return program_add_key(in->c, in->command, s);
	return pc_spec_addf(s, PC_FIELD_ENGINE, "model=%s", in->model.digest);
}

static int
add_params(struct pc_spec *s, const struct infer *in)
{
	char name[64];

	for (size_t i = 0; i < in->params.count; i++) {
		const struct param *p = &in->params.all[i];

		snprintf(name, sizeof name, "opt.%s", p->kind->name);
		if (p->keyed && add_named(s, name, p->value) < 0)
			return -1;
	}
	if (in->t.think > 0 &&
	    add_named(s, "think", think_names[in->t.think]) < 0)
		return -1;
	return add_named(s, "schema", in->t.schema);
}

static int
add_inputs(struct pc_spec *s, const struct input *input)
{
	int r = 0;

	for (size_t i = 0; i < input->count && r == 0; i++)
		r = pc_spec_add(s, PC_FIELD_INPUT, input->pieces[i].id.b,
		    sizeof input->pieces[i].id.b);
	for (size_t i = 0; i < input->images.count && r == 0; i++)
		r = pc_spec_add(s, PC_FIELD_INPUT, input->images.all[i].id.b,
		    sizeof input->images.all[i].id.b);
	return r;
}

static int
collect(struct infer *in, const struct input *input, struct pc_spec *s,
    struct pc_error *err)
{
	struct lookup l = {.in = in, .input = input, .spec = s};
	const char *said = given_prompt(in, input);
	struct pc_buf unused = {0};
	char number[24];
	int r = 0;

	/* For the variables alone; the text may not be there yet. */
	if (in->t.prompt)
		r = fill(&l, &unused, in->t.prompt, in->named, err);
	if (r == 0 && said && !in->named)
		r = fill(&l, &unused, said, 0, err);
	if (r == 0 && in->t.system && !in->plain_system)
		r = fill(&l, &unused, in->t.system, in->named, err);
	pc_buf_clear(&unused);
	if (r < 0)
		return -1;
	r = pc_spec_stage(s, in->c->spec.stage);
	if (r == 0)
		r = add_model(s, in);
	if (r == 0)
		r = add_named(s, "template", in->t.prompt);
	/* Braces in a prompt stand for something unless a template is given,
	 * which need not have a prompt of its own. */
	if (r == 0 && in->named && !in->t.prompt)
		r = add_named(s, "placeholders", "template");
	if (r == 0)
		r = add_named(s, "prompt", said);
	if (r == 0)
		r = add_named(s, "system", in->t.system);
	if (r == 0)
		r = add_params(s, in);
	if (r == 0)
		r = add_history(s, in->chat);
	snprintf(number, sizeof number, "%lld", (long long)input->sample);
	if (r == 0 && input->sample)
		r = add_named(s, "sample", number);
	/* Which inputs are images: a text and an image are not the same. */
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

/* ---- the words ---- */

/* Read a piece's file, if it is still what the key says. */
static int
read_piece(struct piece *p, struct pc_error *err)
{
	struct pc_buf b = {0};
	struct pc_id id;
	int fd = open(p->file, O_RDONLY | O_CLOEXEC | O_NOCTTY), r = -1;

	if (fd < 0 || pc_read_all(fd, &b, TEXT_MAX) < 0 ||
	    pc_buf_add(&b, "", 1) < 0) {
		input_read_failed(p->file, err);
	} else {
		p->len = b.len - 1;
		pc_sha256(b.data, p->len, &id);
		r = memcmp(id.b, p->id.b, sizeof id.b) ? -1 : 0;
		if (r < 0)
			pc_error_set(err, "'%s' changed while it was read",
			    p->file);
	}
	if (fd >= 0)
		close(fd);
	if (r == 0)
		p->text = (char *)b.data;
	else
		pc_buf_clear(&b);
	return r;
}

/* All texts, apart by a blank line. */
static int
join(struct input *input, struct pc_buf *text, struct pc_error *err)
{
	for (size_t i = 0; i < input->count; i++) {
		struct piece *p = &input->pieces[i];

		if (!p->text && read_piece(p, err) < 0)
			return -1;
		if (!pc_utf8_valid(p->text, p->len)) {
			pc_error_set(err,
			    "%s%s%s is not a text file; run pc-ocr on it first",
			    p->file ? "'" : "", p->file ? p->file : "the input",
			    p->file ? "'" : "");
			return -1;
		}
		if (i > 0)
			pc_buf_add(text, "\n\n", 2);
		pc_buf_add(text, p->text, p->len);
	}
	return 0;
}

/* JSON holds nothing else, and what stands for bytes that are none would be
 * asked in their place. */
static int
check_words(const struct pc_buf *b, const char *what, struct pc_error *err)
{
	if (pc_utf8_valid(b->data, b->len))
		return 0;
	pc_error_set(err, "the %s is not valid UTF-8", what);
	return -1;
}

int
question_prompt(struct infer *in, struct input *input, struct pc_buf *out,
    struct pc_error *err)
{
	const char *said = given_prompt(in, input);
	struct pc_buf text = {0};
	struct lookup l = {.in = in, .input = input, .text = &text};
	int r = join(input, &text, err);

	if (r == 0 && in->t.prompt)
		r = fill(&l, out, in->t.prompt, in->named, err);
	if (r == 0 && said && !l.used_prompt) {
		pc_buf_add(out, "\n\n", out->len ? 2 : 0);
		r = in->named ? pc_buf_add(out, said, strlen(said))
			      : fill(&l, out, said, 0, err);
	}
	if (r == 0 && text.len && !l.used_text) {
		pc_buf_add(out, "\n\n", out->len ? 2 : 0);
		pc_buf_add(out, text.data, text.len);
	}
	if (r == 0 && (out->failed || text.failed)) {
		pc_error_set(err, "%s", strerror(ENOMEM));
		r = -1;
	}
	if (r == 0)
		r = check_words(out, "prompt", err);
	if (r == 0 && out->len == 0 && !input->images.count) {
		pc_error_set(err,
		    "nothing to ask: the text is empty and "
		    "there is no prompt");
		r = -1;
	}
	pc_buf_clear(&text);
	return r;
}

int
question_system(const struct infer *in, struct input *input,
    struct pc_buf *system, struct pc_error *err)
{
	struct pc_buf text = {0};
	struct lookup l = {.in = in, .input = input, .text = &text};
	int r = 0;

	if (!in->t.system)
		return 0;
	if (in->plain_system)
		return pc_buf_add(system, in->t.system,
		    strlen(in->t.system) + 1);
	if (strstr(in->t.system, "{{"))
		r = join(input, &text, err);
	if (r == 0)
		r = fill(&l, system, in->t.system, in->named, err);
	if (r == 0)
		r = check_words(system, "system prompt", err);
	if (r == 0)
		r = pc_buf_add(system, "", 1);
	pc_buf_clear(&text);
	return r;
}

/* ---- the request ---- */

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

/* Samples of one seed would be the same: each has one of its own. */
static int
sample_params(const struct infer *in, int64_t sample, struct params *own,
    struct pc_error *err)
{
	const char *seed = params_get(&in->params, "seed");
	char text[24];

	if (params_default(own, &in->params) < 0) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	if (!sample || !seed)
		return 0;
	snprintf(text, sizeof text, "%lld",
	    (long long)(strtoll(seed, NULL, 10) + sample - 1));
	return params_set(own, "seed", 4, text, PARAM_KEYED, err);
}

int
question_body(struct infer *in, struct input *input,
    const struct pc_buf *prompt, const struct pc_buf *bad, const char *retry,
    struct pc_buf *body, struct pc_error *err)
{
	const struct chat *chat = in->chat;
	size_t turns = chat ? chat->count - chat->first : 0;
	struct messages m = {calloc(2 * turns + 4, sizeof *m.all), 0};
	struct pc_buf *png = calloc(input->images.count + 1, sizeof *png);
	struct pc_buf system = {0}, again = {0};
	struct params params = {0};
	struct model_request q = {.model = in->model.name,
	    .messages = m.all,
	    .images = png,
	    .image_count = input->images.count,
	    .may_truncate = input->may_cut,
	    .params = &params,
	    .schema = in->t.schema,
	    .think = in->t.think > 0 ? (enum think)in->t.think : THINK_OFF,
	    .keep_alive = pc_config_span(in->c->config,
		"inference.keep_alive")};
	int r = m.all && png ? 0 : -1;

	if (r < 0) {
		pc_error_set(err, "%s", strerror(errno));
		goto end;
	}
	if (!pc_config_bool(in->c->config, "features.shared_models"))
		q.keep_alive = 0;
	r = sample_params(in, input->sample, &params, err);
	if (r == 0)
		r = load_images(in, input, png, err);
	if (r == 0)
		r = question_system(in, input, &system, err);
	if (r < 0)
		goto end;
	if (system.len > 1)
		say(&m, "system", system.data, system.len - 1);
	for (size_t i = 0; i < turns; i++) {
		const struct chat_turn *t = &chat->turns[chat->first + i];

		say(&m, "user", t->user, t->user_len);
		say(&m, "assistant", t->answer, t->answer_len);
	}
	say(&m, "user", prompt->data, prompt->len);
	if (retry) {
		say(&m, "assistant", bad->data, bad->len);
		pc_buf_addf(&again,
		    "This answer does not have the form that "
		    "was asked for: %s. Answer again, with JSON of that form "
		    "alone.",
		    retry);
		say(&m, "user", again.data, again.len);
	}
	q.message_count = m.count;
	r = protocol_of(&in->model)->add_request(body, &q);
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
