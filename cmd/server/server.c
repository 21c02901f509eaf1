/* server.c - the servers that may be asked, and what they say to one. */
#include "infer/infer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	CALL_MAX = 16 * 1024 * 1024, /* bytes of a list */
	TOTAL_MAX = 86400, /* s: a slow machine may need hours for an answer, or
			    * for a model that is pulled */
};

/* ---- their addresses ---- */

/* "host", "host:port", ":port" or a whole URL; the forms of $OLLAMA_HOST. */
static char *
make_url(const char *text, struct pc_error *err)
{
	const char *host = strstr(text, "://");
	struct pc_buf b = {0};
	size_t scheme = host ? (size_t)(host - text) : 0;

	if (host &&
	    (scheme > 5 ||
		(strncasecmp(text, "http", 4) != 0 ||
		    (scheme == 5 && text[4] != 's' && text[4] != 'S')))) {
		pc_error_set(err,
		    "bad URL '%.200s': only http and https are "
		    "spoken",
		    text);
		return NULL;
	}
	host = host ? host + 3 : text;
	if (strcspn(host, "@") < strcspn(host, "/")) {
		pc_error_set(err,
		    "the URL of '%.80s' holds a password: put a "
		    "key into $PC_INFER_KEY or --key-file",
		    strchr(host, '@') + 1);
		return NULL;
	}
	if (host == text)
		pc_buf_addf(&b, "http://");
	else
		pc_buf_add(&b, text, (size_t)(host - text));
	/* An IPv6 address without its brackets has no port. */
	if (!scheme && *host != '[' && !strchr(host, '/') &&
	    strchr(host, ':') != strrchr(host, ':')) {
		pc_buf_addf(&b, "[%s]:11434", host);
		goto end;
	}
	if (*host == ':' || *host == '\0')
		pc_buf_addf(&b, "127.0.0.1");
	/* It is what a server listens on, not what one connects to. */
	if (strncmp(host, "0.0.0.0", 7) == 0) {
		pc_buf_addf(&b, "127.0.0.1");
		host += 7;
	}
	pc_buf_add(&b, host, strlen(host));
	while (b.len && b.data[b.len - 1] == '/')
		b.len--;
	if (!scheme && !strchr(host, '/') &&
	    (!strrchr(host, ':') || host[strlen(host) - 1] == ']'))
		pc_buf_addf(&b, ":11434");
end:
	pc_buf_add(&b, "", 1);
	if (b.failed) {
		pc_buf_clear(&b);
		pc_error_set(err, "%s", strerror(ENOMEM));
	}
	return (char *)b.data;
}

static int
add_url(struct infer *in, const char *text, size_t n, struct pc_error *err)
{
	char *copy;

	if (in->url_count == URLS_MAX) {
		pc_error_set(err, "more than %d URLs", URLS_MAX);
		return -1;
	}
	copy = strndup(text, n);
	if (!copy) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	in->urls[in->url_count] = make_url(copy, err);
	free(copy);
	return in->urls[in->url_count] ? (int)in->url_count++ : -1;
}

/* Words apart by blanks. */
static int
add_urls(struct infer *in, const char *text, struct pc_error *err)
{
	static const char blank[] = " \t\n";

	for (text += strspn(text, blank); *text; text += strspn(text, blank)) {
		size_t n = strcspn(text, blank);

		if (add_url(in, text, n, err) < 0)
			return -1;
		text += n;
	}
	return 0;
}

int
servers_set(struct infer *in, char *const *given, size_t count,
    struct pc_error *err)
{
	const char *host = getenv("OLLAMA_HOST");

	for (size_t i = 0; i < count; i++)
		if (add_urls(in, given[i], err) < 0)
			return -1;
	if (!in->url_count &&
	    add_urls(in, pc_config_text(in->c->config, "inference.url"), err) <
		0)
		return -1;
	if (!in->url_count && host && add_urls(in, host, err) < 0)
		return -1;
	if (!in->url_count && add_url(in, "", 0, err) < 0)
		return -1;
	return 0;
}

void
servers_set_key(struct infer *in, const char *key, size_t n, const char *from)
{
	struct pc_buf b = {0};

	while (n > 0 && (key[n - 1] == '\n' || key[n - 1] == '\r'))
		n--;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)key[i] < ' ' || key[i] == 0x7f)
			cli_die(in->c, "the key of %s has a control character",
			    from);
	if (n == 0)
		return;
	pc_buf_addf(&b, "Authorization: Bearer %.*s\n", (int)n, key);
	pc_buf_add(&b, "", 1);
	if (b.failed)
		cli_die(in->c, "%s", strerror(ENOMEM));
	in->secrets = (char *)b.data;
}

/* ---- asking ---- */

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
	if (!in->http)
		in->http = http_open(&o);
	if (!in->http)
		cli_die(in->c, "%s", strerror(ENOMEM));
	return in->http;
}

void
server_request(struct infer *in, struct http_request *r, const char *server,
    const char *path, struct pc_buf *url)
{
	size_t n = strlen(server);

	/* Both http://host:8080 and http://host:8080/v1 are meant. */
	if (n > 3 && strcmp(server + n - 3, "/v1") == 0)
		n -= 3;
	url->len = 0;
	pc_buf_add(url, server, n);
	pc_buf_add(url, path, strlen(path) + 1);
	r->url = (char *)url->data;
	r->secrets = in->secrets;
	if (in->secrets)
		r->flags |= HTTP_SECRET;
	if (r->body)
		r->headers = "Content-Type: application/json\n";
}

struct call {
	struct pc_buf *answer;
	int status, over;
	enum http_fault fault;
	struct http_end end;
	char text[256];
};

