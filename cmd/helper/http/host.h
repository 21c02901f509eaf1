/* host.h - the hosts that are asked, each as often as it has requests. */
#ifndef HOST_H
#define HOST_H

struct host {
	struct host *next;
	char *origin;    /* scheme, host and port */
	unsigned users;  /* requests */
	unsigned active; /* of them asked now */
};

/* The URL's, which it shares with all of the same origin.  NULL: out of
 * memory. */
struct host *host_of(struct host **hosts, const char *url);
void host_leave(struct host **hosts, struct host *);

#endif
