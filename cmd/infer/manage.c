/* manage.c - list a server's models, and have it download one. */
#include "manage.h"
#include "server/error_body.h"
#include "server/line_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- --list ---- */

static const char *
text_of(const struct pc_json *j, const char *member)
{
	size_t n;
	const char *s = pc_json_text(pc_json_get(j, member), &n);

	return s ? s : "";
}

static int
is_loaded(const struct pc_json *ps, const char *name)
{
	const struct pc_json *all = pc_json_get(ps, "models");

	for (size_t i = 0; i < pc_json_length(all); i++)
		if (strcmp(text_of(pc_json_at(all, i), "name"), name) == 0)
			return 1;
	return 0;
}

static void
print_model(const struct infer *in, const struct pc_json *m, enum api api,
    const struct pc_json *ps)
{
	const char *name = text_of(m, api == API_OLLAMA ? "name" : "id");
	const char *digest = text_of(m, "digest");
	int64_t size = member_int(m, "size", 0);
	struct pc_buf b = {0};

	if (in->json || in->c->jsonl) {
		pc_json_begin_object(&b, NULL);
		pc_json_add_text(&b, "name", name);
		if (api == API_OLLAMA) {
			pc_json_add_text(&b, "digest", digest);
			pc_json_add_int(&b, "size", size);
			pc_json_add_bool(&b, "loaded", is_loaded(ps, name));
		}
		pc_json_end_object(&b);
		pc_buf_add(&b, "\n", 1);
	} else if (api == API_OLLAMA) {
		if (strncmp(digest, "sha256:", 7) == 0)
			digest += 7;
		pc_buf_addf(&b, "%-32s %.12s %8.1f MB%s\n", name, digest,
		    (double)size / 1e6, is_loaded(ps, name) ? "  loaded" : "");
	} else {
		pc_buf_addf(&b, "%s\n", name);
	}
	print_text(in, (char *)b.data, b.len);
	pc_buf_clear(&b);
}

/* One list, as JSON; NULL with err. */
static struct pc_json *
get(struct infer *in, const char *server, const char *path,
    struct pc_error *err)
{
	struct pc_buf body = {0};
	struct pc_json *j = NULL;
	struct pc_error why;
	int status = infer_call(in, server, path, &body, err);

	if (status == 200) {
		j = pc_json_parse((char *)body.data, body.len, &why);
		if (!j)
			pc_error_set(err,
			    "the server at %s sent invalid JSON: %s", server,
			    why.text);
	} else if (status > 0) {
		in->failed_later |= fault_refusal(&in->backend, server, status,
					&body, err) == VERDICT_LATER;
	}
	pc_buf_clear(&body);
	return j;
}

/* llama-server lists models under this path too, but without digests. */
static int
has_digest(const struct pc_json *list)
{
	const struct pc_json *all = pc_json_get(list, "models");

	for (size_t i = 0; i < pc_json_length(all); i++)
		if (*text_of(pc_json_at(all, i), "digest"))
			return 1;
	return pc_json_type(all) == PC_JSON_ARRAY && pc_json_length(all) == 0;
}

static int
list_server(struct infer *in, const char *server, struct pc_error *err)
{
	enum api api = in->backend.api == API_AUTO ? server_api(server)
						   : in->backend.api;
	struct pc_json *list = NULL, *ps = NULL;
	const struct pc_json *all;
	struct pc_error why;

	if (api != API_OPENAI) {
		list = get(in, server, ollama_protocol.list_path, err);
		if (!list && api == API_OLLAMA)
			return -1;
		if (list && api == API_AUTO && !has_digest(list)) {
			pc_json_free(list);
			list = NULL;
		}
	}
	if (list) {
		api = API_OLLAMA;
		ps = get(in, server, "/api/ps", &why);
	} else if (!in->failed_later) {
		api = API_OPENAI;
		list = get(in, server, openai_protocol.list_path, err);
	}
	all = pc_json_get(list, api == API_OLLAMA ? "models" : "data");
	for (size_t i = 0; i < pc_json_length(all); i++)
		print_model(in, pc_json_at(all, i), api, ps);
	pc_json_free(ps);
	pc_json_free(list);
	return list ? 0 : -1;
}

int
manage_list(struct infer *in)
{
	struct pc_error err;

	for (size_t i = 0; i < in->backend.servers.count; i++) {
		in->failed_later = 0;
		if (list_server(in, in->backend.servers.urls[i], &err) == 0)
			return PC_EXIT_OK;
		cli_warn(in->c, "%s", err.text);
	}
	return in->failed_later ? PC_EXIT_LATER : PC_EXIT_FAIL;
}

