/* shard.c - one shard: its log, its index and its lock.
 *
 * A record is appended by one O_APPEND write, with no lock: the log is the
 * truth, so that is all a put has to do.  Whoever then gets the lock without
 * waiting has the index absorb the log's tail: slot marked dirty, index
 * changed, slot clean with the new end.  Readers take no lock either: every
 * byte of a record is checked, so what they find is right; only a miss needs
 * a second look when the slot has changed meanwhile.  So a process that the
 * scheduler stops in the middle keeps nobody waiting. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Readers scan what the index does not know; so much of it, in bytes, costs
 * them less than opening the index for each record costs writers. */
enum { TAIL_MAX = 8 * 1024 };

void
shard_path(unsigned shard, const char *name, char *out, size_t n)
{
	snprintf(out, n, "%02x/%s", shard, name);
}

void
shard_close(struct shard *h)
{
	index_close(h->index);
	h->index = NULL;
	if (h->log >= 0)
		close(h->log);
	h->log = -1;
	h->log_writable = 0;
}

static void
close_all(struct pc_store *s)
{
	for (unsigned i = 0; i < PC_SHARDS; i++)
		shard_close(&s->shard[i]);
}

static int
open_log(struct pc_store *s, unsigned shard, int writable)
{
	char path[16];

	shard_path(shard, "log", path, sizeof path);
	return openat(s->dir, path,
	    (writable ? O_RDWR | O_APPEND : O_RDONLY) | O_CLOEXEC |
	        O_NOFOLLOW);
}

/* Open what is needed and not yet open; what is open is as old as h->slot. */
static int
open_files(struct pc_store *s, unsigned shard, int write, int with_index)
{
	struct shard *h = &s->shard[shard];
	char path[16];

	if (h->log >= 0 && write && !h->log_writable) {
		close(h->log);
		h->log = -1;
	}
	if (h->log < 0) {
		h->log = open_log(s, shard, write);
		if (h->log < 0)
			return -1;
		h->log_writable = write;
	}
	if (!with_index)
		return 0;
	if (h->index && write && !h->index_writable) {
		index_close(h->index);
		h->index = NULL;
	}
	if (!h->index) {
		shard_path(shard, "index", path, sizeof path);
		h->index = index_open(s->dir, path, write);
		if (!h->index && errno == ENOENT)
			errno = EBADMSG;
		if (!h->index)
			return -1;
		h->index_writable = write;
	}
	return 0;
}

/* Close what is older than the slot. */
static void
follow(struct shard *h, const struct slot *t)
{
	if (h->slot.generation != t->generation) {
		shard_close(h);
	} else if (h->slot.seq != t->seq) {
		index_close(h->index);
		h->index = NULL;
	}
	h->slot = *t;
}

/* Open the log alone, for a reader that cannot have an index. */
static int
without_index(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	int r;

	shard_close(h);
	if (open_files(s, shard, 0, 0) < 0)
		return errno == ENOENT ? 3 : -1;
	/* No slot is to be trusted for the log's id either. */
	r = log_header_read(h->log, shard, h->slot.log_id);
	return r == 0 ? 2 : r == 1 ? 3 : -1;
}

/* Repair, under the lock how.  1: that must be the write lock; a reader can
 * do without an index when there is no room or no right to make one. */
static int
repair(struct pc_store *s, unsigned shard, int write, int how, struct slot *t)
{
	struct shard *h = &s->shard[shard];

	shard_close(h);
	if (s->flags & PC_STORE_READ_ONLY)
		return without_index(s, shard);
	if (how != RANGE_EXCLUSIVE)
		return 1;
	if (repair_shard(s, shard, t) < 0)
		return write ? -1 : without_index(s, shard);
	h->slot = *t;
	return open_files(s, shard, write, 1);
}

/* With the lock held in mode how, get the shard ready.  0: it is; 1: the
 * lock must be one for writing first; 2: read the log, not the index; 3:
 * there is nothing in it. */
static int
ready(struct pc_store *s, unsigned shard, int write, int how)
{
	struct shard *h = &s->shard[shard];
	struct slot t = {0};
	int r = state_read(s, shard, &t);

	if (r < 0 && errno != EBADMSG)
		return -1;
	if (r == 1 && !write)
		return 3;
	if (r != 0 || t.dirty || t.boot != s->boot)
		return repair(s, shard, write, how, &t);
	follow(h, &t);
	if (open_files(s, shard, write, 1) == 0)
		return 0;
	if (errno == EMFILE) {
		close_all(s);
		return open_files(s, shard, write, 1);
	}
	/* A used shard has both files: one is damaged or gone. */
	if (errno != EBADMSG && errno != ENOENT)
		return -1;
	return repair(s, shard, write, how, &t);
}

