/* params.c - the parameters of a model, as servers know them.
 *
 * A server ignores an unknown name, which would hide a typing error, so only
 * known names are accepted. */
#include "params.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const think_names[] = {"off", "on", "low", "medium", "high", "max",
    NULL};

/* Ollama: docs/modelfile.md and api/types.go; OpenAI: its API reference, with
 * what llama.cpp's server and vLLM take beside it. */
const struct param_kind param_kinds[] = {
    {"frequency_penalty", PARAM_REAL, "frequency_penalty",
	"the more often a token was said, the less likely"},
    {"main_gpu", PARAM_INT, NULL, "the GPU for small tensors"},
    {"min_p", PARAM_REAL, "min_p",
	"least probability, of the likeliest token's"},
    {"mirostat", PARAM_INT, NULL, "mirostat sampling: 0, 1 or 2"},
    {"mirostat_eta", PARAM_REAL, NULL, "its rate of learning"},
    {"mirostat_tau", PARAM_REAL, NULL, "its wanted surprise"},
    {"num_batch", PARAM_INT, NULL, "tokens of a prompt at a time"},
    {"num_ctx", PARAM_INT, NULL, "tokens of context"},
    {"num_gpu", PARAM_INT, NULL, "layers on the GPU"},
    {"num_keep", PARAM_INT, NULL, "tokens kept of a prompt that is cut"},
    {"num_predict", PARAM_INT, "max_tokens", "tokens of an answer"},
    {"num_thread", PARAM_INT, NULL, "threads"},
    {"presence_penalty", PARAM_REAL, "presence_penalty",
	"a token that was said is less likely"},
    {"repeat_last_n", PARAM_INT, NULL, "tokens looked back for repeats"},
    {"repeat_penalty", PARAM_REAL, "repeat_penalty", "repeats are less likely"},
    {"seed", PARAM_INT, "seed", "the same seed draws the same tokens"},
    {"stop", PARAM_TEXTS, "stop", "text that ends an answer"},
    {"temperature", PARAM_REAL, "temperature", "0 is the likeliest token"},
    {"top_k", PARAM_INT, "top_k", "draw from so many tokens"},
    {"top_p", PARAM_REAL, "top_p",
	"sample from the tokens with this total probability"},
    {"typical_p", PARAM_REAL, "typical_p", "draw from typical tokens"},
    {"use_mmap", PARAM_BOOL, NULL, "map the model's file"},
    {0},
};

static const struct param_kind *
find_kind(const char *name, size_t n, struct pc_error *err)
{
	struct pc_nearest nearest = {0};
	char word[64];

	snprintf(word, sizeof word, "%.*s", (int)(n < 60 ? n : 60), name);
	for (const struct param_kind *k = param_kinds; k->name; k++) {
		if (strcmp(word, k->name) == 0)
			return k;
		pc_nearest_offer(&nearest, k->name,
		    pc_word_distance(word, k->name));
	}
	if (*nearest.name)
		pc_error_set(err,
		    "unknown parameter '%s': did you mean "
		    "'%s'?",
		    word, nearest.name);
	else
		pc_error_set(err,
		    "unknown parameter '%s': pc-infer(1) lists "
		    "them",
		    word);
	return NULL;
}

/* Each number has one spelling, so that 0.30 and 0.3 have the same key. */
static int
number(struct pc_buf *json, enum param_type type, const char *value)
{
	char *end;
	double v = strtod(value, &end);
	int64_t whole;

	if (type == PARAM_INT)
		return pc_parse_int(value, -1000000000000, 1000000000000,
			   &whole) < 0
		    ? -1
		    : pc_buf_addf(json, "%lld", (long long)whole);
	if (end == value || *end || !isfinite(v))
		return -1;
	return pc_buf_addf(json, "%.15g", v);
}

/* A JSON array of strings, or one string as an array of one. */
static int
texts(struct pc_buf *json, const char *value)
{
	struct pc_error err;
	struct pc_json *list = NULL;
	size_t n;
	int r = 0;

	if (*value == '[')
		list = pc_json_parse(value, strlen(value), &err);
	if (*value == '[' && !list)
		return -1;
	pc_json_begin_array(json, NULL);
	for (size_t i = 0; r == 0 && i < pc_json_length(list); i++) {
		const char *s = pc_json_text(pc_json_at(list, i), &n);

		if (s)
			pc_json_add_bytes(json, NULL, s, n);
		else
			r = -1;
	}
	if (!list)
		pc_json_add_text(json, NULL, value);
	pc_json_end_array(json);
	pc_json_free(list);
	return r < 0 || json->failed ? -1 : 0;
}

