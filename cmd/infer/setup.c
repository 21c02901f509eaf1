/* setup.c - what a run is made of: the command line, then the template, then
 * the configuration. */
#include "setup.h"
#include "infer/schema/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a signal handler can reach. */
static volatile sig_atomic_t stop;

static void
on_signal(int sig)
{
	stop = sig;
}

static struct pc_buf
slurp(struct infer *in, const char *path, size_t max, const char *what)
{
	struct pc_buf b = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || pc_read_all(fd, &b, max) < 0 || pc_buf_add(&b, "", 1) < 0)
		cli_die(in->c, "cannot read %s '%s': %s", what, path,
		    strerror(errno));
	close(fd);
	return b;
}

/* The length of the first line of n bytes, which may have NULs. */
static size_t
first_line(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] != '\n' && p[i] != '\r')
		i++;
	return i;
}

/* A key is for its owner's eyes. */
static void
read_key(struct infer *in, const struct given *given)
{
	const char *key = getenv("PC_INFER_KEY"), *from = "$PC_INFER_KEY";
	struct pc_buf file = {0};
	struct stat st;
	size_t n = key ? strlen(key) : 0;

	if (given->key_file) {
		from = given->key_file;
		if (stat(from, &st) == 0 && S_ISREG(st.st_mode) &&
		    (st.st_mode & 077 || st.st_uid != geteuid()))
			cli_die(in->c,
			    "'%s' contains a key that others can read; run chmod 600 on it",
			    from);
		file = slurp(in, from, 64 * 1024, "key");
		key = (char *)file.data;
		n = first_line(key, file.len - 1);
		if (n == 0)
			cli_die(in->c, "'%s' has no key on its first line",
			    from);
	}
	if (n > 0 && servers_set_key(&in->servers, key, n) < 0) {
		if (errno == EINVAL)
			cli_die(in->c, "the key of %s has a control character",
			    from);
		cli_die(in->c, "%s", strerror(errno));
	}
	/* What is started has no need of it. */
	unsetenv("PC_INFER_KEY");
	pc_buf_clear(&file);
}

static void
read_schema(struct infer *in, const struct given *given)
{
	struct pc_error err;
	struct pc_buf b;

	if (given->schema) {
		b = slurp(in, given->schema, 1024 * 1024, "schema");
		in->schema = pc_json_parse((char *)b.data, b.len - 1, &err);
		if (!in->schema || pc_json_type(in->schema) != PC_JSON_OBJECT)
			cli_die(in->c, "schema '%s', %s", given->schema,
			    in->schema ? "line 1: it is not a JSON object"
				       : err.text);
		if (schema_check(in->schema, &err) < 0)
			cli_die(in->c, "schema '%s': %s", given->schema,
			    err.text);
		free(in->t.schema);
		b.len = 0;
		if (pc_json_print(&b, in->schema) < 0 ||
		    pc_buf_add(&b, "", 1) < 0)
			cli_die(in->c, "%s", strerror(errno));
		in->t.schema = (char *)b.data;
	} else if (in->t.schema) {
		in->schema = pc_json_parse(in->t.schema, strlen(in->t.schema),
		    &err);
		if (!in->schema)
			cli_die(in->c, "%s", err.text);
	}
}

