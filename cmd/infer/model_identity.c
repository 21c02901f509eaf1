/* model_identity.c - a digest for a model of a server that has none: its name
 * and the server, as another server can mean another model by that name. */
#include "model_in.h"

#include <string.h>

/* The servers that inference.same says are equal are the first of them; its
 * groups are separated by ';', their URLs by blanks. */
static const char *
first_of_group(const struct infer *in, const char *server, size_t *n)
{
	static const char blank[] = " \t\n";
	const char *p = pc_config_text(in->c->config, "inference.same");

	while (*p) {
		const char *first = p + strspn(p, blank), *end = strchr(p, ';');
		const char *one = first;

		if (!end)
			end = p + strlen(p);
		while (one < end) {
			size_t len = strcspn(one, " \t\n;");

			if (len == *n && strncmp(one, server, len) == 0) {
				*n = strcspn(first, " \t\n;");
				return first;
			}
			one += len;
			one += strspn(one, blank);
			if (*one == ';')
				break;
		}
		p = end + (*end == ';');
	}
	return server;
}

void
model_identify(struct infer *in)
{
	struct model *m = &in->backend.model;
	const char *server = m->server;
	size_t n = strcspn(server, "?#");

	if (*m->digest)
		return;
	while (n && server[n - 1] == '/')
		n--;
	server = first_of_group(in, server, &n);
	snprintf(m->digest, sizeof m->digest, "%s %.*s", m->name, (int)n,
	    server);
}
