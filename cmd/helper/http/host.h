/* host.h - the hosts that requests go to, with the number of requests to
 * each. */
#ifndef HOST_H
#define HOST_H

struct http_host {
	struct http_host *next;
	char *origin;    /* scheme, host and port */
	unsigned users;  /* requests */
	unsigned active; /* requests in progress */
};

/* Get the host of the URL, shared by all of the same origin.  NULL: ENOMEM. */
struct http_host *host_of(struct http_host **hosts, const char *url);
void host_leave(struct http_host **hosts, struct http_host *);

#endif
