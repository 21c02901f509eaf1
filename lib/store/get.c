/* get.c - look up a key: a hit whose every byte was verified, or a miss. */
#include "disk/disk.h"
#include "shard/external.h"
#include "shard/shard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Open the value's file, or verify the value in the record.  1: it is damaged
 * or missing. */
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

/* Results of a lookup besides PC_HIT and PC_MISS. */
enum { INDEX_DAMAGED = 2, RECORD_DAMAGED = 3 };

/* Look up a key in an open shard; ready says how it can be read. */
static int
look(struct pc_store *s, unsigned shard, int ready, const struct pc_id *key,
    unsigned flags, struct pc_hit *hit)
{
	const int with_value = !(flags & PC_GET_HEADER);
	struct index_entry e = {0};
	struct record r;
	int found = shard_find(s, shard, ready, key, &e);

	if (found < 0)
		return errno == EBADMSG ? INDEX_DAMAGED : -1;
	if (found == 1)
		return PC_MISS;
	found = shard_read(s, shard, key, &e, with_value, &hit->bytes, &r);
	if (found == 0 && with_value)
		found = open_value(s, &r, hit);
	if (found != 0)
		return found < 0 ? -1 : RECORD_DAMAGED;
	hit->record = r.pub;
	hit->record.expires = e.expires;
	return PC_HIT;
}

/* Try once, without a lock if that is possible. */
static int
try_get(struct pc_store *s, unsigned shard, const struct pc_id *key,
    unsigned flags, struct pc_hit *hit)
{
	int ready = shard_peek(s, shard), found, e;

	if (ready == SHARD_EMPTY)
		return PC_MISS;
	if (ready == SHARD_READY) {
		found = look(s, shard, ready, key, flags, hit);
		if (found == PC_HIT || shard_unchanged(s, shard))
			return found;
		/* What was read while it changed may be cached, so drop it. */
		shard_close(&s->shard[shard]);
	}
	ready = shard_enter(s, shard, 0);
	if (ready == SHARD_EMPTY || ready < 0)
		return ready < 0 ? -1 : PC_MISS;
	found = look(s, shard, ready, key, flags, hit);
	e = errno;
	shard_leave(s, shard);
	errno = e;
	return found;
}

/* A record is a hit if it has not expired and its value is intact. */
static int
verify(struct pc_hit *hit, unsigned flags)
{
	int bad = 0;

	hit->expired = record_expired(&hit->record, pc_now());
	if (hit->expired && !(flags & PC_GET_EXPIRED))
		return PC_MISS;
	/* The open file stays the same, even if its name is removed or
	 * replaced. */
	if (hit->fd >= 0)
		bad = external_verify(&hit->record, hit->fd);
	return bad == 1 ? RECORD_DAMAGED : bad;
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
	if (found == INDEX_DAMAGED) {
		shard_distrust(s, shard);
		found = try_get(s, shard, key, flags, hit);
	}
	if (found == PC_HIT)
		found = verify(hit, flags);
	if (found == INDEX_DAMAGED || found == RECORD_DAMAGED) {
		struct pc_event event = {.kind = PC_EVENT_DAMAGE, .key = *key};

		s->damaged++;
		pc_event_add(s, &event);
		found = PC_MISS;
	}
	if (found != PC_HIT && hit->fd >= 0) {
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
	/* fd is 0 in an all-zero hit; a value never has descriptor 0. */
	if (hit->fd > 0)
		close(hit->fd);
	pc_buf_clear(&hit->bytes);
	*hit = (struct pc_hit){0};
}
