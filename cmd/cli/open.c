/* open.c - the configuration, and the store, which may fail. */
#include "cli.h"

#include "care.h"

#include <errno.h>
#include <stdlib.h>

static void
config_warning(void *ctx, const char *text)
{
	const struct cli *c = ctx;

	if (!c->quiet)
		cli_warn(c, "%s", text);
}

void
cli_load_config(struct cli *c)
{
	struct pc_error err;

	c->config = pc_config_load(config_warning, c, &err);
	if (!c->config)
		cli_die(c, "%s", err.text);
}

int
cli_try_store(struct cli *c, struct pc_error *err)
{
	unsigned flags = 0;
	char *dir;
	int e;

	if (c->read_only)
		flags |= PC_STORE_READ_ONLY;
	if (c->sync || pc_config_bool(c->config, "caching.sync"))
		flags |= PC_STORE_SYNC;
	if (!pc_config_bool(c->config, "caching.events"))
		flags |= PC_STORE_NO_EVENTS;
	dir = pc_store_dir(c->config, c->store_dir);
	if (dir)
		c->store = pc_store_open(dir, flags, err);
	else
		pc_error_set(err,
		    "no directory for the store: set HOME, "
		    "XDG_CACHE_HOME or PC_STORE");
	e = errno;
	free(dir);
	if (!c->store)
		return dir && e != ENOENT ? -1 : 1;
	pc_store_set_max(c->store,
	    pc_config_int(c->config, "caching.max_bytes"));
	return 0;
}

void
cli_open_store(struct cli *c)
{
	struct pc_error err;
	const int r = cli_try_store(c, &err);

	if (r == 0)
		return;
	if (c->reports
		? r < 0
		: !pc_config_bool(c->config, "features.fallback_on_error"))
		cli_die(c, "%s", err.text);
	c->store_failed = 1;
	if (!c->quiet)
		cli_warn(c, "%s; going on without a cache", err.text);
}

void
cli_open(struct cli *c)
{
	cli_load_config(c);
	if (!pc_config_bool(c->config, "caching.enabled"))
		c->no_cache = 1;
	if (!c->no_cache)
		cli_open_store(c);
}

void
cli_store_fault(const struct cli *c, const char *what, struct pc_error *out)
{
	const char *why = errno == EBADMSG ? "the store or its disk is damaged"
					   : pc_store_error(c->store, errno);

	if (c->store && pc_store_refusal(c->store))
		pc_error_set(out, "%s", pc_store_refusal(c->store));
	else
		pc_error_set(out, "cannot %s: %s", what, why);
}

void
cli_store_die(struct cli *c, const char *what)
{
	struct pc_error text;

	cli_store_fault(c, what, &text);
	cli_die(c, "%s", text.text);
}

void
cli_store_failed(struct cli *c, const char *what)
{
	struct pc_error text;

	cli_store_fault(c, what, &text);
	if (!pc_config_bool(c->config, "features.fallback_on_error"))
		cli_die(c, "%s", text.text);
	if (!c->quiet && !c->store_failed)
		cli_warn(c, "%s; going on without %s", text.text,
		    c->store && pc_store_refusal(c->store) ? "a cache" : "it");
	c->store_failed = 1;
}

int64_t
cli_expires(const struct cli *c, int64_t ttl, const char *setting)
{
	if (ttl < 0)
		ttl = pc_config_span(c->config, setting);
	return ttl == PC_NEVER ? PC_NEVER : pc_now() + ttl;
}
