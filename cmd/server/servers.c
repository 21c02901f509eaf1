/* servers.c - the addresses of model servers, and the API key. */
#include "servers.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Is the last part of n bytes of a URL a version, such as v1 or v1beta? */
static int
ends_in_version(const char *url, size_t n)
{
	const char *p = memrchr(url, '/', n), *end = url + n;

	if (!p || end - p < 3 || p[1] != 'v' || !isdigit((unsigned char)p[2]))
		return 0;
	for (p += 3; p < end && isalnum((unsigned char)*p); p++)
		;
	return p == end;
}

/* Is it a base to which the names of OpenAI's calls are added? */
static int
is_base(const char *url, size_t n)
{
	static const char openai[] = "/openai";
	const size_t tail = sizeof openai - 1;

	if (n > 0 && url[n - 1] == '/')
		return 1;
	/* Gemini's base is /v1beta/openai; but Groq's /openai is not one. */
	if (n > tail && memcmp(url + n - tail, openai, tail) == 0)
		n -= tail;
	return ends_in_version(url, n);
}

/* Cut the name of a call off the end of a URL, such as /chat/completions; what
 * is left gets a '/' if server_api() would not know it as OpenAI's base. */
static void
cut_call(struct pc_buf *b)
{
	static const struct {
		const char *name;
		int openai;
	} calls[] = {{"/chat/completions", 1}, {"/completions", 1},
	    {"/embeddings", 1}, {"/models", 1}, {"/api/chat", 0},
	    {"/api/generate", 0}, {"/api/embed", 0}, {"/api/tags", 0}};

	while (b->len && b->data[b->len - 1] == '/')
		b->len--;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		const size_t n = strlen(calls[i].name);

		if (b->len <= n ||
		    memcmp(b->data + b->len - n, calls[i].name, n) != 0)
			continue;
		b->len -= n;
		if (calls[i].openai && !is_base((char *)b->data, b->len))
			pc_buf_add(b, "/", 1);
		return;
	}
}

/* "host", "host:port", ":port" or a whole URL; the forms of $OLLAMA_HOST. */
static char *
make_url(const char *text, struct pc_error *err)
{
	const char *host = strstr(text, "://");
	struct pc_buf b = {0};
	size_t query, scheme = host ? (size_t)(host - text) : 0;

	if (host &&
	    (scheme > 5 ||
		(strncasecmp(text, "http", 4) != 0 ||
		    (scheme == 5 && text[4] != 's' && text[4] != 'S')))) {
		pc_error_set(err,
		    "bad URL '%.200s': only http and https are supported",
		    text);
		return NULL;
	}
	host = host ? host + 3 : text;
	if (strcspn(host, "@") < strcspn(host, "/")) {
		pc_error_set(err,
		    "the URL of '%.80s' contains a password: use $PC_INFER_KEY or --key-file instead",
		    strchr(host, '@') + 1);
		return NULL;
	}
	if (host == text)
		pc_buf_addf(&b, "http://");
	else
		pc_buf_add(&b, text, (size_t)(host - text));
	/* An IPv6 address without brackets cannot have a port. */
	if (!scheme && *host != '[' && !strchr(host, '/') &&
	    strchr(host, ':') != strrchr(host, ':')) {
		pc_buf_addf(&b, "[%s]:11434", host);
		goto end;
	}
	if (*host == ':' || *host == '\0')
		pc_buf_addf(&b, "127.0.0.1");
	/* A server can listen on 0.0.0.0, but a client cannot connect to it. */
	if (strncmp(host, "0.0.0.0", 7) == 0) {
		pc_buf_addf(&b, "127.0.0.1");
		host += 7;
	}
	query = strcspn(host, "?#");
	pc_buf_add(&b, host, query);
	cut_call(&b);
	pc_buf_add(&b, host + query, strcspn(host + query, "#"));
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
add_url(struct servers *s, const char *text, size_t n, struct pc_error *err)
{
	char *copy;

	if (s->count == SERVERS_MAX) {
		pc_error_set(err, "more than %d URLs", SERVERS_MAX);
		return -1;
	}
	copy = strndup(text, n);
	if (!copy) {
		pc_error_set(err, "%s", strerror(errno));
		return -1;
	}
	s->urls[s->count] = make_url(copy, err);
	free(copy);
	return s->urls[s->count] ? (int)s->count++ : -1;
}

/* Add URLs that are separated by blanks. */
static int
add_urls(struct servers *s, const char *text, struct pc_error *err)
{
	static const char blank[] = " \t\n";

	for (text += strspn(text, blank); *text; text += strspn(text, blank)) {
		size_t n = strcspn(text, blank);

		if (add_url(s, text, n, err) < 0)
			return -1;
		text += n;
	}
	return 0;
}

int
servers_set(struct servers *s, const struct pc_config *config,
    char *const *given, size_t count, struct pc_error *err)
{
	const char *host = getenv("OLLAMA_HOST");
	const char *base = getenv("OPENAI_BASE_URL");

	for (size_t i = 0; i < count; i++)
		if (add_urls(s, given[i], err) < 0)
			return -1;
	if (!s->count &&
	    add_urls(s, pc_config_text(config, "inference.url"), err) < 0)
		return -1;
	if (!s->count && host && add_urls(s, host, err) < 0)
		return -1;
	if (!s->count && base && add_urls(s, base, err) < 0)
		return -1;
	if (!s->count && add_url(s, "", 0, err) < 0)
		return -1;
	return 0;
}

int
servers_set_key(struct servers *s, size_t at, const char *key, size_t n)
{
	struct pc_buf b = {0};

	while (n > 0 && (key[n - 1] == '\n' || key[n - 1] == '\r'))
		n--;
	if (at >= s->count) {
		errno = EINVAL;
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)key[i] < ' ' || key[i] == 0x7f) {
			errno = EINVAL;
			return -1;
		}
	if (n == 0)
		return 0;
	pc_buf_addf(&b, "Authorization: Bearer %.*s\n", (int)n, key);
	pc_buf_add(&b, "", 1);
	if (b.failed) {
		pc_buf_clear(&b);
		errno = ENOMEM;
		return -1;
	}
	free(s->secrets[at]);
	s->secrets[at] = (char *)b.data;
	return 0;
}

/* The length of the scheme, host and port of a URL. */
static size_t
origin(const char *url)
{
	const char *host = strstr(url, "://");

	return host ? (size_t)(host + 3 - url) + strcspn(host + 3, "/?#") : 0;
}

int
servers_use_openai_key(struct servers *s)
{
	const char *key = getenv("OPENAI_API_KEY");
	const char *home = getenv("OPENAI_BASE_URL");
	size_t n;

	if (!key || !*key)
		return 0;
	if (!home || !*home)
		home = "https://api.openai.com";
	n = origin(home);
	for (size_t i = 0; i < s->count; i++)
		if (n && !s->secrets[i] && origin(s->urls[i]) == n &&
		    strncasecmp(s->urls[i], home, n) == 0 &&
		    servers_set_key(s, i, key, strlen(key)) < 0)
			return -1;
	return 0;
}

const char *
servers_secrets(const struct servers *s, const char *server)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->urls[i], server) == 0)
			return s->secrets[i];
	return NULL;
}

void
servers_clear(struct servers *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->urls[i]);
		free(s->secrets[i]);
		s->secrets[i] = NULL;
	}
	s->count = 0;
}

enum api
server_api(const char *server)
{
	return is_base(server, strcspn(server, "?")) ? API_OPENAI : API_AUTO;
}
