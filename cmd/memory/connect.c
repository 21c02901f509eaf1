/* connect.c - the servers that pc-memstat asks, and how long it waits for them.
 */
#include "memory.h"

#include "server/servers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
die_of_key(const struct cli *c, const char *variable)
{
	if (errno == EINVAL)
		cli_die(c, "the key in %s contains a control character",
		    variable);
	cli_die(c, "%s", strerror(errno));
}

struct servers *
servers_open(struct cli *c, char *const *urls, size_t count, int64_t wait)
{
	struct servers *s = calloc(1, sizeof *s);
	const char *key = getenv("PC_INFER_KEY");
	/* call_max ends a wait before idle_max does. */
	struct http_options o = {.connect_max = wait,
	    .idle_max = LOADING_MAX * INT64_C(1000000),
	    .attempts = 1,
	    .at_once = 1,
	    .per_host = 1};
	struct pc_error err;

	if (!s)
		cli_die(c, "%s", strerror(errno));
	s->call_max = wait;
	if (servers_set(s, c->config, urls, count, &err) < 0)
		cli_usage(c, "%s", err.text);
	if (key && servers_set_key(s, 0, key, strlen(key)) < 0)
		die_of_key(c, "$PC_INFER_KEY");
	if (servers_use_openai_key(s) < 0)
		die_of_key(c, "$OPENAI_API_KEY");
	s->http = http_open(&o);
	if (!s->http)
		cli_die(c, "%s", strerror(errno));
	return s;
}

void
servers_close(struct servers *s)
{
	if (!s)
		return;
	http_close(s->http);
	servers_clear(s);
	free(s);
}

void
servers_patience(struct servers *s, int64_t wait)
{
	s->call_max = wait;
}

const char *
servers_url(const struct servers *s, int server)
{
	return s->urls[server];
}
