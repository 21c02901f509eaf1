/* index_log.c - enter what was appended to the log into the index.
 *
 * Mark the slot dirty, change the index, then mark the slot clean with the new
 * end.  If the scheduler stops the process in between, no other process waits
 * for it.  If it dies there, the next user rebuilds the index. */
#include "disk/file.h"
#include "disk/lock.h"
#include "external.h"
#include "scan.h"
#include "shard.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 512 }; /* the unit of st_blocks */

/* Remove the value file of the record that r replaces, unless r has a value
 * file itself.  *safe: the log is on the disk, if that was promised. */
static void
drop_external(struct pc_store *s, unsigned shard, const struct record *r,
    int *safe)
{
	char name[NAME_EXTERNAL];
	struct pc_buf bytes = {0};
	struct index_entry e;
	struct record old;

	if (r->type == RECORD_TOUCH || r->type == RECORD_LOST || r->external ||
	    index_get(s->shard[shard].index, &r->pub.key, &e) != 0 ||
	    !e.external)
		return;
	if (!*safe)
		*safe = external_settle(s, shard, r) == 0;
	if (*safe &&
	    shard_read(s, shard, &r->pub.key, &e, 0, &bytes, &old) == 0) {
		external_name(&old, name);
		external_unlink(s, shard, name);
	}
	pc_buf_clear(&bytes);
}

static int
make_index(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	int fd;

	if (unlinkat(dir_of(s, shard), "index", 0) < 0 && errno != ENOENT)
		return -1;
	fd = file_open(s, shard, "index", O_RDWR | O_CREAT | O_EXCL);
	h->index = fd < 0 ? NULL : index_new(fd);
	h->index_writable = 1;
	return h->index ? 0 : -1;
}

/* Bytes of the disk that the index takes. */
static uint64_t
index_disk(const struct shard *h)
{
	struct stat st;

	return fstat(index_fd(h->index), &st) == 0
	    ? (uint64_t)st.st_blocks * BLOCK
	    : 0;
}

int
shard_index_log(struct pc_store *s, unsigned shard)
{
	struct shard *h = &s->shard[shard];
	struct record r;
	uint64_t before, after;
	struct scan scan;
	struct stat st;
	int more, safe = 0;

	if (fstat(h->log, &st) < 0)
		return -1;
	if ((uint64_t)st.st_size < h->slot.log_end) {
		errno = EBADMSG; /* the log was truncated by something else */
		return -1;
	}
	if ((uint64_t)st.st_size == h->slot.log_end)
		return 0;
	if (!h->index) {
		if (st.st_size < LOG_HEADER + TAIL_MAX)
			return 0; /* no index is needed yet */
		if (make_index(s, shard) < 0)
			return -1;
	}
	before = index_disk(h);
	scan_init(&scan, h->log, h->slot.log_id, h->slot.log_end,
	    (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0) {
		if (!h->slot.dirty) {
			h->slot.dirty = 1;
			more = state_write(s, shard, &h->slot);
		}
		if (more == 0)
			drop_external(s, shard, &r, &safe);
		if (more < 0 || index_apply(h->index, &r) < 0) {
			more = -1;
			break;
		}
	}
	/* Stop before bytes that are not a record: one may be being
	 * appended. */
	h->slot.log_end = scan.valid_end;
	repair_count_damage(s, scan.lost);
	scan_clear(&scan);
	after = index_disk(h);
	room_use(s, after > before ? after - before : 0);
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
shard_try_index_log(struct pc_store *s, unsigned shard)
{
	const struct shard *h = &s->shard[shard];
	struct stat st;
	int r;

	if (fstat(h->log, &st) < 0 ||
	    (uint64_t)st.st_size < h->slot.log_end + TAIL_MAX ||
	    lock_range(s->state, shard, RANGE_EXCLUSIVE, 0) != LOCK_TAKEN)
		return; /* another process will do it */
	r = shard_ready(s, shard, 1, RANGE_EXCLUSIVE);
	if (r == SHARD_READY)
		(void)shard_index_log(s, shard);
	shard_leave(s, shard);
}
