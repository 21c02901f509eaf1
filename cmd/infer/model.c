/* model.c - which model is meant: its digest is part of every key.
 *
 * A tag such as phi3:latest can mean other weights tomorrow, so the server is
 * asked for the digest.  Its answer is cached for inference.digest_ttl, so
 * that hits need no server. */
#include "model_in.h"

#include <string.h>

/* Detection goes on with the other API if a server has no list of the first, or
 * wants a key for it: only one of them may be for everybody. */
static enum model_look
ask_server(struct infer *in, const char *server, struct pc_error *err)
{
	enum api api = in->backend.api == API_AUTO ? server_api(server)
						   : in->backend.api;
	struct pc_error why;
	enum model_look first, found;

	if (api != API_AUTO)
		return model_look_up(in, server, api, err);
	first = model_look_up(in, server, API_OLLAMA, err);
	if (first != LOOK_NO_LIST && first != LOOK_NO_SENSE &&
	    first != LOOK_NO_KEY)
		return first;
	found = model_look_up(in, server, API_OPENAI, &why);
	if (first == LOOK_NO_KEY &&
	    (found == LOOK_NO_LIST || found == LOOK_NO_SENSE))
		return first;
	*err = why;
	return found;
}

/* A provider may list no models, or not all that it has: a server that speaks
 * OpenAI's language for certain can be asked all the same. */
static int
may_ask_unlisted(const struct infer *in, const char *server,
    enum model_look found)
{
	if (!*in->backend.wanted)
		return 0;
	if (found == LOOK_ABSENT)
		return in->backend.model.api == API_OPENAI;
	return found == LOOK_NO_LIST &&
	    (in->backend.api == API_OPENAI || server_api(server) == API_OPENAI);
}

/* Ask one server, for not too long if there is another: a list loads no
 * model. */
static enum model_look
ask_patiently(struct infer *in, size_t i, struct pc_error *err)
{
	struct servers *s = &in->backend.servers;
	const int64_t patience = s->idle_max;
	enum model_look found;

	if (patience == 0 && i + 1 < s->count)
		s->idle_max = pc_config_span(in->c->config,
		    "networking.timeout_connect");
	found = ask_server(in, s->urls[i], err);
	s->idle_max = patience;
	return found;
}

int
model_ask_servers(struct infer *in, struct pc_error *err)
{
	const struct servers *s = &in->backend.servers;
	const char *unlisted = NULL;
	struct pc_error fault = {""};

	in->failed_later = 0;
	for (size_t i = 0; i < s->count; i++) {
		enum model_look found;

		if (in->backend.down & 1u << i)
			continue;
		found = ask_patiently(in, i, err);
		if (found == LOOK_FOUND) {
			model_memo_write(in);
			return 0;
		}
		if (!unlisted && may_ask_unlisted(in, s->urls[i], found))
			unlisted = s->urls[i];
		/* Report the fault of the first server, unless that was a
		 * warning. */
		if (!fault.text[0] || !in->c->quiet)
			fault = *err;
		if (found == LOOK_NO_SERVER || found == LOOK_NO_KEY)
			in->backend.down |= 1u << i;
		if (in->stop && *in->stop)
			break;
		if (i + 1 < s->count && !in->c->quiet)
			cli_warn(in->c, "%s; trying the next server",
			    err->text);
	}
	if (unlisted) {
		model_take_unlisted(in, unlisted);
		model_memo_write(in);
		return 0;
	}
	if (fault.text[0])
		*err = fault;
	return -1;
}

/* The key of a command has its words and its program's digest instead. */
static int
find_command(struct infer *in)
{
	in->backend.model = (struct model){.fresh = 1};
	snprintf(in->backend.model.name, sizeof in->backend.model.name, "%s",
	    in->backend.command[0]);
	return 0;
}

int
model_recall(struct infer *in)
{
	if (in->backend.command)
		return find_command(in);
	if (in->c->offline)
		return model_memo_read(in, PC_NEVER);
	return in->c->refresh ||
	    model_memo_read(in,
		pc_config_span(in->c->config, "inference.digest_ttl")) != 0;
}

int
model_find(struct infer *in, struct pc_error *err)
{
	int r;

	if (in->c->offline) {
		pc_error_set(err,
		    *in->backend.wanted
			? "model '%s' is not in the cache yet: run once "
			  "without --offline"
			: "no model given: use -m%s",
		    in->backend.wanted);
		return 1;
	}
	r = model_ask_servers(in, err);
	/* Hits need no server: an expired digest is better than none. */
	if (r < 0 && in->backend.down && model_memo_read(in, PC_NEVER) == 0) {
		in->backend.down = 0;
		return 0;
	}
	return r;
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
