/* url.c - URLs as libcurl reads them. */
#include "url.h"

#include "pc.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

char *
url_resolve(const char *base, const char *url, const char **why)
{
	CURLU *u = curl_url();
	char *text = NULL, *part = NULL, *copy = NULL;
	int good;

	*why = "out of memory";
	if (!u)
		return NULL;
	*why = "not a URL";
	good = (!base || curl_url_set(u, CURLUPART_URL, base, 0) == 0) &&
	    curl_url_set(u, CURLUPART_URL, url,
		CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) == 0 &&
	    curl_url_get(u, CURLUPART_SCHEME, &part, 0) == 0;
	if (good && strcasecmp(part, "http") != 0 &&
	    strcasecmp(part, "https") != 0) {
		*why = "only http and https are supported";
		good = 0;
	}
	curl_free(part);
	part = NULL;
	if (good &&
	    (curl_url_get(u, CURLUPART_USER, &part, 0) == 0 ||
		curl_url_get(u, CURLUPART_PASSWORD, &part, 0) == 0)) {
		*why =
		    "it contains a user name or password; send a header instead";
		good = 0;
	}
	curl_free(part);
	if (good && curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) == 0 &&
	    curl_url_get(u, CURLUPART_URL, &text, 0) == 0)
		copy = strdup(text);
	curl_free(text);
	curl_url_cleanup(u);
	return copy;
}

char *
url_origin(const char *url)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL;
	struct pc_buf b = {0};

	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == 0 &&
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == 0 &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == 0 &&
	    curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == 0) {
		for (char *p = host; *p; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p += 'a' - 'A';
		pc_buf_addf(&b, "%s://%s:%s", scheme, host, port);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
	return (char *)b.data;
}
