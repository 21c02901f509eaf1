/* clock.c - date the records of a store by a clock that was ahead.
 *
 * torture-clock DIR SECONDS */
#include <stdlib.h>
#include <string.h>

#include "pc.h"

static struct pc_store *store;
static int64_t ahead;
static struct pc_buf keys;

static int
note(void *ctx, const struct pc_record *r)
{
	(void)ctx;
	return pc_buf_add(&keys, &r->key, sizeof r->key);
}

static int
move(const struct pc_id *key)
{
	struct pc_hit hit = {0};
	struct pc_buf value = {0};
	struct pc_record r;
	int result = pc_store_get(store, key, PC_GET_EXPIRED, &hit);

	if (result == 1)
		return 0; /* it was removed */
	if (result == 0)
		result = pc_hit_read(&hit, &value, PC_INLINE_MAX);
	if (result == 0) {
		r = hit.record;
		r.created += ahead;
		if (r.expires != PC_NEVER)
			r.expires += ahead;
		result = pc_store_put_bytes(store, &r, value.data, value.len);
	}
	pc_hit_clear(&hit);
	pc_buf_clear(&value);
	return result;
}

int
main(int argc, char **argv)
{
	struct pc_error err;

	store = argc == 3 ? pc_store_open(argv[1], PC_STORE_NO_EVENTS, &err)
			  : NULL;
	if (!store)
		return 2;
	ahead = strtoll(argv[2], NULL, 10) * 1000000;
	if (pc_store_each(store, 0, note, NULL) != 0)
		return 1;
	for (size_t at = 0; at < keys.len; at += sizeof(struct pc_id)) {
		struct pc_id key;

		memcpy(&key, keys.data + at, sizeof key);
		if (move(&key) < 0)
			return 1;
	}
	pc_buf_clear(&keys);
	pc_store_close(store);
	return 0;
}
