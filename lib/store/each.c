/* each.c - visit every record of every log. */
#include "each.h"

#include "shard/scan.h"
#include "shard/shard.h"

#include <sys/stat.h>

/* Open the shard's log, and get its size. */
static int
snapshot(struct pc_store *s, unsigned shard, uint64_t *end)
{
	struct stat st;
	int r = shard_enter(s, shard, 0);

	if (r == SHARD_EMPTY || r < 0)
		return r;
	r = fstat(s->shard[shard].log, &st);
	shard_leave(s, shard);
	*end = (uint64_t)st.st_size;
	return r < 0 ? -1 : 0;
}

int
store_scan(struct pc_store *s, uint64_t newest,
    int (*each)(void *ctx, const struct record *), void *ctx)
{
	int result = 0;

	for (unsigned i = 0; i < PC_SHARDS && result == 0; i++) {
		struct scan scan;
		struct record r;
		uint64_t from = LOG_HEADER, end;
		int more = snapshot(s, i, &end);

		if (more == SHARD_EMPTY)
			continue;
		if (more < 0)
			return -1;
		if (end < from)
			end = from;
		if (newest && end - from > newest)
			from = end - newest;
		scan_init(&scan, s->shard[i].log, s->shard[i].slot.log_id, from,
		    end);
		while (result == 0 && (more = scan_next(&scan, &r)) == 0)
			result = each(ctx, &r);
		scan_clear(&scan);
		if (more < 0)
			return -1;
	}
	return result;
}

struct each {
	int (*each)(void *ctx, const struct pc_record *);
	void *ctx;
};

static int
only_puts(void *ctx, const struct record *r)
{
	const struct each *e = ctx;

	return r->type == RECORD_PUT ? e->each(e->ctx, &r->pub) : 0;
}

int
pc_store_each(struct pc_store *s, uint64_t newest,
    int (*each)(void *ctx, const struct pc_record *), void *ctx)
{
	struct each e = {each, ctx};

	return store_scan(s, newest, only_puts, &e);
}
