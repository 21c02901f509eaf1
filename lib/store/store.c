/* store.c - the store as its users see it: get, put, remove, touch, each. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* A number that is another one after a reboot; 0 when the system has none. */
static uint64_t
boot_number(void)
{
	char text[38] = ""; /* as long as it is, so that one read gives all */
	struct pc_id id;
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (pc_read_full(fd, text, sizeof text - 1) < 0)
		text[0] = '\0';
	close(fd);
	pc_sha256(text, strlen(text), &id);
	return pc_load_u64(id.b);
}

struct pc_store *
pc_store_open(const char *dir, unsigned flags, struct pc_error *err)
{
	struct pc_store *s = calloc(1, sizeof *s);

	if (!s) {
		pc_error_set(err, "out of memory");
		return NULL;
	}
	s->dir = s->state = s->events = -1;
	s->room.place = -1;
	s->flags = flags;
	s->boot = boot_number();
	for (unsigned i = 0; i < PC_SHARDS; i++)
		s->shard[i].dir = s->shard[i].log = -1;
	if (state_open(s, dir, err) < 0) {
		int e = errno;

		pc_store_close(s);
		errno = e;
		return NULL;
	}
	return s;
}

void
pc_store_close(struct pc_store *s)
{
	uint64_t sum;

	if (!s)
		return;
	if (s->relieve && s->state >= 0) {
		lock_land(s);
		store_relieve(s);
	}
	if (s->recount && s->state >= 0)
		(void)room_count(s, &sum);
	if (s->state >= 0)
		room_close(s);
	for (unsigned i = 0; i < PC_SHARDS; i++)
		shard_close(&s->shard[i]);
	if (s->events >= 0)
		close(s->events);
	if (s->state >= 0)
		close(s->state);
	if (s->dir >= 0)
		close(s->dir);
	free(s->path);
	free(s->error);
	free(s);
}

unsigned
pc_store_flags(const struct pc_store *s)
{
	return s->flags;
}

unsigned
pc_store_damaged(const struct pc_store *s)
{
	return s->damaged;
}

unsigned
pc_store_rebuilt(const struct pc_store *s)
{
	return s->rebuilt;
}

int64_t
pc_store_lock_wait(struct pc_store *s)
{
	int64_t wait = s->lock_wait;

	s->lock_wait = 0;
	return wait;
}

/* ---- get ---- */

/* Make the value ready to be sent.  1: damaged or gone. */
static int
open_value(struct pc_store *s, const struct record *r, struct pc_hit *hit)
{
	struct pc_id id;

	if (r->external)
		return external_open(s, r, &hit->fd);
	hit->value = r->pub.extra + r->pub.extra_len;
	pc_sha256(hit->value, (size_t)r->pub.size, &id);
	return memcmp(id.b, r->pub.output.b, sizeof id.b) != 0;
}

/* Look key up in a shard that is open as ready says (store.h).  2: the index
 * is damaged; 3: the record is. */
static int
look(struct pc_store *s, unsigned shard, int ready, const struct pc_id *key,
    unsigned flags, struct pc_hit *hit)
{
	const int with_value = !(flags & PC_GET_HEADER);
	struct index_entry e = {0};
	struct record r;
	int found = shard_find(s, shard, ready, key, &e);

	if (found < 0)
		return errno == EBADMSG ? 2 : -1;
	if (found == 1)
		return 1;
	found = shard_read(s, shard, key, &e, with_value, &hit->bytes, &r);
	if (found == 0 && with_value)
		found = open_value(s, &r, hit);
	if (found != 0)
		return found < 0 ? -1 : 3;
	hit->record = r.pub;
	hit->record.expires = e.expires;
	return 0;
}

/* One try at a get, without a lock if it can be. */
static int
try_get(struct pc_store *s, unsigned shard, const struct pc_id *key,
    unsigned flags, struct pc_hit *hit)
{
	int ready = shard_peek(s, shard), found, e;

	if (ready == 1)
		return 1;
	if (ready == 0) {
		found = look(s, shard, 0, key, flags, hit);
		if (found == 0 || shard_unchanged(s, shard))
			return found;
		/* What was read while it changed may have been cached. */
		shard_close(&s->shard[shard]);
	}
	ready = shard_enter(s, shard, 0);
	if (ready == 1 || ready < 0)
		return ready;
	found = look(s, shard, ready, key, flags, hit);
	e = errno;
	shard_leave(s, shard);
	errno = e;
	return found;
}

