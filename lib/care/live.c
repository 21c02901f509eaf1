/* live.c - find the newest record of each key in a log. */
#include "live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A key is a digest, but keys in a shard have the same first bytes. */
static uint64_t
hash_of(const struct pc_id *key)
{
	return pc_decode_u64(key->b + 8);
}

/* Find the index of key's entry, which may be gone.  1: *place is set; 0:
 * none. */
static int
find_place(const struct live *l, const struct pc_id *key, uint32_t *place)
{
	for (size_t at = 0; pc_set_next(&l->keys, hash_of(key), &at, place);)
		if (memcmp(l->all[*place].key.b, key->b, sizeof key->b) == 0)
			return 1;
	return 0;
}

struct live_entry *
live_find(struct live *l, const struct pc_id *key)
{
	uint32_t place;

	if (!find_place(l, key, &place) || l->all[place].gone)
		return NULL;
	return &l->all[place];
}

/* Make place the index of key's entry. */
static int
set_place(struct live *l, const struct pc_id *key, uint32_t place)
{
	uint32_t old;

	if (!find_place(l, key, &old))
		return pc_set_add(&l->keys, hash_of(key), place);
	pc_set_replace(&l->keys, hash_of(key), old, place);
	return 0;
}

static int
add(struct live *l, const struct record *r)
{
	if (l->count >= UINT32_MAX - 1 || r->length > UINT32_MAX) {
		errno = EFBIG;
		return -1;
	}
	if (l->count == l->cap) {
		size_t cap = l->cap ? l->cap + l->cap / 2 : 256;
		struct live_entry *p = realloc(l->all, cap * sizeof *p);

		if (!p)
			return -1;
		l->all = p;
		l->cap = cap;
	}
	if (set_place(l, &r->pub.key, (uint32_t)l->count) < 0)
		return -1;
	l->all[l->count] = (struct live_entry){.key = r->pub.key,
	    .offset = r->offset,
	    .created = r->pub.created,
	    .expires = r->pub.expires,
	    .bytes = r->length,
	    .length = (uint32_t)r->length,
	    .serial = r->serial,
	    .external = (uint8_t)r->external};
	if (r->external)
		l->all[l->count].bytes += r->pub.size;
	l->count++;
	return 0;
}

int
live_apply(struct live *l, const struct record *r)
{
	struct live_entry *e;

	if (r->type == RECORD_GAP)
		return 0;
	e = live_find(l, &r->pub.key);
	if (r->type == RECORD_TOUCH) {
		l->dead++;
		if (e) {
			e->touched = 1;
			e->touch = r->offset;
			e->expires = r->pub.expires;
		}
		return 0;
	}
	if (r->type != RECORD_PUT)
		l->dead++;
	if (e) {
		e->gone = 1;
		l->dead++;
	}
	return r->type == RECORD_PUT ? add(l, r) : 0;
}

int
live_read(int log, const unsigned char *log_id, const struct live_entry *e,
    int with_value, struct pc_buf *b, struct record *r)
{
	*r = (struct record){.offset = e->offset,
	    .length = e->length,
	    .pub.key = e->key};
	return record_read(log, log_id, with_value, b, r);
}

void
live_clear(struct live *l)
{
	free(l->all);
	pc_set_clear(&l->keys);
	*l = (struct live){0};
}
