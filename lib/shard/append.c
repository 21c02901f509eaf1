/* append.c - append records to the log.
 *
 * A record is appended by one O_APPEND write, with no lock: the log is the
 * truth, so that is all a put has to do.  When the part of the log that the
 * index lacks has grown, a process that gets the lock without waiting enters
 * it (index_log.c). */
#include "disk/file.h"
#include "disk/lock.h"
#include "external.h"
#include "scan.h"
#include "shard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* Open the log to append to, and the slot that names it.  The index may be in
 * any state. */
static int
open_to_append(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	struct slot t;

	if (state_read(s, shard, &t) == SLOT_READ && t.generation != 0) {
		shard_follow(h, &t);
		if (shard_open_files(s, shard, 1, 0) == 0)
			return 0;
		if (errno == EMFILE) {
			shard_close_all(s);
			return shard_open_files(s, shard, 1, 0);
		}
	}
	/* Creating or repairing the shard requires the lock. */
	if (shard_enter(s, shard, 1) < 0)
		return -1;
	shard_leave(s, shard);
	return 0;
}

/* Make the store and the promises of its slots survive a power loss. */
static int
sync_state(struct pc_store *s)
{
	int fd = openat(s->dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fdatasync(s->state);

	/* Not every directory can be synced; a parent may be of another
	 * kind. */
	if (fd >= 0 && fsync(fd) < 0 && errno == EIO)
		r = -1;
	if (fd >= 0)
		close(fd);
	return r;
}

int
shard_note_sync(struct pc_store *s, unsigned shard)
{
	struct slot *t = &s->shard[shard].slot;
	struct slot now;
	int r = 0;

	if (state_read(s, shard, &now) == SLOT_READ && now.synced == SYNCED)
		return 0;
	if (shard_enter(s, shard, 1) < 0)
		return -1;
	if (t->synced != SYNCED) {
		t->synced = TO_BE_SYNCED;
		r = state_write(s, shard, t);
		if (r == 0)
			r = sync_state(s);
		t->synced = SYNCED;
		if (r == 0)
			r = state_write(s, shard, t);
	}
	shard_leave(s, shard);
	return r;
}

/* Has the log been replaced since it was opened?  A slot that cannot be read
 * must be repaired, and opening the shard again does so. */
static int
replaced(struct pc_store *s, unsigned shard)
{
	struct slot t;

	return state_read(s, shard, &t) != SLOT_READ ||
	    t.generation != s->shard[shard].slot.generation;
}

/* The reason why only a part of a record was written: a file size limit, or
 * else a full disk. */
static int
why_short(int log)
{
	const off_t end = lseek(log, 0, SEEK_CUR);
	struct rlimit l;

	return end >= 0 && getrlimit(RLIMIT_FSIZE, &l) == 0 &&
		(rlim_t)end >= l.rlim_cur
	    ? EFBIG
	    : ENOSPC;
}

/* Round up to whole pages. */
static uint64_t
pages(uint64_t n)
{
	return (n + PAGE - 1) / PAGE * PAGE;
}

/* Append with one write, so that the record is not mixed with those of other
 * processes.  1: the write was before the end that the index knows, so the log
 * was truncated. */
static int
write_record(struct pc_store *s, const struct shard *h, struct record *r,
    const struct pc_buf *lead, const void *value, size_t n)
{
	struct iovec v[3] = {{lead->data, lead->len},
	    {(void *)(uintptr_t)value, n}, {r->trailer, RECORD_TRAILER}};
	ssize_t done;
	off_t end;

	do
		done = writev(h->log, v, 3);
	while (done < 0 && errno == EINTR);
	if (done >= 0 && (uint64_t)done < r->length) {
		/* What was written is not a record; scans skip it. */
		errno = why_short(h->log);
		return -1;
	}
	if (done < 0)
		return -1;
	r->written = 1;
	end = lseek(h->log, 0, SEEK_CUR);
	if (end < 0)
		return -1;
	room_use(s, pages((uint64_t)end) - pages((uint64_t)end - r->length));
	return (uint64_t)end < h->slot.log_end + r->length;
}

static int
rebuild(struct pc_store *s, unsigned shard)
{
	shard_distrust(s, shard);
	if (shard_enter(s, shard, 1) < 0)
		return -1;
	shard_leave(s, shard);
	return 0;
}

int
shard_append(struct pc_store *s, unsigned shard, struct record *r,
    const void *value, size_t value_len)
{
	struct shard *h = &s->shard[shard];
	struct pc_buf lead = {0};
	int result = -1, cut, again, e;

	do {
		lead.len = 0;
		if (open_to_append(s, shard) < 0 ||
		    record_encode(r, h->slot.log_id, &lead) < 0)
			goto out;
		cut = write_record(s, h, r, &lead, value, value_len);
		if (cut < 0 ||
		    (s->flags & PC_STORE_SYNC &&
			file_sync(s, shard, h->log) < 0))
			goto out;
		/* Had the log been replaced before the write, what was
		 * written is in the old one. */
		again = replaced(s, shard);
		/* Repairing a truncated log can overwrite the record's
		 * beginning. */
		if (cut && !again && rebuild(s, shard) < 0)
			goto out;
	} while (cut || again);
	result = 0;
out:
	e = errno;
	pc_buf_clear(&lead);
	errno = e;
	return result;
}

int
pc_record_stands(const struct pc_record *there, const struct pc_record *r)
{
	return there->created >= r->created ||
	    (memcmp(there->output.b, r->output.b, sizeof r->output.b) == 0 &&
		there->expires >= r->expires);
}

/* Does the key have a record that r must not replace?  A damaged one does not
 * count. */
static int
stands(struct pc_store *s, unsigned shard, const struct record *r)
{
	struct pc_buf bytes = {0};
	struct index_entry e = {0};
	struct record there;
	int found = shard_find(s, shard, SHARD_READY, &r->pub.key, &e);

	if (found == 0) {
		found = shard_read(s, shard, &r->pub.key, &e, 0, &bytes,
		    &there);
		there.pub.expires = e.expires;
	}
	if (found == 0)
		found = !pc_record_stands(&there.pub, &r->pub);
	pc_buf_clear(&bytes);
	return found < 0 ? -1 : !found;
}

/* While the slot has the generation 0, a process that appended without a lock
 * sees the change, waits for the lock, and appends again behind this record.
 * If this process dies meanwhile, the slot stays dirty, and the next user
 * rebuilds the index. */
int
shard_append_newer(struct pc_store *s, unsigned shard, struct record *r,
    const void *value, size_t value_len)
{
	struct shard *h = &s->shard[shard];
	struct slot fence = h->slot;
	struct pc_buf lead = {0};
	uint64_t mark;
	int result, e;

	fence.generation = 0;
	fence.dirty = 1;
	if (getrandom(&mark, sizeof mark, 0) != sizeof mark ||
	    state_write(s, shard, &fence) < 0)
		return -1;
	result = stands(s, shard, r);
	if (result == 0)
		result = record_encode(r, h->slot.log_id, &lead);
	if (result == 0) {
		const int cut = write_record(s, h, r, &lead, value, value_len);

		if (cut == 1)
			errno = EBADMSG;
		result = cut ? -1 : 0;
	}
	if (result == 0 && s->flags & PC_STORE_SYNC)
		result = file_sync(s, shard, h->log);
	e = errno;
	h->slot.generation = mark | 1;
	/* If that fails, the next user repairs it. */
	(void)state_write(s, shard, &h->slot);
	pc_buf_clear(&lead);
	errno = e;
	return result;
}
