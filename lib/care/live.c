/* live.c - which records of a log are the newest of their keys. */
#include "live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLOTS_FIRST = 1024,
};

static size_t
place_of(const struct live *l, const struct pc_id *key)
{
	/* The first bytes are alike in a shard; a key is a hash already. */
	return pc_decode_u64(key->b + 8) & (l->slot_count - 1);
}

static void
link_entry(struct live *l, size_t i)
{
	size_t at = place_of(l, &l->all[i].key);

	while (l->slots[at])
		at = (at + 1) & (l->slot_count - 1);
	l->slots[at] = (uint32_t)i + 1;
}

static int
more_slots(struct live *l)
{
	size_t count = l->slot_count ? 2 * l->slot_count : SLOTS_FIRST;
	uint32_t *slots = calloc(count, sizeof *slots);

	if (!slots)
		return -1;
	free(l->slots);
	l->slots = slots;
	l->slot_count = count;
	for (size_t i = 0; i < l->count; i++)
		if (!l->all[i].gone)
			link_entry(l, i);
	return 0;
}

/* The slot that leads to key's entry, or NULL. */
static uint32_t *
find_slot(struct live *l, const struct pc_id *key)
{
	size_t at;

	if (!l->slot_count)
		return NULL;
	for (at = place_of(l, key); l->slots[at];
	     at = (at + 1) & (l->slot_count - 1))
		if (memcmp(l->all[l->slots[at] - 1].key.b, key->b,
			sizeof key->b) == 0)
			return &l->slots[at];
	return NULL;
}

struct live_entry *
live_find(struct live *l, const struct pc_id *key)
{
	const uint32_t *slot = find_slot(l, key);
	struct live_entry *e = slot ? &l->all[*slot - 1] : NULL;

	return e && !e->gone ? e : NULL;
}

static int
add(struct live *l, const struct record *r)
{
	uint32_t *slot;

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
	if (2 * l->count >= l->slot_count && more_slots(l) < 0)
		return -1;
	slot = find_slot(l, &r->pub.key);
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
	if (slot)
		*slot = (uint32_t)l->count + 1;
	else
		link_entry(l, l->count);
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
	free(l->slots);
	*l = (struct live){0};
}
