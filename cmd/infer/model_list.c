/* model_list.c - the model in one server's list. */
#include "model_in.h"

#include <errno.h>
#include <string.h>

/* Is it the wanted model?  A name without a tag means :latest. */
static int
same_name(const char *asked, const char *name)
{
	size_t n = strlen(asked);

	return strcmp(asked, name) == 0 ||
	    (!strchr(asked, ':') && strncmp(asked, name, n) == 0 &&
		strcmp(name + n, ":latest") == 0);
}

/* Set the model from a list's entry if it is the wanted one. */
static int
take_entry(struct infer *in, const struct pc_json *e, enum api api)
{
	struct model m = {.api = api, .fresh = 1};
	struct listed_model l;

	protocol_of(&m)->parse_model(e, &l);
	if (!*l.name || !*l.digest || !same_name(in->backend.wanted, l.name))
		return 0;
	strcpy(m.name, l.name);
	strcpy(m.digest, l.digest);
	m.num_ctx = l.num_ctx;
	in->backend.model = m;
	return 1;
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
	return status / 100 == 3 || status == 401 || status == 403 ||
	    status == 429 || status >= 500;
}

int
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
	int r = -2;

	if (status < 0)
		goto end;
	snprintf(in->backend.model.server, sizeof in->backend.model.server,
	    "%s", server);
	in->backend.model.api = api;
	if (refuses(status)) {
		in->failed_later |= fault_refusal(&in->backend, server, status,
					&body, err) == VERDICT_LATER;
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
		if (*in->backend.wanted &&
		    take_entry(in, pc_json_at(models, i), api))
			r = 0;
	if (r == 1)
		say_missing(in, server, api, models, err);
	else
		snprintf(in->backend.model.server,
		    sizeof in->backend.model.server, "%s", server);
end:
	pc_json_free(j);
	pc_buf_clear(&body);
	return r;
}
