/* setup.c - what a run is made of: the command line, then the template, then
 * the configuration. */
#include "setup_in.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* What a signal handler can reach. */
static volatile sig_atomic_t stop;

static void
on_signal(int sig)
{
	stop = sig;
}

static void
make_template(struct infer *in, const struct given *given)
{
	struct pc_error err;

	in->question.t = (struct template){.think = -1, .allow_cut = -1};
	if (given->template &&
	    template_load(&in->question.t, given->template, &err) < 0)
		cli_die(in->c, "%s", err.text);
	in->question.named = given->template != NULL;
	if (given->system) {
		free(in->question.t.system);
		in->question.t.system = strdup(given->system);
	}
	if (given->think >= 0)
		in->question.t.think = given->think;
	if (!in->c->spec.stage[0] &&
	    pc_spec_stage(&in->c->spec,
		in->question.t.stage ? in->question.t.stage
		    : given->embed   ? "embed"
				     : "infer") < 0)
		cli_die(in->c, "%s", strerror(errno));
}

/* Who limits an answer, in a template or in the configuration, may want what
 * comes up to there.  A truncated prompt is another matter, and truncated JSON
 * is none. */
static void
allow_cut(struct infer *in)
{
	const int wanted = in->question.t.allow_cut;

	in->keep_cut = !in->question.schema &&
	    (wanted < 0 ? pc_config_bool(in->c->config, "inference.allow_cut")
			: wanted);
}

static void
name_model(struct infer *in, const struct given *given)
{
	const char *of_kind = given->embed ? "inference.embedding_model"
	    : given->image_count || in->question.t.images
	    ? "inference.vision_model"
	    : "inference.model";

	if (!in->backend.wanted)
		in->backend.wanted = in->question.t.model;
	if (!in->backend.wanted)
		in->backend.wanted = pc_config_text(in->c->config, of_kind);
	if (!*in->backend.wanted)
		in->backend.wanted = pc_config_text(in->c->config,
		    "inference.model");
}

/* A chat keeps its system prompt with the variables of its first turn replaced,
 * as they need not be given again. */
static int
expand_system(struct infer *in, struct pc_error *err)
{
	struct input none = {0};
	struct pc_buf system = {0};
	int r = question_system(&in->question, &none, &system, err);

	if (r == 0 && in->question.t.system) {
		free(in->question.t.system);
		in->question.t.system = (char *)system.data;
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
	    (in->question.t.system &&
		chat_set_system(&given->turns, in->question.t.system,
		    strlen(in->question.t.system), &err) < 0) ||
	    chat_select(&given->turns, in->question.memory, &err) < 0) {
		if (given->turns.busy)
			in->c->fail = PC_EXIT_LATER;
		cli_die(in->c, "%s", err.text);
	}
	in->question.chat = &given->turns;
	in->question.plain_system = 1;
	if (!in->question.t.system && in->question.chat->system)
		in->question.t.system = strdup(in->question.chat->system);
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
	allow_cut(in);
	if (servers_set(&in->backend.servers, in->c->config, given->urls,
		given->url_count, &err) < 0)
		cli_usage(in->c, "%s", err.text);
	set_default_params(in);
	read_keys(in, given);
	in->at_once = in->c->jobs
	    ? in->c->jobs
	    : pc_config_int(in->c->config, "networking.per_host");
	/* With -j the user has decided. */
	in->use.admitted = in->c->jobs > 0;
	signal(SIGPIPE, SIG_DFL);
	/* A command must end when pc-infer does. */
	if (cli_many(in->c) || given->embed || in->backend.command) {
		in->backend.servers.stop = in->stop = &stop;
		/* A write is finished, so that no record is torn; a second
		 * signal ends the program at once. */
		cli_catch_signals(on_signal, (int)(SA_RESETHAND | SA_RESTART));
	}
	open_chat(in, given);
}

void
clear_up(struct infer *in, struct given *given)
{
	weights_confirm(in);
	infer_close(in);
	if (in->question.chat)
		chat_close(in->question.chat);
	template_clear(&in->question.t);
	params_clear(&in->question.params);
	pairs_clear(&in->question.vars);
	pc_json_free(in->question.schema);
	servers_clear(&in->backend.servers);
	free(given->files);
	free(given->images);
	free(given->urls);
	free(given->key_files);
	if (!stop)
		return;
	fflush(stdout);
	signal(stop, SIG_DFL);
	raise(stop);
}
