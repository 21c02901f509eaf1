/* models.c - which models the servers have in memory; loading and unloading
 * them. If a server is down, slow or gives an invalid answer, its error says
 * so. */
#include "memory.h"

#include "server/servers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MODELS_MAX = 1024 };

/* Send a request and parse the answer, which must be an object; NULL with err.
 * model is the one to name in an error, or NULL. */
static struct pc_json *
ask(struct servers *s, int server, const char *path, const struct pc_buf *body,
    const char *model, struct pc_error *err)
{
	const char *url = s->urls[server];
	struct pc_buf answer = {0};
	struct pc_json *j = NULL;
	struct server_fault fault;
	struct pc_error why;
	int status = server_call(s, url, path, body, &answer, &fault);
	const struct server_refusal refusal = {.server = url,
	    .model = model ? model : "",
	    .api = model ? API_OLLAMA : API_AUTO,
	    .status = status,
	    .body = answer.data,
	    .len = answer.len};

	if (status < 0) {
		*err = fault.error;
	} else if (status == 404 && !body) {
		pc_error_set(err,
		    "the server at %s does not report its loaded models", url);
	} else if (status != 200) {
		server_fault_refusal(&fault, s, &refusal);
		*err = fault.error;
	} else {
		j = pc_json_parse(answer.data ? (char *)answer.data : "",
		    answer.len, &why);
		if (pc_json_type(j) != PC_JSON_OBJECT) {
			pc_json_free(j);
			j = NULL;
			pc_error_set(err,
			    "the server at %s: its answer is not a JSON object",
			    url);
		}
	}
	pc_buf_clear(&answer);
	return j;
}

/* ---- what is loaded ---- */

static void
add_model(struct models *m, int server, const struct pc_json *entry)
{
	struct model_loaded l, *all;

	if (m->count >= MODELS_MAX || ollama_parse_loaded(entry, &l) < 0)
		return;
	l.server = server;
	all = realloc(m->all, (m->count + 1) * sizeof *all);
	if (!all)
		return;
	m->all = all;
	m->all[m->count++] = l;
}

static enum model_kind
ask_kind(struct servers *s, int server, const char *model)
{
	enum model_kind kind = MODEL_UNKNOWN;
	struct pc_buf body = {0};
	struct pc_error err;
	struct pc_json *j;

	ollama_add_show_request(&body, model);
	j = body.failed ? NULL
			: ask(s, server, OLLAMA_SHOW_PATH, &body, NULL, &err);
	if (j)
		kind = ollama_parse_kind(j);
	pc_json_free(j);
	pc_buf_clear(&body);
	return kind;
}

/* In all, this takes no longer than one answer may take. */
static void
find_kinds(struct servers *s, struct models *m)
{
	const int64_t most = s->call_max, end = pc_ticks() + most;

	for (size_t i = 0; i < m->count && pc_ticks() < end; i++) {
		s->call_max = end - pc_ticks();
		m->all[i].kind = ask_kind(s, m->all[i].server, m->all[i].name);
	}
	s->call_max = most;
}

void
servers_models(struct servers *s, int kinds, struct models *m)
{
	*m = (struct models){.servers = (int)s->count};
	for (int i = 0; i < m->servers; i++) {
		struct pc_json *j = ask(s, i, OLLAMA_LOADED_PATH, NULL, NULL,
		    &m->down[i]);
		const struct pc_json *list = ollama_protocol.find_models(j);

		if (j)
			m->down[i].text[0] = '\0';
		if (j && !list)
			pc_error_set(&m->down[i],
			    "the server at %s: invalid list of models",
			    s->urls[i]);
		for (size_t k = 0; k < pc_json_length(list); k++)
			add_model(m, i, pc_json_at(list, k));
		pc_json_free(j);
	}
	if (kinds)
		find_kinds(s, m);
}

void
models_clear(struct models *m)
{
	free(m->all);
	*m = (struct models){0};
}

int
model_is(const char *meant, const char *name)
{
	const size_t n = strlen(meant);
	const char *slash = strrchr(meant, '/');

	if (strcasecmp(meant, name) == 0)
		return 1;
	return !strchr(slash ? slash : meant, ':') &&
	    strncasecmp(meant, name, n) == 0 &&
	    strcmp(name + n, ":latest") == 0;
}

/* ---- loading and unloading ---- */

/* keep is in s. */
static int
ask_to_load(struct servers *s, int server, const char *model,
    enum model_kind kind, int64_t keep, struct pc_error *err)
{
	struct pc_buf body = {0};
	struct pc_json *j;

	ollama_add_load_request(&body, model, kind, keep);
	if (body.failed) {
		pc_error_set(err, "%s", strerror(ENOMEM));
		return -1;
	}
	j = ask(s, server, ollama_load_path(kind), &body, model, err);
	pc_buf_clear(&body);
	pc_json_free(j);
	return j ? 0 : -1;
}

int
servers_unload(struct servers *s, int server, const char *model,
    struct pc_error *err)
{
	return ask_to_load(s, server, model, MODEL_UNKNOWN, 0, err);
}

int
servers_preload(struct servers *s, int server, const char *model, int64_t keep,
    struct pc_error *err)
{
	const int64_t most = s->call_max;
	const enum model_kind kind = ask_kind(s, server, model);
	int r;

	s->call_max = LOADING_MAX * INT64_C(1000000);
	r = ask_to_load(s, server, model, kind,
	    keep == PC_NEVER ? -1 : keep / 1000000, err);
	s->call_max = most;
	return r;
}
