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
	if (params_default(&in->params, &one) < 0)
		cli_die(in->c, "%s", strerror(errno));
	params_clear(&one);
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
	char bare[256];

	if (!*text)
		return;
	models = pc_json_parse(text, strlen(text), &err);
	own = pc_json_get(models, in->model_name);
	snprintf(bare, sizeof bare, "%.*s", (int)strcspn(in->model_name, ":"),
	    in->model_name);
	if (!own)
		own = pc_json_get(models, bare);
	if (params_set_json(&p, own, &err) < 0)
		cli_die(in->c, "configuration, inference.models, '%s': %s",
		    in->model_name, err.text);
	if (params_default(&in->params, &p) < 0)
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

	if (in->command)
		return;
	if (params_default(&in->params, &in->t.params) < 0)
		cli_die(in->c, "%s", strerror(errno));
	add_pinned_params(in);
	if (in->t.limit) {
		snprintf(text, sizeof text, "%lld",
		    (long long)pc_config_int(g, in->t.limit));
		add_default_param(in, "num_predict", text, PARAM_KEYED);
	}
	snprintf(text, sizeof text, "%.15g",
	    pc_config_real(g,
		in->t.heat ? in->t.heat : "inference.temperature"));
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
	if (in->model.api != API_OPENAI)
		return;
	for (size_t i = 0; i < in->params.count; i++)
		if (in->params.all[i].keyed == PARAM_GIVEN &&
		    !in->params.all[i].kind->openai && !in->c->quiet)
			cli_warn(in->c,
			    "'%s' is ignored: the OpenAI API does not support it",
			    in->params.all[i].kind->name);
}
