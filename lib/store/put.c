/* put.c - calls that change the store: put, remove, touch. */
#include "care/reserve.h"
#include "create.h"
#include "disk/disk.h"
#include "disk/lock.h"
#include "shard/external.h"
#include "shard/shard.h"
#include "spool.h"

#include <errno.h>
#include <sys/random.h>

enum {
	PAGE = 4096,
	SHARD_FIRST = 3 * PAGE, /* bytes; a new shard's directory and log, and
				 * the log's rounding up to a page */
	COMPACT_WAIT = 60 * 1000 * 1000, /* us */
};

/* Get the name of the file with the current value of key; "": the value is in
 * the log, or there is none. */
static void
current_external(struct pc_store *s, unsigned shard, const struct pc_id *key,
    char name[NAME_EXTERNAL])
{
	struct pc_buf bytes = {0};
	struct index_entry e = {0};
	struct record r;

	name[0] = '\0';
	if (shard_find(s, shard, SHARD_READY, key, &e) == 0 && e.external &&
	    shard_read(s, shard, key, &e, 0, &bytes, &r) == 0)
		external_name(&r, name);
	pc_buf_clear(&bytes);
}

/* Store a large value in a file.  The shard is locked, so that the file and its
 * record appear and disappear together. */
static int
change_external(struct pc_store *s, struct record *r, struct pc_spool *large)
{
	unsigned shard = shard_of(&r->pub.key);
	char old[NAME_EXTERNAL], new[NAME_EXTERNAL];
	int result = -1, e;

	if (shard_enter(s, shard, 1) < 0)
		return -1;
	if (shard_index_log(s, shard) < 0)
		goto out;
	current_external(s, shard, &r->pub.key, old);
	r->written = 0;
	if (getrandom(&r->serial, sizeof r->serial, 0) < 0)
		goto out;
	external_name(r, new);
	if (spool_link(large, s, shard, new) < 0)
		goto out;
	result = r->newer ? shard_append_newer(s, shard, r, NULL, 0)
			  : shard_append(s, shard, r, NULL, 0);
	if (result != 0 && !r->written)
		external_unlink(s, shard, new);
	/* The record is in the log, so it is stored, whatever happens to the
	 * index. */
	if (result == 0 && shard_index_log(s, shard) == 0 && old[0] &&
	    (s->flags & PC_STORE_SYNC || external_settle(s, shard, r) == 0))
		external_unlink(s, shard, old);
out:
	e = errno;
	shard_leave(s, shard);
	errno = e;
	return result;
}

static int
change_newer(struct pc_store *s, struct record *r, const void *value,
    size_t len)
{
	const unsigned shard = shard_of(&r->pub.key);
	int result, e;

	if (shard_enter(s, shard, 1) < 0)
		return -1;
	result = shard_append_newer(s, shard, r, value, len);
	e = errno;
	shard_leave(s, shard);
	errno = e;
	return result;
}

static int
try_change(struct pc_store *s, struct record *r, const void *value, size_t len,
    struct pc_spool *large)
{
	if (large)
		return change_external(s, r, large);
	return r->newer ? change_newer(s, r, value, len)
			: shard_append(s, shard_of(&r->pub.key), r, value, len);
}

/* The most bytes of the disk that a put can need. */
static uint64_t
room_for(const struct record *r, struct pc_spool *large)
{
	uint64_t bytes = RECORD_HEADER + r->pub.material_len +
	    r->pub.extra_len + RECORD_TRAILER + SHARD_FIRST;

	if (!large)
		return bytes + r->pub.size;
	/* The entry of its name in the directory, and in the index. */
	return bytes + PAGE + (spool_in_store(large) ? 0 : r->pub.size);
}

/* 1: r may only replace an older record, and the stored one is not older. */
static int
change(struct pc_store *s, struct record *r, const void *value, size_t len,
    struct pc_spool *large)
{
	const unsigned shard = shard_of(&r->pub.key);
	int result;

