/* model_verify.c - whether the model still is what the keys say.
 *
 * An answer is never kept under the digest of other weights: the server says
 * before the first miss which weights it has, and again after
 * inference.digest_ttl. */
#include "model_in.h"

#include <string.h>

int
model_verify(struct infer *in, struct pc_error *err)
{
	const int64_t ttl = pc_config_span(in->c->config,
	    "inference.digest_ttl");
	const struct model was = in->backend.model;
	const unsigned down = in->backend.down;
	const int again = in->backend.verified > 0 && !in->backend.command &&
	    pc_ticks() - in->backend.verified_at >= ttl;
	int changed = 0;

	if (again) {
		in->backend.model.fresh = 0;
		in->backend.down = 0;
	}
	if (again || in->backend.verified == 0) {
		in->backend.verified = in->backend.model.fresh ||
			model_ask_servers(in, &in->backend.absent) == 0
		    ? 1
		    : -1;
		in->backend.verified_at = pc_ticks();
		/* The server can be back when the question is sent. */
		if (again && in->backend.verified < 0) {
			in->backend.model = was;
			in->backend.down = down;
			in->backend.verified = 1;
		}
		changed = strcmp(was.digest, in->backend.model.digest) != 0;
		weights_reported(in, changed);
	}
	if (in->backend.verified > 0)
		return changed;
	*err = in->backend.absent;
	return -1;
}

int
model_replaced(struct infer *in)
{
	const struct model was = in->backend.model;
	struct pc_error err;
	int others = model_look_up(in, was.server, was.api, &err) ==
		LOOK_FOUND &&
	    strcmp(was.digest, in->backend.model.digest) != 0;

	if (others)
		model_memo_write(in);
	in->backend.model = was;
	return others;
}

static void
put_aside(struct infer *in, const char *server)
{
	for (size_t i = 0; i < in->backend.servers.count; i++)
		if (strcmp(in->backend.servers.urls[i], server) == 0)
			in->backend.down |= 1u << i;
}

int
model_elsewhere(struct infer *in, const char *server)
{
	const struct model was = in->backend.model;
	struct pc_error err;

	/* Another request has already moved to a new server. */
	if (strcmp(was.server, server) != 0)
		return 0;
	put_aside(in, was.server);
	if (in->backend.down + 1 == 1u << in->backend.servers.count)
		return -1;
	for (size_t i = 1;
	     i < in->backend.servers.count && model_ask_servers(in, &err) == 0;
	     i++) {
		if (strcmp(was.digest, in->backend.model.digest) == 0)
			return 0;
		put_aside(in, in->backend.model.server);
		if (!in->c->quiet)
			cli_warn(in->c,
			    "the server at %s has other weights for '%s'; it is skipped",
			    in->backend.model.server, in->backend.model.name);
	}
	in->backend.model = was;
	model_memo_write(in);
	return -1;
}
