/* remedy.c - what to do when a model server does not answer. */
#include "backend.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int
is_local(const char *server)
{
	return strstr(server, "//127.") || strstr(server, "//localhost") ||
	    strstr(server, "//[::1]");
}

static int
is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

/* The variable that names a proxy for it, as libcurl looks; NULL: none does. */
static const char *
proxy_variable(const char *server)
{
	static const char *const names[] = {"https_proxy", "HTTPS_PROXY",
	    "http_proxy", "all_proxy", "ALL_PROXY"};
	const int tls = strncasecmp(server, "https:", 6) == 0;

	for (int i = tls ? 0 : 2; i < 5; i++)
		if (is_set(names[i]) && !(tls && i == 2))
			return names[i];
	return NULL;
}

/* Whether no_proxy has the server is for libcurl to know. */
static const char *
proxy_remedy(const char *variable, char text[128])
{
	snprintf(text, 128,
	    is_set("no_proxy") || is_set("NO_PROXY")
		? "; check the server, and the proxy of $%s unless no_proxy lists the server"
		: "; check the proxy of $%s; no_proxy=HOST bypasses it",
	    variable);
	return text;
}

/* A server that could not be reached. */
static const char *
connect_remedy(const struct backend *b, const char *server, char text[128])
{
	const char *proxy = proxy_variable(server);

	if (proxy)
		return proxy_remedy(proxy, text);
	if (b->api != API_OPENAI && is_local(server))
		return "; start one with 'ollama serve', or give another with --url";
	return "; check that it is running, and check --url";
}

const char *
longer_context(const struct backend *b)
{
	if (b->model.api != API_OPENAI)
		return "-p num_ctx=N allows a longer one";
	return is_local(b->model.server)
	    ? "start the server with a longer context (llama-server -c N), or shorten the text"
	    : "shorten the text, or choose a model with a longer context with -m";
}

void
add_context_remedy(const struct backend *b, struct pc_error *err)
{
	const struct pc_error why = *err;

	if (b->model.api != API_OPENAI)
		pc_error_set(err,
		    "%s; raise the limit with -p num_ctx=N, shorten the text, or use --allow-cut",
		    why.text);
	else
		pc_error_set(err, "%s; %s", why.text, longer_context(b));
}

static const char *
remedy(const struct backend *b, const char *server, enum server_fault_kind kind,
    char text[128])
{
	switch (kind) {
	case FAULT_CONNECT:
		return connect_remedy(b, server, text);
	case FAULT_TIMEOUT:
		return b->servers.idle_max
		    ? ""
		    : "; networking.timeout_read sets the limit";
	case FAULT_TLS:
		return "; SSL_CERT_FILE names certificates to trust";
	case FAULT_KEY:
		return "; set $PC_INFER_KEY or use --key-file";
	case FAULT_SIGNIN:
		return "; run 'ollama signin' there";
	case FAULT_NO_IMAGES:
		return "; choose another model with -m";
	case FAULT_MOVED:
		return "; give the new address with --url";
	default:
		return "";
	}
}

static enum verdict
verdict_of(const struct server_fault *f)
{
	if (f->kind == FAULT_NO_MODEL)
		return VERDICT_NO_MODEL;
	if (f->kind == FAULT_TOO_LONG)
		return VERDICT_TOO_LONG;
	return f->later ? VERDICT_LATER : VERDICT_BAD;
}

enum verdict
fault_explain(const struct backend *b, const char *server,
    const struct server_fault *f, struct pc_error *err)
{
	const char *name = b->model.name;
	char text[128];

	*err = f->error;
	if (f->kind == FAULT_NO_MODEL)
		pc_error_set(err,
		    "%s; 'ollama pull %s' or 'pc-infer --pull %s' fetches it",
		    f->error.text, name, name);
	else if (f->kind == FAULT_TOO_LONG)
		add_context_remedy(b, err);
	else
		pc_error_set(err, "%s%s", f->error.text,
		    remedy(b, server, f->kind, text));
	return verdict_of(f);
}

enum verdict
fault_http(const struct backend *b, const char *server,
    const struct http_end *e, struct pc_error *err)
{
	struct server_fault f;

	server_fault_http(&f, server, e);
	return fault_explain(b, server, &f, err);
}

enum verdict
fault_refusal(const struct backend *b, const char *server, int status,
    const struct pc_buf *body, struct pc_error *err)
{
	const struct server_refusal r = {.server = server,
	    .model = b->model.name,
	    .api = b->model.api,
	    .status = status,
	    .body = body->data,
	    .len = body->len};
	struct server_fault f;

	server_fault_refusal(&f, &b->servers, &r);
	return fault_explain(b, server, &f, err);
}
