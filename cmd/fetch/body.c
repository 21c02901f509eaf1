/* body.c - the body of a result, from the store or from the server, and its
 * headers. */
#include "fetch.h"

#include <unistd.h>

static int
is_kept(const struct fetch_result *r)
{
	return r->found && r->how != HOW_FETCHED;
}

uint64_t
result_size(const struct fetch_result *r)
{
	if (is_kept(r))
		return r->entry.hit.record.size;
	return r->body ? pc_spool_size(r->body) : 0;
}

void
result_id(const struct fetch_result *r, struct pc_id *id)
{
	if (is_kept(r))
		*id = r->entry.hit.record.output;
	else if (r->body)
		pc_spool_id(r->body, id);
	else
		pc_sha256("", 0, id);
}

const unsigned char *
result_bytes(const struct fetch_result *r)
{
	return is_kept(r) ? r->entry.hit.value : NULL;
}

int
result_send(const struct fetch_result *r, int out)
{
	if (is_kept(r)) {
		/* Another item with the same URL may have read it. */
		if (r->entry.hit.fd > 0 &&
		    lseek(r->entry.hit.fd, 0, SEEK_SET) < 0)
			return -1;
		return pc_hit_send(&r->entry.hit, out);
	}
	return r->body ? pc_spool_send(r->body, out) : 0;
}

const char *
result_about(const struct fetch_result *r, const char *name, size_t *n)
{
	return r->about.len > 0 ? http_header((char *)r->about.data, name, n)
				: NULL;
}
