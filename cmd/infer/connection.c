/* connection.c - the run's connections to its servers, and the protocol that
 * they speak. */
#include "infer.h"

#include <errno.h>
#include <string.h>

/* s; a slow machine can need hours for an answer or a download. */
enum { TOTAL_MAX = 86400 };

const struct model_protocol *
protocol_of(const struct model *m)
{
	return m->api == API_OPENAI ? &openai_protocol : &ollama_protocol;
}

struct http *
infer_http(struct infer *in)
{
	const struct pc_config *g = in->c->config;
	struct http_options o = {
	    .connect_max = pc_config_span(g, "networking.timeout_connect"),
	    .idle_max = pc_config_span(g, "networking.timeout_read"),
	    .total_max = TOTAL_MAX * INT64_C(1000000),
	    .attempts = (unsigned)pc_config_int(g, "networking.retry_attempts"),
	    .at_once = (unsigned)pc_config_int(g, "networking.max_concurrent"),
	    .per_host = (unsigned)in->at_once};

	if (o.at_once < o.per_host)
		o.at_once = o.per_host;
	if (!in->backend.servers.http)
		in->backend.servers.http = http_open(&o);
	if (!in->backend.servers.http)
		cli_die(in->c, "%s", strerror(ENOMEM));
	return in->backend.servers.http;
}

int
infer_call(struct infer *in, const char *server, const char *path,
    struct pc_buf *answer, struct pc_error *err)
{
	struct server_fault f;
	int status;

	infer_http(in);
	status = server_call(&in->backend.servers, server, path, NULL, answer,
	    &f);
	if (status < 0)
		in->failed_later |= fault_explain(&in->backend, server, &f,
					err) == VERDICT_LATER;
	return status;
}
