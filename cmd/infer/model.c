/* model.c - which model is meant: its digest is part of every key.
 *
 * A tag such as phi3:latest can mean other weights tomorrow, so a server is
 * asked for the digest; the answer is remembered for inference.digest_ttl, so
 * that hits need no server.  Before the first miss it is asked again: an
 * answer is never kept under the digest of other weights. */
#include "infer.h"

#include "cli/memo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct model_protocol *
protocol_of(const struct model *m)
{
	return m->api == API_OPENAI ? &openai_protocol : &ollama_protocol;
}

/* ---- what is remembered ---- */

static int
memo_key(struct infer *in, struct pc_id *key, struct pc_buf *material)
{
	struct pc_spec spec = {0};
	struct pc_buf b = {0};
	const char *twice;
	int e;

	pc_buf_addf(&b, "servers=%s", api_names[in->api]);
	for (size_t i = 0; i < in->servers.count; i++)
		pc_buf_addf(&b, " %s", in->servers.urls[i]);
	e = b.failed ? -1 : pc_spec_stage(&spec, "infer.model");
	if (e == 0)
		e = pc_spec_add(&spec, PC_FIELD_PARAM, b.data, b.len);
	if (e == 0)
		e = pc_spec_addf(&spec, PC_FIELD_PARAM, "model=%s",
		    in->model_name);
	if (e == 0)
		e = pc_spec_key(&spec, material, key, &twice);
	pc_buf_clear(&b);
	pc_spec_clear(&spec);
	return e;
}

static void
remember(struct infer *in)
{
	const struct model *m = &in->model;
	struct pc_buf material = {0}, text = {0};
	struct pc_id key;

	pc_buf_addf(&text, "%s\n%s\n%s\n%s\n%lld\n", api_names[m->api], m->name,
	    m->digest, m->server, (long long)m->num_ctx);
	if (memo_key(in, &key, &material) == 0)
		memo_write(in->c, &key, &material, &text);
	pc_buf_clear(&material);
	pc_buf_clear(&text);
}

/* One line into to. */
static const char *
line(const char *p, char *to, size_t size)
{
	size_t n = strcspn(p, "\n");

	if (n >= size || p[n] != '\n')
		return NULL;
	memcpy(to, p, n);
	to[n] = '\0';
	return p + n + 1;
}

static int
parse_memo(struct model *m, const char *p)
{
	char api[16], ctx[24];

	p = line(p, api, sizeof api);
	if (p)
		p = line(p, m->name, sizeof m->name);
	if (p)
		p = line(p, m->digest, sizeof m->digest);
	if (p)
		p = line(p, m->server, sizeof m->server);
	if (p)
		p = line(p, ctx, sizeof ctx);
	if (!p || pc_parse_int(ctx, 0, INT32_MAX, &m->num_ctx) < 0)
		return -1;
	m->api = strcmp(api, "openai") == 0 ? API_OPENAI : API_OLLAMA;
	m->fresh = 0;
	return 0;
}

/* What is known of it, when not older than most.  1: nothing. */
static int
recall(struct infer *in, int64_t most)
{
	struct pc_buf material = {0}, text = {0};
	struct pc_id key;
	int64_t created, age;
	int found = 1;

	if (memo_key(in, &key, &material) == 0 &&
	    memo_read(in->c, &key, &text, &created) == 0) {
		age = pc_now() - created;
		/* A note of a clock that was ahead would be new for as long. */
		if (most == PC_NEVER || (age >= 0 && age < most))
			found = parse_memo(&in->model, (char *)text.data) < 0;
	}
	pc_buf_clear(&material);
	pc_buf_clear(&text);
	return found;
}

/* ---- what a server says ---- */

/* Is it the model asked for?  One without a tag is :latest. */
static int
same_name(const char *asked, const char *name)
{
	size_t n = strlen(asked);

	return strcmp(asked, name) == 0 ||
	    (!strchr(asked, ':') && strncmp(asked, name, n) == 0 &&
		strcmp(name + n, ":latest") == 0);
}