static int
call_head(void *ctx, const struct http_head *h)
{
	((struct call *)ctx)->status = h->status;
	return 0;
}

static int
call_data(void *ctx, const void *p, size_t n)
{
	return pc_buf_add(((struct call *)ctx)->answer, p, n);
}

static void
call_again(void *ctx)
{
	((struct call *)ctx)->answer->len = 0;
}

static void
call_end(void *ctx, const struct http_end *e)
{
	struct call *c = ctx;

	c->over = 1;
	c->end = *e;
	snprintf(c->text, sizeof c->text, "%s", e->text ? e->text : "");
	c->end.text = c->text;
}

static const struct http_sinks call_sinks = {call_head, call_data, call_again,
    call_end};

int
server_call(struct infer *in, const char *server, const char *method,
    const char *path, const struct pc_buf *body, struct pc_buf *answer,
    struct pc_error *err)
{
	struct http_request r = {.method = method,
	    .body = body ? body->data : NULL,
	    .body_len = body ? body->len : 0,
	    .flags = HTTP_RESTART,
	    .size_max = CALL_MAX,
	    .idle_max = in->patience};
	struct call c = {.answer = answer};
	struct pc_buf url = {0};
	uint64_t number;

	answer->len = 0;
	server_request(in, &r, server, path, &url);
	number = url.failed ? 0
			    : http_send(infer_http(in), &r, &call_sinks, &c);
	pc_buf_clear(&url);
	if (!number) {
		pc_error_set(err, "cannot ask '%s': %s", server,
		    strerror(errno));
		return -1;
	}
	while (!c.over && !(in->stop && *in->stop))
		http_run(in->http, -1, -1, in->stop);
	if (!c.over) {
		http_cancel(in->http, number);
		pc_error_set(err, "interrupted");
		return -1;
	}
	if (c.end.fault == HTTP_OK)
		return c.status;
	in->failed_later |= server_absent(in, server, &c.end, err) ==
	    ANSWER_LATER;
	return -1;
}

/* ---- what went wrong, and what to do ---- */

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
		? "; is it up, or, unless no_proxy has it, the proxy of $%s?"
		: "; is the proxy of $%s up?  no_proxy=HOST asks without it",
	    variable);
	return text;
}

enum verdict
server_absent(const struct infer *in, const char *server,
    const struct http_end *e, struct pc_error *err)
{
	const char *remedy = "", *proxy = proxy_variable(server);
	enum verdict v = ANSWER_LATER;
	char text[128];

	switch (e->fault) {
	case HTTP_FAULT_CONNECT:
	case HTTP_FAULT_NAME:
		remedy = proxy ? proxy_remedy(proxy, text)
		    : in->api != API_OPENAI && is_local(server)
		    ? "; start one with 'ollama serve', or name another with "
		      "--url"
		    : "; is it up, and is --url right?";
		break;
	case HTTP_FAULT_TIMEOUT:
		remedy = in->patience
		    ? ""
		    : "; networking.timeout_read says how long to wait";
		break;
	case HTTP_FAULT_TLS:
		v = ANSWER_BAD;
		remedy = "; SSL_CERT_FILE names certificates to trust";
		break;
	case HTTP_FAULT_URL:
	case HTTP_FAULT_SIZE:
	case HTTP_FAULT_PROTOCOL:
	case HTTP_FAULT_REDIRECT:
		v = ANSWER_BAD;
		break;
	default:
		break;
	}
	pc_error_set(err, "the server at %s: %s%s", server,
	    e->text && *e->text ? e->text : "no answer", remedy);
	return v;
}

enum verdict
server_refusal(const struct infer *in, const char *server, int status,
    const void *body, size_t n, struct pc_error *err)
{
	const char *name = in->model.name;
	char text[256], kind[64];

	wire_error(body, n, text, kind);
	if (status == 404 && in->model.api == API_OLLAMA) {
		pc_error_set(err,
		    "the server at %s has no model '%s' (%s); "
		    "'ollama pull %s' or 'pc-infer --pull %s' "
		    "fetches it",
		    server, name, text, name, name);
		return ANSWER_NO_MODEL;
	}
	if (status == 401 || status == 403) {
		pc_error_set(err,
		    "the server at %s wants a%s key: %s; put it "
		    "into $PC_INFER_KEY, or into a file for "
		    "--key-file",
		    server, in->secrets ? "nother" : "", text);
		return ANSWER_BAD;
	}
	/* Its words differ; both languages have these. */
	if (status == 400 &&
	    (strstr(text, "context length") || strstr(text, "context size") ||
		strstr(kind, "context"))) {
		pc_error_set(err,
		    "the prompt is too long for the model's "
		    "context: %s; give it more with -p "
		    "num_ctx=N or less text, or have it cut "
		    "with --allow-cut",
		    text);
		return ANSWER_TOO_LONG;
	}
	/* Both answer 500, which else says that later it may go well. */
	if (strstr(text, "image input")) {
		pc_error_set(err,
		    "model '%s' takes no images: %s; name one "
		    "that does with -m",
		    name, text);
		return ANSWER_BAD;
	}
	/* A key must not follow to wherever that is. */
	if (status / 100 == 3) {
		pc_error_set(err,
		    "the server at %s answers %d: it is "
		    "elsewhere; name it there with --url",
		    server, status);
		return ANSWER_BAD;
	}
	pc_error_set(err, "the server at %s answers %d: %s", server, status,
	    text);
	return status >= 500 || status == 429 || status == 408 || status == 409
	    ? ANSWER_LATER
	    : ANSWER_BAD;
}