/* A found record is a hit if its time is not over and its value is what it
 * was.  1: it is over; 3: it is damaged. */
static int
verify(struct pc_hit *hit, unsigned flags)
{
	int bad = 0;

	hit->expired = record_expired(&hit->record, pc_now());
	if (hit->expired && !(flags & PC_GET_EXPIRED))
		return 1;
	/* The open file stays what it is, whatever happens to its name. */
	if (hit->fd >= 0)
		bad = external_verify(&hit->record, hit->fd);
	return bad == 1 ? 3 : bad;
}

int
pc_store_get(struct pc_store *s, const struct pc_id *key, unsigned flags,
    struct pc_hit *hit)
{
	unsigned shard = shard_of(key);
	int found;

	if (hit->fd > 0)
		close(hit->fd);
	hit->fd = -1;
	hit->value = NULL;
	found = try_get(s, shard, key, flags, hit);
	if (found == 2) {
		shard_distrust(s, shard);
		found = try_get(s, shard, key, flags, hit);
	}
	if (found == 0)
		found = verify(hit, flags);
	if (found == 2 || found == 3) {
		struct pc_event event = {.kind = PC_EVENT_DAMAGE, .key = *key};

		s->damaged++;
		pc_event_add(s, &event);
		found = 1;
	}
	if (found != 0 && hit->fd >= 0) {
		int e = errno;

		close(hit->fd);
		hit->fd = -1;
		errno = e;
	}
	return found;
}

int
pc_hit_send(const struct pc_hit *hit, int out)
{
	uint64_t left = hit->record.size;
	struct pc_sha256 h;
	unsigned char *buf;
	struct pc_id id;
	int r = 0, e;

	if (hit->value)
		return pc_write_full(out, hit->value, (size_t)left);
	buf = malloc(PC_IO_CHUNK);
	if (!buf)
		return -1;
	pc_sha256_init(&h);
	while (left > 0 && r == 0) {
		size_t ask = left < PC_IO_CHUNK ? (size_t)left : PC_IO_CHUNK;
		ssize_t n = pc_read_full(hit->fd, buf, ask);

		if (n < (ssize_t)ask) {
			if (n >= 0)
				errno = EBADMSG;
			r = -1;
			break;
		}
		pc_sha256_add(&h, buf, ask);
		r = pc_write_full(out, buf, ask);
		left -= ask;
	}
	e = errno;
	free(buf);
	errno = e;
	if (r < 0)
		return -1;
	pc_sha256_end(&h, &id);
	if (memcmp(id.b, hit->record.output.b, sizeof id.b) != 0) {
		errno = EBADMSG;
		return -1;
	}
	return 0;
}

int
pc_hit_read(const struct pc_hit *hit, struct pc_buf *b, size_t max)
{
	const size_t had = b->len;

	if (hit->record.size > max) {
		errno = EFBIG;
		return -1;
	}
	if (hit->value)
		return pc_buf_add(b, hit->value, (size_t)hit->record.size);
	if (pc_read_all(hit->fd, b, max) == 0) {
		if (b->len - had == hit->record.size)
			return 0;
		errno = EBADMSG;
	}
	b->len = had;
	return -1;
}

void
pc_hit_clear(struct pc_hit *hit)
{
	/* 0 is what an all-zero hit has; no value is ever there. */
	if (hit->fd > 0)
		close(hit->fd);
	pc_buf_clear(&hit->bytes);
	*hit = (struct pc_hit){0};
}

/* ---- put, remove, touch ---- */

enum {
	PAGE = 4096,
	SHARD_FIRST = 3 * PAGE, /* a new shard's directory and log, and the end
				 * of one that has some */
	COMPACT_WAIT = 60 * 1000 * 1000, /* us */
};

