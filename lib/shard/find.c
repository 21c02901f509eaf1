/* find.c - find a key's record: in the index, or in the log's tail.
 *
 * Readers take no lock.  Every byte of a record is checked, so a record that is
 * found is right; only a miss must be checked again if the slot changed
 * meanwhile. */
#include "scan.h"
#include "shard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int
shard_peek(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	struct slot t;
	int r = state_read(s, shard, &t);

	if (r != SLOT_READ || t.boot != s->boot || t.generation == 0 ||
	    h->distrusted)
		return r == SLOT_UNUSED ? SHARD_EMPTY : SHARD_LOCK;
	shard_follow(h, &t);
	return shard_open_files(s, shard, 0, 1) == 0 ? SHARD_READY : SHARD_LOCK;
}

int
shard_unchanged(struct pc_store *s, unsigned shard)
{
	const struct slot *had = &s->shard[shard].slot;
	struct slot t;

	return state_read(s, shard, &t) == SLOT_READ && !t.dirty &&
	    !had->dirty && t.seq == had->seq && t.generation == had->generation;
}

/* Apply what a record says about its key to *e and *found. */
static void
apply(const struct record *r, struct index_entry *e, int *found)
{
	if (r->type == RECORD_TOUCH) {
		e->expires = r->pub.expires;
		return;
	}
	*found = r->type == RECORD_PUT;
	*e = (struct index_entry){.offset = r->offset,
	    .length = r->length,
	    .expires = r->pub.expires,
	    .external = r->external};
}

/* Apply all records of key in a log whose index cannot be used. */
static int
scan_log(struct pc_store *s, unsigned shard, const struct pc_id *key,
    struct index_entry *e, int *found)
{
	const struct shard *h = &s->shard[shard];
	struct record r;
	struct scan scan;
	struct stat st;
	int more;

	if (fstat(h->log, &st) < 0)
		return -1;
	scan_init(&scan, h->log, h->slot.log_id, LOG_HEADER,
	    (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0)
		if (memcmp(r.pub.key.b, key->b, sizeof key->b) == 0)
			apply(&r, e, found);
	scan_clear(&scan);
	return more < 0 ? -1 : 0;
}

/* Keep the records that the index does not know yet, so that each is read
 * once. */
static int
follow_tail(struct shard *h)
{
	struct tail *t = &h->tail;
	struct record r;
	struct scan scan;
	struct stat st;
	int more;

	if (t->from != h->slot.log_end || t->generation != h->slot.generation)
		*t = (struct tail){.records = t->records,
		    .cap = t->cap,
		    .from = h->slot.log_end,
		    .to = h->slot.log_end,
		    .generation = h->slot.generation};
	if (fstat(h->log, &st) < 0)
		return -1;
	if ((uint64_t)st.st_size <= t->to)
		return 0;
	scan_init(&scan, h->log, h->slot.log_id, t->to, (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0) {
		if (t->count == t->cap) {
			size_t cap = t->cap ? 2 * t->cap : 16;
			struct record *p = realloc(t->records, cap * sizeof *p);

			if (!p) {
				more = -1;
				break;
			}
			t->records = p;
			t->cap = cap;
		}
		t->records[t->count++] = r; /* its pointers become invalid */
	}
	t->to = scan.valid_end;
	scan_clear(&scan);
	return more < 0 ? -1 : 0;
}

int
shard_find(struct pc_store *s, unsigned shard, int ready,
    const struct pc_id *key, struct index_entry *e)
{
	struct shard *h = &s->shard[shard];
	int found = 0, r;

	if (ready == SHARD_LOG) {
		r = scan_log(s, shard, key, e, &found);
		return r < 0 ? -1 : !found;
	}
	r = index_get(h->index, key, e);
	if (r < 0 || follow_tail(h) < 0)
		return -1;
	found = r == 0;
	for (size_t i = 0; i < h->tail.count; i++) {
		const struct record *t = &h->tail.records[i];

		if (memcmp(t->pub.key.b, key->b, sizeof key->b) == 0)
			apply(t, e, &found);
	}
	/* Only a miss in the index itself can be an error of the index. */
	if (r == 1 && !found && h->index && !index_miss_sound(h->index, key)) {
		errno = EBADMSG;
		return -1;
	}
	return !found;
}

int
shard_read(struct pc_store *s, unsigned shard, const struct pc_id *key,
    const struct index_entry *e, int with_value, struct pc_buf *bytes,
    struct record *r)
{
	const struct shard *h = &s->shard[shard];
	int bad;

	if (e->offset > INT64_MAX - PC_INLINE_MAX ||
	    e->length < RECORD_HEADER ||
	    e->length > 2 * (uint64_t)PC_MATERIAL_MAX + PC_INLINE_MAX +
		    RECORD_HEADER + RECORD_TRAILER)
		return 1;
	*r = (struct record){.offset = e->offset,
	    .length = e->length,
	    .pub.key = *key};
	bad = record_read(h->log, h->slot.log_id, with_value, bytes, r);
	return bad ? bad : r->external != e->external;
}
