/* servers.c - the addresses of model servers, and the API key. */
#include "servers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

	for (size_t i = 0; i < count; i++)
		if (add_urls(s, given[i], err) < 0)
			return -1;
	if (!s->count &&
	    add_urls(s, pc_config_text(config, "inference.url"), err) < 0)
		return -1;
	if (!s->count && host && add_urls(s, host, err) < 0)
		return -1;
	if (!s->count && add_url(s, "", 0, err) < 0)
		return -1;
	return 0;
}

int
servers_set_key(struct servers *s, const char *key, size_t n)
{
	struct pc_buf b = {0};

	while (n > 0 && (key[n - 1] == '\n' || key[n - 1] == '\r'))
		n--;
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
	s->secrets = (char *)b.data;
	return 0;
}

void
servers_clear(struct servers *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->urls[i]);
	free(s->secrets);
	s->count = 0;
	s->secrets = NULL;
}

enum api
server_api(const char *server)
{
	const size_t n = strlen(server);

	return n > 3 && strcmp(server + n - 3, "/v1") == 0 ? API_OPENAI
							   : API_AUTO;
}
