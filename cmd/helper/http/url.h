/* url.h - URLs as libcurl reads them. */
#ifndef HELPER_URL_H
#define HELPER_URL_H

/* Normalise a URL of http or https, without its fragment; it is relative to
 * base, which may be NULL.  Owned by the caller; NULL with the reason. */
char *url_resolve(const char *base, const char *url, const char **why);
/* Its scheme, host and port, owned by the caller. */
char *url_origin(const char *url);

#endif
