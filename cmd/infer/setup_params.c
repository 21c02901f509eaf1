/* setup_params.c - the parameters that a model runs with: the command line
 * first, then the template, then the configuration. */
#include "setup_in.h"

#include <errno.h>
#include <string.h>

static void
add_default_param(struct infer *in, const char *name, const char *value,
    enum param_origin keyed)
{
	struct params one = {0};
	struct pc_error err;

	if (params_set(&one, name, strlen(name), value, keyed, &err) < 0)
		cli_die(in->c, "%s", err.text);
	if (params_default(&in->question.params, &one) < 0)
		cli_die(in->c, "%s", strerror(errno));
	params_clear(&one);
}

/* "leave_out": ["temperature", ...] */
static void
add_left_out(struct infer *in, const char *where, const struct pc_json *list)
{
	for (size_t i = 0; i < pc_json_length(list); i++) {
		size_t n;
		const char *name = pc_json_text(pc_json_at(list, i), &n);
		const unsigned one = name ? quirk_named(name, n) : 0;

		if (!one)
			cli_die(in->c,
			    "configuration, %s: \"leave_out\" has '%s', which is not a member that can be left out",
			    where, name ? name : "?");
		in->backend.leave_out |= one;
	}
}

struct pinned {
	struct infer *in;
	struct params *params;
	struct pc_error *err;
};

static int
add_pinned(void *ctx, const char *name, const struct pc_json *value)
{
	struct pinned *p = ctx;

	if (strcmp(name, "leave_out") != 0)
		return params_set_member(p->params, name, value, p->err);
	add_left_out(p->in, "inference.models", value);
	return 0;
}

/* {"URL": {"leave_out": [...]}, ...} */
static void
add_pinned_servers(struct infer *in)
{
	const char *text = pc_config_text(in->c->config, "inference.servers");
	const struct servers *s = &in->backend.servers;
	struct pc_json *all;
	struct pc_error err;

	if (!*text)
		return;
	all = pc_json_parse(text, strlen(text), &err);
	for (size_t i = 0; i < s->count; i++)
		add_left_out(in, "inference.servers",
		    pc_json_get(pc_json_get(all, s->urls[i]), "leave_out"));
	pc_json_free(all);
}

/* The model's own parameters in the configuration: {"NAME": {...}, ...} */
static void
add_pinned_params(struct infer *in)
{
	const char *text = pc_config_text(in->c->config, "inference.models");
	struct pc_json *models;
	const struct pc_json *own;
	struct params p = {0};
	struct pc_error err;
	struct pinned pinned;
	char bare[256];

	if (!*text)
		return;
	models = pc_json_parse(text, strlen(text), &err);
	own = pc_json_get(models, in->backend.wanted);
	snprintf(bare, sizeof bare, "%.*s",
	    (int)strcspn(in->backend.wanted, ":"), in->backend.wanted);
	if (!own)
		own = pc_json_get(models, bare);
	pinned = (struct pinned){in, &p, &err};
	if (pc_json_each(own, add_pinned, &pinned) < 0)
		cli_die(in->c, "configuration, inference.models, '%s': %s",
		    in->backend.wanted, err.text);
	if (params_default(&in->question.params, &p) < 0)
		cli_die(in->c, "%s", strerror(errno));
	params_clear(&p);
	pc_json_free(models);
}

void
set_default_params(struct infer *in)
{
	const struct pc_config *g = in->c->config;
	char text[32];
	int64_t v;

	if (in->backend.command)
		return;
	if (params_default(&in->question.params, &in->question.t.params) < 0)
		cli_die(in->c, "%s", strerror(errno));
	add_pinned_params(in);
	add_pinned_servers(in);
	if (in->question.t.limit) {
		snprintf(text, sizeof text, "%lld",
		    (long long)pc_config_int(g, in->question.t.limit));
		add_default_param(in, "num_predict", text, PARAM_KEYED);
	}
	snprintf(text, sizeof text, "%.15g",
	    pc_config_real(g,
		in->question.t.heat ? in->question.t.heat
				    : "inference.temperature"));
	add_default_param(in, "temperature", text, PARAM_KEYED);
	v = pc_config_int(g, "inference.num_ctx");
	snprintf(text, sizeof text, "%lld", (long long)v);
	if (v > 0)
		add_default_param(in, "num_ctx", text, PARAM_KEYED);
	v = pc_config_int(g, "inference.num_gpu");
	snprintf(text, sizeof text, "%lld", (long long)v);
	if (v >= 0)
		add_default_param(in, "num_gpu", text, PARAM_KEYED);
}

void
warn_ignored_params(const struct infer *in)
{
	if (in->backend.model.api != API_OPENAI)
		return;
	for (size_t i = 0; i < in->question.params.count; i++)
		if (in->question.params.all[i].keyed == PARAM_GIVEN &&
		    !in->question.params.all[i].kind->openai && !in->c->quiet)
			cli_warn(in->c,
			    "'%s' is ignored: the OpenAI API does not support it",
			    in->question.params.all[i].kind->name);
}