static void
default_param(struct infer *in, const char *name, const char *value,
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
pinned_params(struct infer *in)
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

/* What neither the command line nor the template says, the configuration
 * does. */
static void
default_params(struct infer *in)
{
	const struct pc_config *g = in->c->config;
	char text[32];
	int64_t v;

	if (in->command)
		return;
	if (params_default(&in->params, &in->t.params) < 0)
		cli_die(in->c, "%s", strerror(errno));
	pinned_params(in);
	if (in->t.limit) {
		snprintf(text, sizeof text, "%lld",
		    (long long)pc_config_int(g, in->t.limit));
		default_param(in, "num_predict", text, PARAM_KEYED);
	}
	snprintf(text, sizeof text, "%.15g",
	    pc_config_real(g,
		in->t.heat ? in->t.heat : "inference.temperature"));
	default_param(in, "temperature", text, PARAM_KEYED);
	v = pc_config_int(g, "inference.num_ctx");
	snprintf(text, sizeof text, "%lld", (long long)v);
	if (v > 0)
		default_param(in, "num_ctx", text, PARAM_KEYED);
	v = pc_config_int(g, "inference.num_gpu");
	snprintf(text, sizeof text, "%lld", (long long)v);
	if (v >= 0)
		default_param(in, "num_gpu", text, PARAM_KEYED);
}

static void
make_template(struct infer *in, const struct given *given)
{
	struct pc_error err;

	in->t = (struct template){.think = -1};
	if (given->template && template_load(&in->t, given->template, &err) < 0)
		cli_die(in->c, "%s", err.text);
	in->named = given->template != NULL;
	if (given->system) {
		free(in->t.system);
		in->t.system = strdup(given->system);
	}
	if (given->think >= 0)
		in->t.think = given->think;
	if (!in->c->spec.stage[0] &&
	    pc_spec_stage(&in->c->spec,
		in->t.stage        ? in->t.stage
		    : given->embed ? "embed"
				   : "infer") < 0)
		cli_die(in->c, "%s", strerror(errno));
}

static void
name_model(struct infer *in, const struct given *given)
{
	const char *of_kind = given->embed       ? "inference.embedding_model"
	    : given->image_count || in->t.images ? "inference.vision_model"
						 : "inference.model";

	if (!in->model_name)
		in->model_name = in->t.model;
	if (!in->model_name)
		in->model_name = pc_config_text(in->c->config, of_kind);
	if (!*in->model_name)
		in->model_name = pc_config_text(in->c->config,
		    "inference.model");
}

/* A chat goes on with what was said, not with what was meant by a variable
 * that is not given again. */
static int
expand_system(struct infer *in, struct pc_error *err)
{
	struct input none = {0};
	struct pc_buf system = {0};
	int r = question_system(in, &none, &system, err);

	if (r == 0 && in->t.system) {
		free(in->t.system);
		in->t.system = (char *)system.data;
	}
	return r;
}

static void
open_chat(struct infer *in, struct given *given)
{
	struct pc_error err;

	if (!given->chat)
		return;
	if (expand_system(in, &err) < 0 ||
	    chat_open(&given->turns, given->chat, 1,
		pc_config_span(in->c->config, "caching.wait"), &err) < 0 ||
	    (in->t.system &&
		chat_set_system(&given->turns, in->t.system,
		    strlen(in->t.system), &err) < 0) ||
	    chat_select(&given->turns, in->memory, &err) < 0) {
		if (given->turns.busy)
			in->c->fail = PC_EXIT_LATER;
		cli_die(in->c, "%s", err.text);
	}
	in->chat = &given->turns;
	in->plain_system = 1;
	if (!in->t.system && in->chat->system)
		in->t.system = strdup(in->chat->system);
}

void
set_up(struct infer *in, struct given *given)
{
	struct pc_error err;

	if (given->warm) {
		in->warm = 1;
		in->c->files_from = given->warm;
	}
	make_template(in, given);
	cli_open(in->c);
	name_model(in, given);
	read_schema(in, given);
	default_params(in);
	if (servers_set(&in->servers, in->c->config, given->urls,
		given->url_count, &err) < 0)
		cli_usage(in->c, "%s", err.text);
	read_key(in, given);
	in->at_once = in->c->jobs
	    ? in->c->jobs
	    : pc_config_int(in->c->config, "networking.per_host");
	/* With -j the user has decided. */
	in->admitted = in->c->jobs > 0;
	signal(SIGPIPE, SIG_DFL);
	/* A command must end with us. */
	if (cli_many(in->c) || given->embed || in->command) {
		in->servers.stop = in->stop = &stop;
		/* A write goes on, so that no record is torn; a second signal
		 * ends that, too. */
		cli_catch_signals(on_signal, (int)(SA_RESETHAND | SA_RESTART));
	}
	open_chat(in, given);
}

int
set_up_model(struct infer *in)
{
	struct pc_error err;
	int r = model_find(in, &err);

	if (r == 0)
		return 0;
	cli_warn(in->c, "%s", err.text);
	return r == 1          ? PC_EXIT_NO
	    : in->failed_later ? PC_EXIT_LATER
			       : PC_EXIT_FAIL;
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

void
clear_up(struct infer *in, struct given *given)
{
	weights_confirm(in);
	infer_close(in);
	if (in->chat)
		chat_close(in->chat);
	template_clear(&in->t);
	params_clear(&in->params);
	pairs_clear(&in->vars);
	pc_json_free(in->schema);
	servers_clear(&in->servers);
	free(given->files);
	free(given->images);
	free(given->urls);
	if (!stop)
		return;
	fflush(stdout);
	signal(stop, SIG_DFL);
	raise(stop);
}
