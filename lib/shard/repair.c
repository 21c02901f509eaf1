/* repair.c - create a shard, and rebuild its index from its log. */
#include "disk/disk.h"
#include "disk/file.h"
#include "event/event.h"
#include "index.h"
#include "logfile.h"
#include "scan.h"
#include "shard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BLOCK = 512, /* the unit of st_blocks */
	PAGE = 4096,
};

static int
new_log(struct pc_store *s, unsigned shard, unsigned char *log_id)
{
	int fd;

	if (getrandom(log_id, LOG_ID, 0) != LOG_ID)
		return -1;
	fd = file_open(s, shard, "log", O_RDWR | O_CREAT | O_EXCL);
	if (fd < 0)
		return -1;
	room_use(s, 2 * PAGE); /* with its directory */
	if (log_header_write(fd, shard, log_id) < 0) {
		int e = errno;

		close(fd);
		unlinkat(dir_of(s, shard), "log", 0);
		errno = e;
		return -1;
	}
	return fd;
}

void
repair_remove_leftovers(struct pc_store *s, unsigned shard)
{
	const int dir = dir_of(s, shard);

	if (dir < 0)
		return;
	unlinkat(dir, "log.next", 0);
	unlinkat(dir, "index.next", 0);
}

/* Open the log to write; create a new one if it cannot be read. */
static int
usable_log(struct pc_store *s, unsigned shard, struct slot *t)
{
	static const unsigned char none[LOG_ID];
	const int dir = dir_make(s, shard);
	unsigned char log_id[LOG_ID];
	struct stat st;
	int fd, r;

	if (dir < 0)
		return -1;
	fd = file_open(s, shard, "log", O_RDWR);
	if (fd < 0 && errno == ENOENT)
		return new_log(s, shard, t->log_id);
	if (fd < 0 && errno != EBADMSG)
		return -1;
	r = fd < 0 ? 1 : log_header_read(fd, shard, log_id);
	if (r == 1 && fd >= 0 && memcmp(t->log_id, none, LOG_ID) != 0) {
		/* The slot knows the id, so the records can be read. */
		memcpy(log_id, t->log_id, LOG_ID);
		r = log_header_write(fd, shard, log_id);
	} else if (r == 1 && fd >= 0) {
		r = log_identify(fd, shard, log_id);
		if (r == 0)
			r = log_header_write(fd, shard, log_id);
	}
	if (r == 0) {
		memcpy(t->log_id, log_id, LOG_ID);
		return fd;
	}
	if (r < 0) {
		int e = errno;

		close(fd);
		errno = e;
		return -1;
	}
	/* Keep the damaged log for inspection; one is enough.  An empty one,
	 * whose creator was killed, shows nothing. */
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size == 0)
		r = unlinkat(dir, "log", 0);
	else
		r = renameat(dir, "log", dir, "log.damaged");
	if (fd >= 0)
		close(fd);
	if (r < 0)
		return -1;
	return new_log(s, shard, t->log_id);
}

void
repair_count_damage(struct pc_store *s, unsigned records)
{
	const struct pc_event event = {.kind = PC_EVENT_DAMAGE};

	s->damaged += records;
	for (unsigned i = 0; i < records && i < 16; i++)
		event_add(s, &event);
}

/* Fill index from log; *end is where the last whole record ends. */
static int
replay(struct pc_store *s, struct index *x, int log,
    const unsigned char *log_id, uint64_t *end)
{
	struct record r;
	struct scan scan;
	struct stat st;
	int more;

	if (fstat(log, &st) < 0)
		return -1;
	scan_init(&scan, log, log_id, LOG_HEADER, (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0)
		if (index_apply(x, &r) < 0) {
			more = -1;
			break;
		}
	*end = scan.valid_end;
	repair_count_damage(s, scan.lost);
	scan_clear(&scan);
	return more < 0 ? -1 : 0;
}

int
repair_shard(struct pc_store *s, unsigned shard, struct slot *t)
{
	const struct pc_event event = {.kind = PC_EVENT_REBUILD};
	static const unsigned char none[LOG_ID];
	const int known = memcmp(t->log_id, none, LOG_ID) != 0;
	static const char made[] = "index.new";
	struct index *x = NULL;
	uint64_t end, mark[2];
	struct stat st;
	int log, dir, fd, small, r = -1, e;

	log = usable_log(s, shard, t);
	if (log < 0)
		return -1;
	repair_remove_leftovers(s, shard);
	dir = dir_of(s, shard);
	if (getrandom(mark, sizeof mark, 0) != sizeof mark)
		goto out;
	unlinkat(dir, made, 0);
	if (fstat(log, &st) < 0)
		goto out;
	small = shard_is_small(s) && st.st_size < LOG_HEADER + TAIL_MAX;
	if (!small) {
		fd = file_open(s, shard, made, O_RDWR | O_CREAT | O_EXCL);
		x = fd < 0 ? NULL : index_new(fd);
		if (!x)
			goto out;
	}
	if (replay(s, x, log, t->log_id, &end) < 0)
		goto out;
	if (small ? unlinkat(dir, "index", 0) < 0 && errno != ENOENT
		  : renameat(dir, made, dir, "index") < 0)
		goto out;
	if (!small && fstat(index_fd(x), &st) == 0)
		room_use(s, (uint64_t)st.st_blocks * BLOCK);
	if (end > LOG_HEADER) {
		s->rebuilt++;
		event_add(s, &event);
	}
	t->boot = s->boot;
	t->log_end = small ? LOG_HEADER : end;
	t->seq = mark[0];
	t->generation = mark[1];
	t->dirty = 0;
	if (!known && end > LOG_HEADER)
		t->synced = TO_BE_SYNCED; /* a put may have been promised to be
					     synced */
	r = state_write(s, shard, t);
out:
	e = errno;
	index_close(x);
	if (r < 0)
		unlinkat(dir, made, 0);
	close(log);
	errno = e;
	return r;
}
