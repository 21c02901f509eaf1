/* fold_file.c - the file events.folded: read it, replace it, or put it aside.
 */
#include "fold_file.h"

#include "disk/disk.h"
#include "disk/file.h"
#include "disk/lock.h"
#include "event/event.h"
#include "fold_age.h"
#include "fold_format.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char name[] = "events.folded", new_name[] = "tmp.events.folded";
static const char damaged_name[] = "events.folded.damaged";

enum {
	READ_MAX = 64 * 1024 * 1024,
	/* Bytes; the oldest periods are forgotten if the file would be
	 * larger. */
	WRITE_MAX = 8 * 1024 * 1024,
	DAYS = 240,            /* kept in the first try to make it smaller */
	COMMIT_WAIT = 5000000, /* us; readers need some 100 us */
};

static const int64_t day = 24 * 3600 * 1000000LL;

int
fold_read(struct pc_store *s, struct fold *f)
{
	struct pc_buf b = {0};
	int fd, r, e;

	*f = (struct fold){
	    .tally = {.by = PC_BY_STAGE | PC_BY_PROGRAM | PC_BY_DAY}};
	fd = file_open(s, STORE_TOP, name, O_RDONLY);
	if (fd < 0)
		return errno == ENOENT ? 1 : -1;
	r = pc_read_all(fd, &b, READ_MAX);
	if (r == 0)
		r = fold_decode(b.data, b.len, f);
	e = errno == EFBIG ? EBADMSG : errno;
	close(fd);
	pc_buf_clear(&b);
	errno = e;
	return r;
}

int
fold_read_logs(struct pc_store *s, struct fold_log logs[LOGS])
{
	unsigned char p[FOLD_LOGS_END];
	int fd = file_open(s, STORE_TOP, name, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = pc_pread_full(fd, p, sizeof p, 0);
	close(fd);
	return n < 0 ? -1 : fold_decode_logs(p, (size_t)n, logs);
}

int
fold_read_or_set_aside(struct pc_store *s, struct fold *f)
{
	int r = fold_read(s, f);

	if (r >= 0)
		return 0;
	if (errno != EBADMSG)
		return -1;
	return renameat(s->dir, name, s->dir, damaged_name);
}

/* Replace the former file; write it to the disk first if a log may be removed
 * then. */
static int
replace_file(struct pc_store *s, const struct pc_buf *b, int sync)
{
	int fd, r, e;

	unlinkat(s->dir, new_name, 0);
	fd = file_open(s, STORE_TOP, new_name, O_WRONLY | O_CREAT | O_EXCL);
	if (fd < 0)
		return -1;
	r = pc_write_full(fd, b->data, b->len);
	if (r == 0 && sync)
		r = fdatasync(fd);
	close(fd);
	if (r == 0) {
		int locked = lock_range(s->state, LOCK_ROTATE, RANGE_EXCLUSIVE,
		    COMMIT_WAIT);

		r = renameat(s->dir, new_name, s->dir, name);
		if (locked == LOCK_TAKEN)
			lock_range(s->state, LOCK_ROTATE, RANGE_FREE, 0);
	}
	e = errno;
	if (r < 0)
		unlinkat(s->dir, new_name, 0);
	errno = e;
	return r;
}

int
fold_write(struct pc_store *s, struct fold *f, int sync)
{
	const uint64_t logs = event_log_max(s) / 8;
	const uint64_t max = logs < WRITE_MAX ? logs : WRITE_MAX;
	struct pc_buf b = {0};
	int64_t now = pc_now(), from = 0;
	int r = fold_age(f, now);

	if (r == 0)
		r = fold_encode(f, 0, &b);
	for (int keep = DAYS; r == 0 && b.len > max; keep /= 2) {
		from = now - keep * day;
		r = fold_encode(f, from, &b);
		if (keep == 0)
			break;
	}
	if (r == 0)
		r = replace_file(s, &b, sync);
	pc_buf_clear(&b);
	return r;
}

int
fold_forget(struct pc_store *s)
{
	static const char *const all[] = {name, new_name, damaged_name};

	for (size_t i = 0; i < 3; i++)
		if (unlinkat(s->dir, all[i], 0) < 0 && errno != ENOENT)
			return -1;
	return 0;
}