int
shard_enter(struct pc_store *s, unsigned shard, int write)
{
	int how = write ? RANGE_EXCLUSIVE : RANGE_SHARED;
	int r, e;

	for (;;) {
		if (lock_shard(s, shard, how) < 0)
			return -1;
		r = ready(s, shard, write, how);
		if (r == 0 || r == 2)
			return r;
		e = errno;
		/* Not converted in place: two that both hold it to read
		 * would wait for each other. */
		shard_leave(s, shard);
		errno = e;
		if (r == 3)
			return 1;
		if (r < 0)
			return -1;
		how = RANGE_EXCLUSIVE;
	}
}

void
shard_leave(struct pc_store *s, unsigned shard)
{
	lock_shard(s, shard, RANGE_FREE);
}

void
shard_distrust(struct pc_store *s, unsigned shard)
{
	struct slot t;

	shard_close(&s->shard[shard]);
	if (s->flags & PC_STORE_READ_ONLY ||
	    lock_shard(s, shard, RANGE_EXCLUSIVE) < 0)
		return;
	if (state_read(s, shard, &t) == 0) {
		t.dirty = 1;
		state_write(s, shard, &t);
	}
	shard_leave(s, shard);
}

/* Make the log, and that it exists, safe from a power loss. */
static int
sync_log(struct pc_store *s, unsigned shard, int log)
{
	char path[16];
	int r = fdatasync(log);

	for (int i = 0; i < 2 && r == 0; i++) {
		int fd;

		snprintf(path, sizeof path, "%02x", shard);
		fd = openat(s->dir, i ? "." : path,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = fd < 0 ? -1 : fsync(fd);
		if (fd >= 0)
			close(fd);
	}
	return r;
}

/* Have the log open to append to, and the slot that names it.  The index may
 * be in any state. */
static int
open_to_append(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	struct slot t;

	if (state_read(s, shard, &t) == 0 && t.generation != 0) {
		follow(h, &t);
		if (open_files(s, shard, 1, 0) == 0)
			return 0;
		if (errno == EMFILE) {
			close_all(s);
			return open_files(s, shard, 1, 0);
		}
	}
	/* A shard to be made or mended: that is done under the lock. */
	if (shard_enter(s, shard, 1) < 0)
		return -1;
	shard_leave(s, shard);
	return 0;
}

/* One write: what others append at the same time comes before or after. */
static int
write_record(int log, const struct pc_buf *lead, const void *value, size_t n)
{
	struct iovec v[2] = {{lead->data, lead->len},
	    {(void *)(uintptr_t)value, n}};
	ssize_t r;

	do
		r = writev(log, v, n ? 2 : 1);
	while (r < 0 && errno == EINTR);
	if (r >= 0 && (size_t)r < lead->len + n) {
		/* The disk is full, or a limit is met.  What was written is
		 * no record, and is passed over. */
		errno = ENOSPC;
		return -1;
	}
	return r < 0 ? -1 : 0;
}

int
shard_append(struct pc_store *s, unsigned shard, struct record *r,
    const void *value, size_t value_len)
{
	struct shard *h = &s->shard[shard];
	struct pc_buf lead = {0};
	int result = -1, e;
	struct slot t;

	do {
		lead.len = 0;
		if (open_to_append(s, shard) < 0 ||
		    record_encode(r, h->slot.log_id, &lead) < 0 ||
		    write_record(h->log, &lead, value, value_len) < 0 ||
		    (s->flags & PC_STORE_SYNC &&
		        sync_log(s, shard, h->log) < 0))
			goto out;
		/* Had the log been replaced before the write, what was
		 * written is in the old one. */
	} while (state_read(s, shard, &t) == 0 &&
	    t.generation != h->slot.generation);
	result = 0;
out:
	e = errno;
	pc_buf_clear(&lead);
	errno = e;
	return result;
}

/* ---- the index ---- */

/* The value file of key's record is of no more use if r, which is no
 * external one, takes its place. */
static void
drop_external(struct pc_store *s, unsigned shard, const struct record *r)
{
	char path[NAME_EXTERNAL];
	struct pc_buf bytes = {0};
	struct index_entry e;
	struct record old;

	if (r->type == RECORD_TOUCH || r->external ||
	    index_get(s->shard[shard].index, &r->pub.key, &e) != 0 ||
	    !e.external)
		return;
	if (shard_read(s, shard, &r->pub.key, &e, &bytes, &old) == 0) {
		external_path(&old, path);
		unlinkat(s->dir, path, 0);
	}
	pc_buf_clear(&bytes);
}

int
shard_absorb(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	struct record r;
	struct scan scan;
	struct stat st;
	int more;

	if (fstat(h->log, &st) < 0)
		return -1;
	if ((uint64_t)st.st_size < h->slot.log_end) {
		errno = EBADMSG; /* cut from outside */
		return -1;
	}
	if ((uint64_t)st.st_size == h->slot.log_end)
		return 0;
	scan_init(&scan, h->log, h->slot.log_id, h->slot.log_end,
	    (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0) {
		if (!h->slot.dirty) {
			h->slot.dirty = 1;
			more = state_write(s, shard, &h->slot);
		}
		if (more == 0)
			drop_external(s, shard, &r);
		if (more < 0 || index_apply(h->index, &r) < 0) {
			more = -1;
			break;
		}
	}
	/* What is no record yet may be one that is being appended. */
	h->slot.log_end = scan.valid_end;
	scan_clear(&scan);
	if (more < 0) {
		shard_close(h);
		return -1;
	}
	if (!h->slot.dirty)
		return 0;
	h->slot.dirty = 0;
	h->slot.seq++;
	return state_write(s, shard, &h->slot);
}

void
shard_try_absorb(struct pc_store *s, unsigned shard)
{
	const struct shard *h = &s->shard[shard];
	struct stat st;
	int r;

	if (fstat(h->log, &st) < 0 ||
	    (uint64_t)st.st_size < h->slot.log_end + TAIL_MAX ||
	    lock_range(s->state, shard, RANGE_EXCLUSIVE, 0) != 0)
		return; /* somebody will */
	r = ready(s, shard, 1, RANGE_EXCLUSIVE);
	if (r == 0)
		(void)shard_absorb(s, shard);
	shard_leave(s, shard);
}

/* ---- looking ---- */

int
shard_peek(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	struct slot t;
	int r = state_read(s, shard, &t);

	if (r != 0 || t.boot != s->boot || t.generation == 0)
		return r == 1 ? 1 : 2;
	follow(h, &t);
	return open_files(s, shard, 0, 1) == 0 ? 0 : 2;
}

int
shard_unchanged(struct pc_store *s, unsigned shard)
{
	const struct slot *had = &s->shard[shard].slot;
	struct slot t;

	return state_read(s, shard, &t) == 0 && !t.dirty && !had->dirty &&
	    t.seq == had->seq && t.generation == had->generation;
}

/* Let what the log says from there on about key override *e and *found. */
static int
scan_for(struct pc_store *s, unsigned shard, uint64_t from,
    const struct pc_id *key, struct index_entry *e, int *found)
{
	const struct shard *h = &s->shard[shard];
	struct record r;
	struct scan scan;
	struct stat st;
	int more;

	if (fstat(h->log, &st) < 0)
		return -1;
	if ((uint64_t)st.st_size <= from)
		return 0;
	scan_init(&scan, h->log, h->slot.log_id, from, (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0) {
		if (memcmp(r.pub.key.b, key->b, sizeof key->b) != 0)
			continue;
		if (r.type == RECORD_TOUCH) {
			e->expires = r.pub.expires;
			continue;
		}
		*found = r.type == RECORD_PUT;
		*e = (struct index_entry){.offset = r.offset,
		    .length = r.length, .expires = r.pub.expires,
		    .external = r.external};
	}
	scan_clear(&scan);
	return more < 0 ? -1 : 0;
}

int
shard_find(struct pc_store *s, unsigned shard, int with,
    const struct pc_id *key, struct index_entry *e)
{
	struct shard *h = &s->shard[shard];
	uint64_t from = h->slot.log_end;
	int found = 0, r;

	if (with == 2) {
		from = LOG_HEADER;
	} else {
		r = index_get(h->index, key, e);
		if (r < 0)
			return -1;
		found = r == 0;
	}
	if (scan_for(s, shard, from, key, e, &found) < 0)
		return -1;
	return !found;
}

int
shard_read(struct pc_store *s, unsigned shard, const struct pc_id *key,
    const struct index_entry *e, struct pc_buf *bytes, struct record *r)
{
	const struct shard *h = &s->shard[shard];
	ssize_t n;

	if (e->length < RECORD_HEADER ||
	    e->length > 2 * (uint64_t)PC_MATERIAL_MAX + PC_INLINE_MAX +
	            RECORD_HEADER)
		return 1;
	bytes->len = 0;
	if (pc_buf_reserve(bytes, (size_t)e->length) < 0)
		return -1;
	n = pc_pread_full(
	    h->log, bytes->data, (size_t)e->length, (off_t)e->offset);
	if (n < 0)
		return -1;
	bytes->len = (size_t)n;
	return record_decode(bytes->data, bytes->len, h->slot.log_id,
	           e->offset, r) != 0 ||
	    r->type != RECORD_PUT || r->length != e->length ||
	    r->length != bytes->len || r->external != e->external ||
	    memcmp(r->pub.key.b, key->b, sizeof key->b) != 0;
}