/* Take the model of a list's entry if it is the one that is asked for. */
static int
take_entry(struct infer *in, const struct pc_json *e, enum api api)
{
	struct model m = {.api = api, .fresh = 1};
	struct listed_model l;

	protocol_of(&m)->parse_model(e, &l);
	if (!*l.name || !*l.digest || !same_name(in->model_name, l.name))
		return 0;
	strcpy(m.name, l.name);
	strcpy(m.digest, l.digest);
	m.num_ctx = l.num_ctx;
	in->model = m;
	return 1;
}

/* What a list has to offer, for a message. */
static void
list_names(const struct pc_json *models, enum api api, struct pc_buf *b)
{
	const struct model m = {.api = api};
	struct listed_model l;

	for (size_t i = 0; i < pc_json_length(models) && i < 12; i++) {
		protocol_of(&m)->parse_model(pc_json_at(models, i), &l);
		pc_buf_addf(b, "%s%.127s", i ? ", " : "", l.name);
	}
	pc_buf_add(b, "", 1);
}

/* The list does not have the model. */
static void
say_missing(const struct infer *in, const char *server, enum api api,
    const struct pc_json *models, struct pc_error *err)
{
	const char *name = in->model_name, *have = "none";
	struct pc_buf names = {0};

	list_names(models, api, &names);
	if (names.len > 1)
		have = (char *)names.data;
	if (names.failed)
		pc_error_set(err, "%s", strerror(ENOMEM));
	else if (!*name)
		pc_error_set(err,
		    "no model given: use -m or set inference.model; the server at %s has %s",
		    server, have);
	else if (api == API_OLLAMA)
		pc_error_set(err,
		    "the server at %s has no model '%s'; fetch it with 'ollama "
		    "pull %s'; it has %s",
		    server, name, name, have);
	else
		pc_error_set(err,
		    "the server at %s has no model '%s'; it has %s", server,
		    name, have);
	pc_buf_clear(&names);
}

/* Is it a status at which no other list need be tried? */
static int
refuses(int status)
{
	return status / 100 == 3 || status == 401 || status == 403 ||
	    status == 429 || status >= 500;
}

/* Look for the model in one server's list.  1: it is not there; -1: it has no
 * list of this API; -2: it does not answer. */
static int
look(struct infer *in, const char *server, enum api api, struct pc_error *err)
{
	const struct model asked = {.api = api};
	const struct model_protocol *protocol = protocol_of(&asked);
	const struct pc_json *models;
	struct pc_buf body = {0};
	struct pc_json *j = NULL;
	struct pc_error why;
	int status = infer_call(in, server, protocol->list_path, &body, err);
	int r = -2;

	if (status < 0)
		goto end;
	snprintf(in->model.server, sizeof in->model.server, "%s", server);
	in->model.api = api;
	if (refuses(status)) {
		in->failed_later |= fault_refusal(in, server, status, &body,
					err) == VERDICT_LATER;
		goto end;
	}
	if (status == 200)
		j = pc_json_parse((char *)body.data, body.len, &why);
	models = j ? protocol->find_models(j) : NULL;
	if (!models) {
		pc_error_set(err,
		    "the server at %s is neither an Ollama nor an OpenAI-compatible server; check --url",
		    server);
		r = -1;
		goto end;
	}
	r = 1;
	for (size_t i = 0; r == 1 && i < pc_json_length(models); i++)
		if (*in->model_name &&
		    take_entry(in, pc_json_at(models, i), api))
			r = 0;
	if (r == 1)
		say_missing(in, server, api, models, err);
	else
		snprintf(in->model.server, sizeof in->model.server, "%s",
		    server);
end:
	pc_json_free(j);
	pc_buf_clear(&body);
	return r;
}

static int
ask_server(struct infer *in, const char *server, struct pc_error *err)
{
	enum api api = in->api == API_AUTO ? server_api(server) : in->api;
	int r;

	if (api != API_AUTO)
		return look(in, server, api, err);
	r = look(in, server, API_OLLAMA, err);
	return r == -1 ? look(in, server, API_OPENAI, err) : r;
}