/* ---- --pull ---- */

struct pull {
	struct infer *in;
	struct line_stream stream;
	struct pc_buf refusal;
	int status, over, success, later;
	char last[128];
	struct pc_error error;
};

static void
pull_piece(void *ctx, const char *line, size_t n)
{
	struct pull *p = ctx;
	struct pc_error err;
	struct pc_json *j = pc_json_parse(line, n, &err);
	int64_t total = member_int(j, "total", 0);
	struct error_body e;

	if (pc_json_get(j, "error")) {
		error_body_parse(&e, line, n);
		pc_error_set(&p->error, "%s", e.text);
	}
	p->success |= strcmp(text_of(j, "status"), "success") == 0;
	if (total > 0)
		cli_progress(p->in->c,
		    (uint64_t)(member_int(j, "completed", 0) >> 20),
		    (uint64_t)(total >> 20));
	if (p->in->c->verbose && strcmp(p->last, text_of(j, "status")) != 0) {
		snprintf(p->last, sizeof p->last, "%s", text_of(j, "status"));
		cli_warn(p->in->c, "%s", p->last);
	}
	pc_json_free(j);
}

static int
pull_head(void *ctx, const struct http_head *h)
{
	((struct pull *)ctx)->status = h->status;
	return 0;
}

static int
pull_data(void *ctx, const void *bytes, size_t n)
{
	struct pull *p = ctx;

	if (p->status != 200)
		return p->refusal.len + n > 65536
		    ? 0
		    : pc_buf_add(&p->refusal, bytes, n);
	return line_stream_feed(&p->stream, bytes, n, pull_piece, p);
}

static void
pull_end(void *ctx, const struct http_end *e)
{
	struct pull *p = ctx;

	p->over = 1;
	if (e->fault != HTTP_OK) {
		p->later = fault_http(&p->in->backend,
			       p->in->backend.servers.urls[0], e,
			       &p->error) == VERDICT_LATER;
	} else if (p->status == 404) {
		pc_error_set(&p->error,
		    "the server at %s is not an Ollama server and cannot download models",
		    p->in->backend.servers.urls[0]);
	} else if (p->status != 200) {
		p->later = fault_refusal(&p->in->backend,
			       p->in->backend.servers.urls[0], p->status,
			       &p->refusal, &p->error) == VERDICT_LATER;
	} else {
		line_stream_end(&p->stream, pull_piece, p);
	}
}

/* The first server downloads: it is also the first to be asked. */
int
manage_pull(struct infer *in, const char *model)
{
	static const struct http_sinks sinks = {pull_head, pull_data, NULL,
	    pull_end};
	struct pull p = {.in = in};
	struct pc_buf url = {0}, body = {0};
	struct http_request r = {.method = "POST",
	    .first_max = 900 * INT64_C(1000000)};

	snprintf(in->backend.model.name, sizeof in->backend.model.name, "%s",
	    model);
	pc_json_begin_object(&body, NULL);
	pc_json_add_text(&body, "model", model);
	pc_json_add_bool(&body, "stream", 1);
	pc_json_end_object(&body);
	pc_buf_add(&body, "\n", 1);
	r.body = body.data;
	r.body_len = body.len;
	server_request(&in->backend.servers, &r, in->backend.servers.urls[0],
	    "/api/pull", &url);
	if (body.failed || url.failed ||
	    !http_send(infer_http(in), &r, &sinks, &p))
		cli_die(in->c, "cannot ask '%s': %s",
		    in->backend.servers.urls[0], strerror(errno));
	while (!p.over)
		http_run(in->backend.servers.http, -1, -1, NULL);
	if (!p.success && !p.error.text[0]) {
		p.later = 1;
		pc_error_set(&p.error, "the download of '%s' is incomplete",
		    model);
	}
	if (p.error.text[0])
		cli_warn(in->c, "%s", p.error.text);
	else if (!in->c->quiet)
		cli_warn(in->c, "'%s' is there", model);
	line_stream_clear(&p.stream);
	pc_buf_clear(&p.refusal);
	pc_buf_clear(&url);
	pc_buf_clear(&body);
	if (!p.error.text[0])
		return PC_EXIT_OK;
	return p.later ? PC_EXIT_LATER : PC_EXIT_FAIL;
}
