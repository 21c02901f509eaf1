/* error.c - the message for an errno of the store. */
#include "disk/disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
pc_store_error(struct pc_store *s, int error)
{
	char *text;

	if (error == EBUSY)
		return "other processes keep changing it; try again";
	if (s && error == EPERM && pc_store_refusal(s))
		return pc_store_refusal(s);
	/* Only storing a value sets these two. */
	if (error == EMSGSIZE)
		return "it is larger than caching.max_bytes allows";
	if (error == ENOBUFS)
		return "there is no room for it below caching.max_bytes, and "
		       "nothing more can be evicted";
	if (!s || error != EAGAIN)
		return strerror(error);
	if (asprintf(&text,
		"another process has locked store '%s' for more "
		"than %lld s; try again ('fuser -v %s/state' "
		"lists its users)",
		s->path, (long long)(s->timed_out / 1000000), s->path) < 0)
		return "another process has locked the store; try again";
	free(s->error);
	s->error = text;
	return text;
}
