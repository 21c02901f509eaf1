/* url.c - URLs in the form that keys use (RFC 3986, 6.2). */
#include "fetch.h"

#include "http/http_protocol.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int
is_host(const char *p, size_t n)
{
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)p[i]) &&
		    !strchr("-._~[]:%", p[i]) && (unsigned char)p[i] < 0x80)
			return 0;
	return 1;
}

/* Cut the port off host; "" if it is the scheme's default.  NULL: it is
 * invalid. */
static const char *
cut_port(const char *host, size_t *n, int https)
{
	const char *end = host + *n, *colon = end;

	while (colon > host && isdigit((unsigned char)colon[-1]))
		colon--;
	if (colon == host || colon[-1] != ':')
		return memchr(host, ':', *n) && *host != '[' ? NULL : "";
	*n = (size_t)(colon - 1 - host);
	if (end - colon > 5 || atoi(colon) > 65535 ||
	    (*host != '[' && memchr(host, ':', *n)))
		return NULL;
	return colon == end || atoi(colon) == (https ? 443 : 80) ? "" : colon;
}

char *
url_normal(const char *s, struct pc_error *why)
{
	const int https = strncasecmp(s, "https://", 8) == 0;
	const char *host, *port;
	struct pc_buf b = {0};
	size_t n;

	if (!https && strncasecmp(s, "http://", 7) != 0) {
		pc_error_set(why,
		    strstr(s, "://")
			? "only http and https are fetched"
			: "not a URL: it must begin with http:// or https://");
		return NULL;
	}
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f) {
			pc_error_set(why,
			    "a URL has no blanks in it: write "
			    "%%20");
			return NULL;
		}
	host = s + (https ? 8 : 7);
	n = strcspn(host, "/?#");
	if (memchr(host, '@', n)) {
		pc_error_set(why,
		    "a user or password in a URL is seen by "
		    "all: put a line 'Authorization: ...' into "
		    "a file and give that by --header-file");
		return NULL;
	}
	s = host + n;
	port = cut_port(host, &n, https);
	if (!port || !is_host(host, n)) {
		pc_error_set(why, "bad host or port in the URL");
		return NULL;
	}
	pc_buf_addf(&b, "%s://", https ? "https" : "http");
	for (size_t i = 0; i < n; i++)
		pc_buf_addf(&b, "%c", tolower((unsigned char)host[i]));
	if (*port)
		pc_buf_addf(&b, ":%d", atoi(port));
	if (*s != '/')
		pc_buf_addf(&b, "/");
	for (; *s && *s != '#'; s++)
		pc_buf_addf(&b, (unsigned char)*s < 0x80 ? "%c" : "%%%02X",
		    (unsigned char)*s);
	if (b.failed || b.len >= HTTP_URL_MAX) {
		pc_error_set(why, "the URL is too long");
		pc_buf_clear(&b);
		return NULL;
	}
	return (char *)b.data;
}

void
url_parts(const char *url, const char **host, size_t *n_host, const char **base,
    size_t *n_base)
{
	const char *path, *end;

	*host = strstr(url, "://") + 3;
	*n_host = strcspn(*host, "/:");
	path = *host + strcspn(*host, "/");
	end = path + strcspn(path, "?");
	*base = end;
	while (*base > path && (*base)[-1] != '/')
		(*base)--;
	*n_base = (size_t)(end - *base);
}
