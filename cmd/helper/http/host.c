/* host.c - the hosts that requests go to. */
#include "host.h"
#include "url.h"

#include <stdlib.h>
#include <string.h>

struct http_host *
host_of(struct http_host **hosts, const char *url)
{
	char *origin = url_origin(url);
	struct http_host *h = *hosts;

	while (origin && h && strcmp(h->origin, origin) != 0)
		h = h->next;
	if (origin && !h && (h = calloc(1, sizeof *h))) {
		h->origin = origin;
		h->next = *hosts;
		*hosts = h;
		origin = NULL;
	} else if (!origin) {
		h = NULL;
	}
	free(origin);
	if (h)
		h->users++;
	return h;
}

void
host_leave(struct http_host **hosts, struct http_host *h)
{
	if (!h || --h->users > 0)
		return;
	while (*hosts != h)
		hosts = &(*hosts)->next;
	*hosts = h->next;
	free(h->origin);
	free(h);
}
