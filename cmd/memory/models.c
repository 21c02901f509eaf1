/* models.c - what inference servers have loaded, and having them load and
 * unload.  A server that is down, slow or talks rubbish is a line of text. */
#include "memory.h"

#include "server/servers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	MODELS_MAX = 1024,
	LOADING = 900, /* seconds */
};

/* Ask, and parse the answer, which must be an object; NULL with err.  model is
 * the one that the request names, or NULL. */
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

static uint64_t
size_of(const struct pc_json *j, const char *name)
{
	int64_t v = member_int(j, name, 0);

	return v > 0 && v < INT64_C(1) << 53 ? (uint64_t)v : 0;
}

/* "2024-06-04T14:38:31.83753-07:00" */
static int64_t
time_of(const struct pc_json *j, const char *name)
{
	const char *s, *p;
	struct tm tm = {0};
	int hours, minutes, n = 0;
	int64_t t;
	size_t len;

	s = pc_json_text(pc_json_get(j, name), &len);
	p = s ? strptime(s, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	if (!p || tm.tm_year < 70)
		return 0;
	/* As long as a Go program can say: for ever. */
	if (tm.tm_year > 200)
		return PC_NEVER;
	t = timegm(&tm);
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	if ((*p == '+' || *p == '-') &&
	    sscanf(p + 1, "%2d:%2d%n", &hours, &minutes, &n) == 2 && n == 5)
		t -= (*p == '-' ? -60 : 60) * (hours * 60 + minutes);
	return t > 0 ? t * 1000000 : 0;
}

static void
take_model(struct models *m, int server, const struct pc_json *e)
{
	struct model_loaded l = {.server = server,
	    .size = size_of(e, "size"),
	    .vram = size_of(e, "size_vram"),
	    .expires = time_of(e, "expires_at")};
	struct model_loaded *all;
	size_t n;
	const char *name = pc_json_text(pc_json_get(e, "name"), &n);

	if (!name || n == 0 || n >= sizeof l.name || memchr(name, '\0', n) ||
	    m->count >= MODELS_MAX)
		return;
	memcpy(l.name, name, n);
	if (l.vram > l.size)
		l.vram = l.size;
	all = realloc(m->all, (m->count + 1) * sizeof *all);
	if (!all)
		return;
	m->all = all;
	m->all[m->count++] = l;
}

static int
has_text(const struct pc_json *list, const char *word)
{
	size_t n;

	for (size_t i = 0; i < pc_json_length(list); i++) {
		const char *s = pc_json_text(pc_json_at(list, i), &n);

		if (s && strcmp(s, word) == 0)
			return 1;
	}
	return 0;
}

/* 0: the server does not say. */
static unsigned
kinds_of(struct servers *s, const struct model_loaded *l)
{
	struct pc_buf body = {0};
	struct pc_error err;
	const struct pc_json *can, *families;
	struct pc_json *j;
	unsigned kinds = 0;

	pc_json_begin_object(&body, NULL);
	pc_json_add_text(&body, "model", l->name);
	pc_json_end_object(&body);
	j = body.failed ? NULL
			: ask(s, l->server, "/api/show", &body, NULL, &err);
	can = pc_json_get(j, "capabilities");
	families = pc_json_get(pc_json_get(j, "details"), "families");
	/* Before 0.6.4 Ollama told of families alone. */
	if (!j)
		kinds = 0;
	else if (has_text(can, "vision") || has_text(families, "clip") ||
	    has_text(families, "mllama"))
		kinds = MODEL_VISION;
	else if (has_text(can, "embedding") || has_text(families, "bert") ||
	    has_text(families, "nomic-bert"))
		kinds = MODEL_EMBEDDING;
	else
		kinds = MODEL_TEXT;
	pc_json_free(j);
	pc_buf_clear(&body);
	return kinds;
}

/* However many models there are, that takes no longer than one answer may. */
static void
find_kinds(struct servers *s, struct models *m)
{
	const int64_t most = s->call_max, end = pc_ticks() + most;

	for (size_t i = 0; i < m->count && pc_ticks() < end; i++) {
		s->call_max = end - pc_ticks();
		m->all[i].kinds = kinds_of(s, &m->all[i]);
	}
	s->call_max = most;
}

void
servers_models(struct servers *s, int kinds, struct models *m)
{
	*m = (struct models){.servers = (int)s->count};
	for (int i = 0; i < m->servers; i++) {
		struct pc_json *j = ask(s, i, "/api/ps", NULL, NULL,
		    &m->down[i]);
		const struct pc_json *list = pc_json_get(j, "models");

		if (j)
			m->down[i].text[0] = '\0';
		if (j && pc_json_type(list) != PC_JSON_ARRAY)
			pc_error_set(&m->down[i],
			    "the server at %s: invalid list of models",
			    s->urls[i]);
		for (size_t k = 0; k < pc_json_length(list); k++)
			take_model(m, i, pc_json_at(list, k));
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

/* A prompt of nothing: it is the model that is meant.  Of texts to embed none
 * need not load it, so that is a blank. */
static int
ask_nothing(struct servers *s, int server, const char *path, const char *model,
    int64_t keep, struct pc_error *err)
{
	struct pc_buf body = {0};
	struct pc_json *j;

	pc_json_begin_object(&body, NULL);
	pc_json_add_text(&body, "model", model);
	if (strcmp(path, "/api/embed") == 0)
		pc_json_add_text(&body, "input", " ");
	pc_json_add_bool(&body, "stream", 0);
	pc_json_add_int(&body, "keep_alive", keep);
	pc_json_end_object(&body);
	if (body.failed) {
		pc_error_set(err, "%s", strerror(ENOMEM));
		return -1;
	}
	j = ask(s, server, path, &body, model, err);
	pc_buf_clear(&body);
	pc_json_free(j);
	return j ? 0 : -1;
}

int
servers_unload(struct servers *s, int server, const char *model,
    struct pc_error *err)
{
	return ask_nothing(s, server, "/api/generate", model, 0, err);
}

int
servers_preload(struct servers *s, int server, const char *model, int64_t keep,
    struct pc_error *err)
{
	struct model_loaded l = {.server = server};
	const int64_t most = s->call_max;
	const char *path;
	int r;

	snprintf(l.name, sizeof l.name, "%s", model);
	path = kinds_of(s, &l) == MODEL_EMBEDDING ? "/api/embed"
						  : "/api/generate";
	s->call_max = LOADING * INT64_C(1000000);
	r = ask_nothing(s, server, path, model,
	    keep == PC_NEVER ? -1 : keep / 1000000, err);
	s->call_max = most;
	return r;
}

/* ---- the servers ---- */

struct servers *
servers_open(struct cli *c, char *const *urls, size_t count, int64_t wait)
{
	struct servers *s = calloc(1, sizeof *s);
	const char *key = getenv("PC_INFER_KEY");
	/* A call's own limit is what ends a wait. */
	struct http_options o = {.connect_max = wait,
	    .idle_max = LOADING * INT64_C(1000000),
	    .attempts = 1,
	    .at_once = 1,
	    .per_host = 1};
	struct pc_error err;

	if (!s)
		cli_die(c, "%s", strerror(errno));
	s->call_max = wait;
	if (servers_set(s, c->config, urls, count, &err) < 0)
		cli_usage(c, "%s", err.text);
	if (key && servers_set_key(s, key, strlen(key)) < 0) {
		if (errno == EINVAL)
			cli_die(c,
			    "the key in $PC_INFER_KEY contains a control character");
		cli_die(c, "%s", strerror(errno));
	}
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