/* Ask one after the other, but those known to be down. */
static int
ask_all(struct infer *in, struct pc_error *err)
{
	const int64_t patience = in->servers.idle_max;
	struct pc_error first = {""};

	in->failed_later = 0;
	for (size_t i = 0; i < in->servers.count; i++) {
		int r;

		if (in->down & 1u << i)
			continue;
		/* A list loads no model: if there is another server, do not
		 * wait for minutes for one that hangs. */
		if (patience == 0 && i + 1 < in->servers.count)
			in->servers.idle_max = pc_config_span(in->c->config,
			    "networking.timeout_connect");
		r = ask_server(in, in->servers.urls[i], err);
		in->servers.idle_max = patience;
		if (r == 0) {
			remember(in);
			return 0;
		}
		/* Report the fault of the first server. */
		if (!first.text[0])
			first = *err;
		if (r == -2)
			in->down |= 1u << i;
		if (in->stop && *in->stop)
			break;
		if (i + 1 < in->servers.count && !in->c->quiet)
			cli_warn(in->c, "%s; trying the next server",
			    err->text);
	}
	if (first.text[0])
		*err = first;
	return -1;
}

/* A program's words and bytes are what it is. */
static int
find_command(struct infer *in)
{
	in->model = (struct model){.fresh = 1};
	snprintf(in->model.name, sizeof in->model.name, "%s", in->command[0]);
	return 0;
}

int
model_recall(struct infer *in)
{
	if (in->command)
		return find_command(in);
	if (!*in->model_name)
		return 1;
	if (in->c->offline)
		return recall(in, PC_NEVER);
	return in->c->refresh ||
	    recall(in, pc_config_span(in->c->config, "inference.digest_ttl")) !=
	    0;
}

int
model_find(struct infer *in, struct pc_error *err)
{
	int r;

	if (in->c->offline) {
		pc_error_set(err,
		    *in->model_name
			? "model '%s' is not in the cache yet: run once "
			  "without --offline"
			: "no model given: use -m%s",
		    in->model_name);
		return 1;
	}
	r = ask_all(in, err);
	/* An old answer is better than none: hits need no server. */
	if (r < 0 && *in->model_name && in->down && recall(in, PC_NEVER) == 0) {
		in->down = 0;
		return 0;
	}
	return r;
}

int
model_verify(struct infer *in, struct pc_error *err)
{
	const int64_t ttl = pc_config_span(in->c->config,
	    "inference.digest_ttl");
	const struct model was = in->model;
	const unsigned down = in->down;
	const int again = in->verified > 0 && !in->command &&
	    pc_ticks() - in->verified_at >= ttl;
	int changed = 0;

	if (again) {
		in->model.fresh = 0;
		in->down = 0;
	}
	if (again || in->verified == 0) {
		in->verified = in->model.fresh || ask_all(in, &in->absent) == 0
		    ? 1
		    : -1;
		in->verified_at = pc_ticks();
		/* It may be there again when the question comes. */
		if (again && in->verified < 0) {
			in->model = was;
			in->down = down;
			in->verified = 1;
		}
		changed = strcmp(was.digest, in->model.digest) != 0;
		weights_reported(in, changed);
	}
	if (in->verified > 0)
		return changed;
	*err = in->absent;
	return -1;
}

int
model_replaced(struct infer *in)
{
	const struct model was = in->model;
	struct pc_error err;
	int others = look(in, was.server, was.api, &err) == 0 &&
	    strcmp(was.digest, in->model.digest) != 0;

	if (others)
		remember(in);
	in->model = was;
	return others;
}

static void
put_aside(struct infer *in, const char *server)
{
	for (size_t i = 0; i < in->servers.count; i++)
		if (strcmp(in->servers.urls[i], server) == 0)
			in->down |= 1u << i;
}

int
model_elsewhere(struct infer *in, const char *server)
{
	const struct model was = in->model;
	struct pc_error err;

	/* Another question has found one. */
	if (strcmp(was.server, server) != 0)
		return 0;
	put_aside(in, was.server);
	if (in->down + 1 == 1u << in->servers.count)
		return -1;
	for (size_t i = 1; i < in->servers.count && ask_all(in, &err) == 0;
	     i++) {
		if (strcmp(was.digest, in->model.digest) == 0)
			return 0;
		put_aside(in, in->model.server);
		if (!in->c->quiet)
			cli_warn(in->c,
			    "the server at %s has other weights for '%s'; it is skipped",
			    in->model.server, in->model.name);
	}
	in->model = was;
	remember(in);
	return -1;
}
