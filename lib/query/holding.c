/* holding.c - the entries and bytes of each stage. */
#include "care.h"
#include "disk/file.h"
#include "shard/record.h"
#include "store/each.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STAGES_MAX = 4096 }; /* further ones count as without a stage */

/* What the log says about a key, as far as it was read. */
struct held_key {
	struct pc_id key;
	uint64_t size;
	int64_t created, expires;
	uint32_t stage; /* index in all */
	int there;
};

struct counting {
	struct pc_holding *all;
	size_t count, cap;
	unsigned shard;
	struct held_key *entries; /* of this shard */
	size_t used, entry_cap;
	struct pc_set keys; /* indexes in entries */
	int64_t now;
};

static int
stage_of(struct counting *c, const struct pc_record *r, uint32_t *at)
{
	char stage[PC_STAGE_MAX + 1];
	struct pc_holding *p;

	(void)pc_record_stage(r, stage);
	if (c->count >= STAGES_MAX)
		stage[0] = '\0';
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->all[i].stage, stage) == 0) {
			*at = (uint32_t)i;
			return 0;
		}
	if (c->count == c->cap) {
		size_t cap = c->cap ? 2 * c->cap : 16;

		p = realloc(c->all, cap * sizeof *p);
		if (!p)
			return -1;
		c->all = p;
		c->cap = cap;
	}
	*at = (uint32_t)c->count;
	p = &c->all[c->count++];
	*p = (struct pc_holding){0};
	strcpy(p->stage, stage);
	return 0;
}

/* Keys are digests, so their own bytes serve as the hash. */
static uint64_t
hash_of(const struct pc_id *key)
{
	return pc_decode_u64(key->b + 8);
}

/* The entry of a key, or NULL. */
static struct held_key *
find(const struct counting *c, const struct pc_id *key)
{
	uint32_t i;

	for (size_t at = 0; pc_set_next(&c->keys, hash_of(key), &at, &i);)
		if (memcmp(c->entries[i].key.b, key->b, sizeof key->b) == 0)
			return &c->entries[i];
	return NULL;
}

static struct held_key *
add(struct counting *c, const struct pc_id *key)
{
	if (c->used == c->entry_cap) {
		const size_t cap = c->entry_cap ? 2 * c->entry_cap : 512;
		struct held_key *p = realloc(c->entries, cap * sizeof *p);

		if (!p)
			return NULL;
		c->entries = p;
		c->entry_cap = cap;
	}
	if (pc_set_add(&c->keys, hash_of(key), (uint32_t)c->used) < 0)
		return NULL;
	return &c->entries[c->used++];
}

static void
count_shard(struct counting *c)
{
	for (size_t i = 0; i < c->used; i++) {
		const struct held_key *e = &c->entries[i];
		struct pc_holding *h;

		if (!e->there)
			continue;
		h = &c->all[e->stage];
		h->entries++;
		h->bytes += e->size;
		h->expired += e->expires <= c->now;
		if (!h->oldest || e->created < h->oldest)
			h->oldest = e->created;
	}
	pc_set_clear(&c->keys);
	c->used = 0;
}

static int
take(void *ctx, const struct record *r)
{
	struct counting *c = ctx;
	struct held_key *e;
	uint32_t stage = 0;

	if (r->type == RECORD_GAP)
		return 0;
	if (pc_shard(&r->pub.key) != c->shard) {
		count_shard(c);
		c->shard = pc_shard(&r->pub.key);
	}
	e = find(c, &r->pub.key);
	if (r->type == RECORD_TOUCH) {
		if (e)
			e->expires = r->pub.expires;
		return 0;
	}
	if (r->type != RECORD_PUT) {
		if (e)
			e->there = 0;
		return 0;
	}
	if (stage_of(c, &r->pub, &stage) < 0 ||
	    (!e && !(e = add(c, &r->pub.key))))
		return -1;
	*e = (struct held_key){.key = r->pub.key,
	    .size = r->pub.size,
	    .created = r->pub.created,
	    .expires = r->pub.expires,
	    .stage = stage,
	    .there = 1};
	return 0;
}

static int
by_stage(const void *a, const void *b)
{
	return strcmp(((const struct pc_holding *)a)->stage,
	    ((const struct pc_holding *)b)->stage);
}

static uint64_t
log_bytes(struct pc_store *s)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < PC_SHARDS; i++) {
		const int dir = dir_of(s, i);
		struct stat st;

		if (dir >= 0 &&
		    fstatat(dir, "log", &st, AT_SYMLINK_NOFOLLOW) == 0)
			sum += (uint64_t)st.st_size;
	}
	return sum;
}

int
pc_store_holdings(struct pc_store *s, uint64_t max, struct pc_holding **all,
    size_t *count)
{
	struct counting c = {.now = pc_now(), .shard = PC_SHARDS};
	int r, e;

	*all = NULL;
	*count = 0;
	if (max && log_bytes(s) > max)
		return 1;
	r = store_scan(s, 0, take, &c);
	e = errno;
	if (r == 0)
		count_shard(&c);
	pc_set_clear(&c.keys);
	free(c.entries);
	if (r < 0) {
		free(c.all);
		errno = e;
		return -1;
	}
	if (c.count)
		qsort(c.all, c.count, sizeof *c.all, by_stage);
	*all = c.all;
	*count = c.count;
	return 0;
}