static int
to_json(struct pc_buf *json, enum param_type type, const char *value)
{
	switch (type) {
	case PARAM_BOOL:
		if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
			return -1;
		return pc_buf_add(json, value, strlen(value));
	case PARAM_TEXTS:
		return texts(json, value);
	default:
		return number(json, type, value);
	}
}

/* The entry of that kind, added if there is none. */
static struct param *
place(struct params *p, const struct param_kind *kind)
{
	struct param *more;

	for (size_t i = 0; i < p->count; i++)
		if (p->all[i].kind == kind)
			return &p->all[i];
	more = realloc(p->all, (p->count + 1) * sizeof *more);
	if (!more)
		return NULL;
	p->all = more;
	p->all[p->count] = (struct param){.kind = kind};
	return &p->all[p->count++];
}

int
params_set(struct params *p, const char *name, size_t n, const char *value,
    enum param_origin keyed, struct pc_error *err)
{
	static const char *const wanted[] = {"a whole number", "a number",
	    "true or false", "a string, or a JSON array of them"};
	const struct param_kind *kind = find_kind(name, n, err);
	struct pc_buf json = {0};
	struct param *at;

	if (!kind)
		return -1;
	/* An empty value is not sent. */
	if ((*value && to_json(&json, kind->type, value) < 0) ||
	    pc_buf_add(&json, "", 1) < 0) {
		pc_buf_clear(&json);
		pc_error_set(err, "parameter '%s' is %s, not '%.80s'",
		    kind->name, wanted[kind->type], value);
		return -1;
	}
	at = place(p, kind);
	if (!at) {
		pc_buf_clear(&json);
		pc_error_set(err, "%s", strerror(ENOMEM));
		return -1;
	}
	free(at->value);
	at->value = (char *)json.data;
	at->keyed = keyed;
	return 0;
}

int
params_parse(struct params *p, const char *text, struct pc_error *err)
{
	size_t n = strcspn(text, "=");

	if (text[n] != '=' || n == 0) {
		pc_error_set(err,
		    "bad parameter '%.80s': give it as "
		    "name=value",
		    text);
		return -1;
	}
	return params_set(p, text, n, text + n + 1, PARAM_GIVEN, err);
}

struct params_reader {
	struct params *params;
	struct pc_error *err;
};

int
params_set_member(struct params *p, const char *name,
    const struct pc_json *value, struct pc_error *err)
{
	struct pc_buf text = {0};
	size_t n;
	const char *string = pc_json_text(value, &n);
	int r;

	/* A string is used without quotes, null as "", any other value as
	 * JSON. */
	if (string)
		r = pc_buf_add(&text, string, n);
	else if (pc_json_type(value) == PC_JSON_NULL)
		r = 0;
	else
		r = pc_json_print(&text, value);
	if (r == 0)
		r = pc_buf_add(&text, "", 1);
	if (r == 0)
		r = params_set(p, name, strlen(name), (char *)text.data,
		    PARAM_KEYED, err);
	else
		pc_error_set(err, "%s", strerror(errno));
	pc_buf_clear(&text);
	return r;
}

static int
set_member(void *ctx, const char *name, const struct pc_json *value)
{
	struct params_reader *s = ctx;

	return params_set_member(s->params, name, value, s->err);
}

int
params_set_json(struct params *p, const struct pc_json *object,
    struct pc_error *err)
{
	struct params_reader s = {p, err};

	return pc_json_each(object, set_member, &s);
}

const char *
params_get(const struct params *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->all[i].kind->name, name) == 0)
			return p->all[i].value;
	return NULL;
}

int
params_default(struct params *p, const struct params *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct param *f = &from->all[i];
		struct param *at;

		if (params_get(p, f->kind->name))
			continue;
		at = place(p, f->kind);
		if (!at)
			return -1;
		at->keyed = f->keyed;
		at->value = strdup(f->value);
		if (!at->value) {
			p->count--;
			return -1;
		}
	}
	return 0;
}

void
params_clear(struct params *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->all[i].value);
	free(p->all);
	*p = (struct params){0};
}
