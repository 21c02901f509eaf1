/* model.c - which model is meant: its digest is part of every key.
 *
 * A tag such as phi3:latest can mean other weights tomorrow, so the server is
 * asked for the digest.  Its answer is cached for inference.digest_ttl, so
 * that hits need no server. */
#include "model_in.h"

#include <string.h>

static int
ask_server(struct infer *in, const char *server, struct pc_error *err)
{
	enum api api = in->backend.api == API_AUTO ? server_api(server)
						   : in->backend.api;
	int r;

	if (api != API_AUTO)
		return model_look_up(in, server, api, err);
	r = model_look_up(in, server, API_OLLAMA, err);
	return r == -1 ? model_look_up(in, server, API_OPENAI, err) : r;
}

int
model_ask_servers(struct infer *in, struct pc_error *err)
{
	const int64_t patience = in->backend.servers.idle_max;
	struct pc_error first = {""};

	in->failed_later = 0;
	for (size_t i = 0; i < in->backend.servers.count; i++) {
		int r;

		if (in->backend.down & 1u << i)
			continue;
		/* A list loads no model: if there is another server, do not
		 * wait for minutes for one that hangs. */
		if (patience == 0 && i + 1 < in->backend.servers.count)
			in->backend.servers.idle_max = pc_config_span(
			    in->c->config, "networking.timeout_connect");
		r = ask_server(in, in->backend.servers.urls[i], err);
		in->backend.servers.idle_max = patience;
		if (r == 0) {
			model_memo_write(in);
			return 0;
		}
		/* Report the fault of the first server. */
		if (!first.text[0])
			first = *err;
		if (r == -2)
			in->backend.down |= 1u << i;
		if (in->stop && *in->stop)
			break;
		if (i + 1 < in->backend.servers.count && !in->c->quiet)
			cli_warn(in->c, "%s; trying the next server",
			    err->text);
	}
	if (first.text[0])
		*err = first;
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
	if (!*in->backend.wanted)
		return 1;
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
	if (r < 0 && *in->backend.wanted && in->backend.down &&
	    model_memo_read(in, PC_NEVER) == 0) {
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