	if (s->flags & PC_STORE_READ_ONLY) {
		errno = EROFS;
		return -1;
	}
	store_write_gitignore(s);
	if (r->type == RECORD_PUT && !r->newer &&
	    reserve_room(s, room_for(r, large)) < 0)
		return -1;
	if (s->flags & PC_STORE_SYNC && shard_note_sync(s, shard) < 0)
		return -1;
	result = try_change(s, r, value, len, large);
	if (result < 0 && errno == EBADMSG) {
		/* The index is damaged, or the log was truncated: repair it,
		 * and try again. */
		shard_distrust(s, shard);
		result = try_change(s, r, value, len, large);
	}
	if (result == 0 && !large)
		shard_try_index_log(s, shard);
	return result;
}

static int
put_spool(struct pc_store *s, struct pc_record *record, struct pc_spool *value,
    int newer)
{
	const unsigned char *bytes = spool_bytes(value);
	struct record r = {.type = RECORD_PUT,
	    .external = !bytes,
	    .newer = newer};

	record->size = pc_spool_size(value);
	pc_spool_id(value, &record->output);
	r.pub = *record;
	return change(s, &r, bytes ? bytes : (const void *)"",
	    bytes ? (size_t)record->size : 0, bytes ? NULL : value);
}

int
pc_store_put(struct pc_store *s, struct pc_record *record,
    struct pc_spool *value)
{
	return put_spool(s, record, value, 0);
}

int
pc_store_put_newer(struct pc_store *s, struct pc_record *record,
    struct pc_spool *value)
{
	const unsigned compact = LOCK_COMPACT + shard_of(&record->key);
	struct record new = {.pub = *record};
	int r, e;

	new.pub.size = pc_spool_size(value);
	/* Before taking the lock, since making room would take and release
	 * it. */
	if (!(s->flags & PC_STORE_READ_ONLY) &&
	    reserve_room(s, room_for(&new, spool_bytes(value) ? NULL : value)) <
		0)
		return -1;
	/* Hold off compactions, which this put would force to start again. */
	r = lock_wait(s, compact, RANGE_EXCLUSIVE, COMPACT_WAIT);
	if (r < 0)
		return -1;
	r = put_spool(s, record, value, 1);
	e = errno;
	lock_range(s->state, compact, RANGE_FREE, 0);
	errno = e;
	return r;
}

int
pc_store_put_bytes(struct pc_store *s, struct pc_record *record,
    const void *value, size_t len)
{
	struct record r = {.type = RECORD_PUT};
	struct pc_spool *spool;
	int result, e;

	if (len <= PC_INLINE_MAX) {
		record->size = len;
		pc_sha256(value, len, &record->output);
		r.pub = *record;
		return change(s, &r, value, len, NULL);
	}
	spool = pc_spool_new(s);
	if (!spool)
		return -1;
	result = pc_spool_write(spool, value, len);
	if (result == 0)
		result = pc_store_put(s, record, spool);
	e = errno;
	pc_spool_free(spool);
	errno = e;
	return result;
}

/* If key has a record, append one that has only a key and a time. */
static int
mark(struct pc_store *s, enum record_type type, const struct pc_id *key,
    int64_t expires)
{
	struct record r = {.type = type,
	    .pub = {.key = *key, .created = pc_now(), .expires = expires}};
	struct pc_hit hit = {0};
	int found = pc_store_get(s, key, PC_GET_HEADER | PC_GET_EXPIRED, &hit);
	unsigned shard = shard_of(key);

	pc_hit_clear(&hit);
	if (found != PC_HIT)
		return found;
	/* Append it twice and enter it in the index at once: one damaged record
	 * must not bring back what was removed. */
	for (int i = 0; i < 2; i++)
		if (change(s, &r, "", 0, NULL) < 0)
			return -1;
	if (shard_enter(s, shard, 1) == SHARD_READY) {
		(void)shard_index_log(s, shard);
		shard_leave(s, shard);
	}
	return 0;
}

int
pc_store_remove(struct pc_store *s, const struct pc_id *key)
{
	return mark(s, RECORD_REMOVE, key, 0);
}

int
pc_store_touch(struct pc_store *s, const struct pc_id *key, int64_t expires)
{
	return mark(s, RECORD_TOUCH, key, expires);
}
