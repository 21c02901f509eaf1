/* model_list.c - the model in one server's list. */
#include "model_in.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* What Ollama's name for a model is without the parts that it adds itself: its
 * registry, the namespace library and the tag latest (types/model/name.go). */
struct ollama_name {
	const char *text, *tag;
	size_t n;
};

static struct ollama_name
ollama_name(const char *text)
{
	static const char *const added[] = {"registry.ollama.ai/", "library/"};
	struct ollama_name name;
	const char *last;

	for (int i = 0; i < 2; i++)
		if (strncasecmp(text, added[i], strlen(added[i])) == 0)
			text += strlen(added[i]);
	last = strrchr(text, '/');
	name.text = text;
	name.tag = strchr(last ? last : text, ':');
	name.n = name.tag ? (size_t)(name.tag - text) : strlen(text);
	if (!name.tag)
		name.tag = ":latest";
	return name;
}

static int
same_ollama_name(const char *a, const char *b)
{
	const struct ollama_name x = ollama_name(a), y = ollama_name(b);

	return x.n == y.n && strncasecmp(x.text, y.text, x.n) == 0 &&
	    strcasecmp(x.tag, y.tag) == 0;
}

/* Gemini lists models/NAME for NAME; Ollama's own list of this kind has
 * tags. */
static int
same_openai_name(const char *asked, const char *name)
{
	static const char folder[] = "models/";
	const size_t n = strlen(asked);

	if (strcmp(asked, name) == 0)
		return 1;
	if (strncmp(name, folder, sizeof folder - 1) == 0)
		return strcmp(asked, name + sizeof folder - 1) == 0;
	return !strchr(asked, ':') && strncmp(asked, name, n) == 0 &&
	    strcmp(name + n, ":latest") == 0;
}

/* An entry of a list that can be asked. */
static int
read_entry(const struct pc_json *e, enum api api, struct listed_model *l)
{
	const struct model m = {.api = api};

	protocol_of(&m)->parse_model(e, l);
	return *l->name && (*l->digest || api == API_OPENAI);
}

/* Set the model from a list's entry if it is the wanted one; only: it is the
 * only one, so it is meant if none is named. */
static int
take_entry(struct infer *in, const struct pc_json *e, enum api api, int only)
{
	const char *wanted = in->backend.wanted;
	struct model m = {.api = api, .fresh = 1};
	struct listed_model l;

	if (!read_entry(e, api, &l))
		return 0;
	if (*wanted ? !(api == API_OLLAMA ? same_ollama_name(wanted, l.name)
					  : same_openai_name(wanted, l.name))
		    : !only)
		return 0;
	strcpy(m.name, l.name);
	strcpy(m.digest, l.digest);
	m.num_ctx = l.num_ctx;
	in->backend.model = m;
	return 1;
}

/* llama-server lists models under Ollama's path too, but without digests. */
static int
is_a_list(const struct pc_json *models, enum api api)
{
	struct listed_model l;

	if (!models || api == API_OPENAI || pc_json_length(models) == 0)
		return models != NULL;
	for (size_t i = 0; i < pc_json_length(models); i++)
		if (read_entry(pc_json_at(models, i), api, &l))
			return 1;
	return 0;
}

/* Append the names in a list, for a message. */
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

/* Set err to a message with the models that the server has. */
static void
say_missing(const struct infer *in, const char *server, enum api api,
    const struct pc_json *models, struct pc_error *err)
{
	const char *name = in->backend.wanted, *have = "none";
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

/* Is it a status after which the other API need not be tried? */
static int
refuses(int status)
{
	return status / 100 == 3 || status == 429 ||
	    (status >= 500 && status != 501);
}

static void
set_server(struct infer *in, const char *server, enum api api)
{
	struct model *m = &in->backend.model;

	snprintf(m->server, sizeof m->server, "%s", server);
	m->api = api;
}

static enum model_look
find_entry(struct infer *in, const char *server, enum api api,
    const struct pc_json *models, struct pc_error *err)
{
	const size_t n = pc_json_length(models);

	for (size_t i = 0; i < n; i++) {
		if (!take_entry(in, pc_json_at(models, i), api, n == 1))
			continue;
		set_server(in, server, api);
		model_identify(in);
		if (!*in->backend.wanted && !in->c->quiet)
			cli_warn(in->c,
			    "no model is given; the server at %s has only '%s', which is used",
			    server, in->backend.model.name);
		return LOOK_FOUND;
	}
	say_missing(in, server, api, models, err);
	return LOOK_ABSENT;
}

enum model_look
model_look_up(struct infer *in, const char *server, enum api api,
    struct pc_error *err)
{
	const struct model asked = {.api = api};
	const struct model_protocol *protocol = protocol_of(&asked);
	const struct pc_json *models;
	struct pc_buf body = {0};
	struct pc_json *j = NULL;
	struct pc_error why;
	int status = infer_call(in, server, protocol->list_path, &body, err);
	enum model_look found = LOOK_NO_SERVER;

	if (status < 0)
		goto end;
	set_server(in, server, api);
	if (status == 401 || status == 403)
		found = LOOK_NO_KEY;
	if (found == LOOK_NO_KEY || refuses(status)) {
		in->failed_later |= fault_refusal(&in->backend, server, status,
					&body, err) == VERDICT_LATER;
		goto end;
	}
	if (status == 200)
		j = pc_json_parse((char *)body.data, body.len, &why);
	models = j ? protocol->find_models(j) : NULL;
	if (is_a_list(models, api)) {
		found = find_entry(in, server, api, models, err);
	} else {
		pc_error_set(err,
		    "the server at %s is neither an Ollama nor an OpenAI-compatible server; check --url",
		    server);
		found = status == 200 && !models ? LOOK_NO_SENSE : LOOK_NO_LIST;
	}
end:
	pc_json_free(j);
	pc_buf_clear(&body);
	return found;
}

void
model_take_unlisted(struct infer *in, const char *server)
{
	in->backend.model = (struct model){.fresh = 1};
	set_server(in, server, API_OPENAI);
	snprintf(in->backend.model.name, sizeof in->backend.model.name, "%s",
	    in->backend.wanted);
	model_identify(in);
	if (!in->backend.told_unlisted++ && !in->c->quiet)
		cli_warn(in->c,
		    "the server at %s does not list model '%s'; it is asked all the same",
		    server, in->backend.wanted);
}