/* The file of the external value that key has now, or "". */
static void
current_external(struct pc_store *s, unsigned shard, const struct pc_id *key,
    char name[NAME_EXTERNAL])
{
	struct pc_buf bytes = {0};
	struct index_entry e = {0};
	struct record r;

	name[0] = '\0';
	if (shard_find(s, shard, 0, key, &e) == 0 && e.external &&
	    shard_read(s, shard, key, &e, 0, &bytes, &r) == 0)
		external_name(&r, name);
	pc_buf_clear(&bytes);
}

/* Store a large value: under the lock, so that its file and its record come
 * and go together. */
static int
change_external(struct pc_store *s, struct record *r, struct pc_spool *large)
{
	unsigned shard = shard_of(&r->pub.key);
	char old[NAME_EXTERNAL], new[NAME_EXTERNAL];
	int result = -1, e;

	if (shard_enter(s, shard, 1) < 0)
		return -1;
	if (shard_absorb(s, shard) < 0)
		goto out;
	current_external(s, shard, &r->pub.key, old);
	r->written = 0;
	if (getrandom(&r->serial, sizeof r->serial, 0) < 0)
		goto out;
	external_name(r, new);
	if (external_link(s, shard, large, new) < 0)
		goto out;
	result = r->newer ? shard_append_newer(s, shard, r, NULL, 0)
			  : shard_append(s, shard, r, NULL, 0);
	if (result != 0 && !r->written)
		external_unlink(s, shard, new);
	/* The record is in the log, and so stored, whatever the index says. */
	if (result == 0 && shard_absorb(s, shard) == 0 && old[0] &&
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

/* Bytes of the disk that a put needs at most. */
static uint64_t
room_for(const struct record *r, struct pc_spool *large)
{
	uint64_t bytes = RECORD_HEADER + r->pub.material_len +
	    r->pub.extra_len + RECORD_TRAILER + SHARD_FIRST;

	if (!large)
		return bytes + r->pub.size;
	/* The file of its name and what is in the index. */
	return bytes + PAGE + (spool_in_store(large) ? 0 : r->pub.size);
}

/* 1: it is r->newer, and another one stands. */
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
	state_ignore(s);
	if (r->type == RECORD_PUT && !r->newer &&
	    room_take(s, room_for(r, large)) < 0)
		return -1;
	if (s->flags & PC_STORE_SYNC && shard_note_sync(s, shard) < 0)
		return -1;
	result = try_change(s, r, value, len, large);
	if (result < 0 && errno == EBADMSG) {
		/* A damaged index, or a log that was cut: once repaired, it
		 * goes. */
		shard_distrust(s, shard);
		result = try_change(s, r, value, len, large);
	}
	if (result == 0 && !large)
		shard_try_absorb(s, shard);
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
	/* Before the lock, which making room would take and let go. */
	if (!(s->flags & PC_STORE_READ_ONLY) &&
	    room_take(s, room_for(&new, spool_bytes(value) ? NULL : value)) < 0)
		return -1;
	/* A compaction would have to begin again. */
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

/* Append a record that only has a key and a time, if key has a record. */
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
	if (found != 0)
		return found;
	/* Twice in the log, and in the index at once: one damaged record must
	 * not bring back what was dropped. */
	if (change(s, &r, "", 0, NULL) < 0 || change(s, &r, "", 0, NULL) < 0)
		return -1;
	if (shard_enter(s, shard, 1) == 0) {
		(void)shard_absorb(s, shard);
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

int
pc_store_rebuild(struct pc_store *s, unsigned shard)
{
	struct slot t;

	/* What was never used has nothing to rebuild. */
	if (state_read(s, shard, &t) == 1)
		return 0;
	if (shard_distrust(s, shard) < 0 || shard_enter(s, shard, 1) < 0)
		return -1;
	shard_leave(s, shard);
	return 0;
}

/* ---- each ---- */

/* The end of the shard's log, which is then open.  1: it is empty. */
static int
snapshot(struct pc_store *s, unsigned shard, uint64_t *end)
{
	struct stat st;
	int r = shard_enter(s, shard, 0);

	if (r == 1 || r < 0)
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

		if (more == 1)
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
