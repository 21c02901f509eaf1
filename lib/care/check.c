/* check.c - check that the state file, the logs, the indexes and the
 * directories agree.
 *
 * Under a shard's read lock the index does not change.  The log is read up to
 * the end that the slot names, and compared with the index both ways: each
 * record that is the newest of its key has an entry that points to it, and each
 * entry points to such a record.  If the slot says that the index must not be
 * used, as after a reboot, there is nothing to compare: the next user of the
 * shard rebuilds the index. */
#include "disk/entry.h"
#include "disk/file.h"
#include "disk/lock.h"
#include "ledger/fold.h"
#include "live.h"
#include "shard/logfile.h"
#include "shard/scan.h"
#include "shard/shard.h"
#include "sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FAULTS_MAX = 100 }; /* faults of one index that are reported */

struct shard_check {
	unsigned shard;
	void (*found)(void *ctx, const struct pc_damage *);
	void *ctx;
	unsigned faults;
	struct live live;
	struct pc_buf gaps; /* pairs of begin and end, 8 bytes each */
	struct pc_buf lost; /* keys of damaged records */
};

static void
fault(struct shard_check *c, uint64_t offset, const struct pc_id *key,
    const char *what)
{
	const struct pc_damage d = {.shard = c->shard,
	    .offset = offset,
	    .key = key,
	    .what = what};

	c->faults++;
	if (c->faults <= FAULTS_MAX)
		c->found(c->ctx, &d);
}

/* ---- the log ---- */

static int
add_gap(struct shard_check *c, uint64_t from, uint64_t to)
{
	if (from == to)
		return 0;
	return pc_buf_add_u64(&c->gaps, from) < 0 ||
		pc_buf_add_u64(&c->gaps, to) < 0
	    ? -1
	    : 0;
}

static int
read_log(struct shard_check *c, int log, const struct slot *t)
{
	uint64_t end = LOG_HEADER;
	struct record r;
	struct scan scan;
	int more;

	scan_init(&scan, log, t->log_id, LOG_HEADER, t->log_end);
	while ((more = scan_next(&scan, &r)) == 0) {
		if (add_gap(c, end, r.offset) < 0 ||
		    (r.type == RECORD_LOST &&
			(pc_buf_add(&c->lost, r.pub.key.b, sizeof r.pub.key.b) <
				0 ||
			    add_gap(c, r.offset, r.offset + r.length) < 0)) ||
		    live_apply(&c->live, &r) < 0) {
			more = -1;
			break;
		}
		end = scan.at;
	}
	scan_clear(&scan);
	if (more < 0)
		return -1;
	return end < t->log_end ? add_gap(c, end, t->log_end) : 0;
}

/* Is the key already reported as a damaged record of the log? */
static int
is_damaged(const struct shard_check *c, const struct pc_id *key,
    uint64_t offset)
{
	for (size_t i = 0; i < c->lost.len; i += sizeof key->b)
		if (memcmp(c->lost.data + i, key->b, sizeof key->b) == 0)
			return 1;
	for (size_t i = 0; i < c->gaps.len; i += 16)
		if (offset >= pc_decode_u64(c->gaps.data + i) &&
		    offset < pc_decode_u64(c->gaps.data + i + 8))
			return 1;
	return 0;
}

/* ---- the index ---- */

static int
check_entry(void *ctx, const struct pc_id *key, const struct index_entry *e)
{
	struct shard_check *c = ctx;

	if (!key)
		fault(c, 0, NULL, "the index has a damaged entry");
	else if (!live_find(&c->live, key) && !is_damaged(c, key, e->offset))
		fault(c, e->offset, key,
		    "the index names a record that the log does not have");
	return 0;
}

static void
check_record(struct shard_check *c, struct index *x, const struct live_entry *l)
{
	struct index_entry e;
	const int r = index_get(x, &l->key, &e);

	if (r < 0)
		fault(c, l->offset, &l->key,
		    "the index's entry for the record is damaged");
	else if (r == 1)
		fault(c, l->offset, &l->key, "the index lacks the record");
	else if (is_damaged(c, &l->key, e.offset))
		; /* the newest record is damaged; this is the one before it */
	else if (e.offset != l->offset || e.length != l->length ||
	    e.expires != l->expires || e.external != l->external)
		fault(c, l->offset, &l->key,
		    "the index does not agree with the record");
}

static int
check_index(struct shard_check *c, struct pc_store *s, const struct slot *t)
{
	const int fd = file_open(s, c->shard, "index", O_RDONLY);
	struct index *x = fd < 0 ? NULL : index_open(fd, 0);
	int r;

	if (!x && errno == ENOENT && shard_needs_no_index(t))
		return 0;
	if (!x && (errno == ENOENT || errno == EBADMSG)) {
		fault(c, 0, NULL,
		    errno == ENOENT ? "the index is missing"
				    : "the index is damaged");
		return 0;
	}
	if (!x)
		return -1;
	for (size_t i = 0; i < c->live.count; i++)
		if (!c->live.all[i].gone)
			check_record(c, x, &c->live.all[i]);
	r = index_each(x, check_entry, c);
	if (r < 0 && errno == EBADMSG) {
		fault(c, 0, NULL, "the index is damaged");
		r = 0;
	}
	index_close(x);
	return r;
}

/* ---- the shard ---- */

static int
check_open(struct shard_check *c, struct pc_store *s, int log,
    const struct slot *t)
{
	unsigned char id[LOG_ID];
	struct stat st;
	int r = log_header_read(log, c->shard, id);

	if (r < 0 || fstat(log, &st) < 0)
		return -1;
	if (r == 1)
		fault(c, 0, NULL, "the log's header is damaged");
	else if (memcmp(id, t->log_id, sizeof id) != 0)
		fault(c, 0, NULL, "the log is not the one that its slot names");
	/* Reading the log reports that it is too short. */
	if (c->faults || (uint64_t)st.st_size < t->log_end)
		return 0;
	if (read_log(c, log, t) < 0)
		return -1;
	return check_index(c, s, t);
}

static int
check_locked(struct shard_check *c, struct pc_store *s)
{
	struct slot t;
	struct stat st;
	int log, r = state_read(s, c->shard, &t), e;

	if (r == SLOT_UNUSED || (r < 0 && errno != EBADMSG))
		return r == SLOT_UNUSED ? 0 : -1;
	log = file_open(s, c->shard, "log", O_RDONLY);
	if (log < 0)
		return errno == ENOENT || errno == EBADMSG ? 0 : -1;
	/* A shard's creator writes the slot last; until then, the log is
	 * empty. */
	if (r < 0 && fstat(log, &st) == 0 && st.st_size > LOG_HEADER)
		fault(c, 0, NULL, "the shard's slot is damaged");
	r = r < 0 || t.dirty || t.boot != s->boot ? 0
						  : check_open(c, s, log, &t);
	e = errno;
	close(log);
	errno = e;
	return r;
}

static void
check_top(struct shard_check *c, struct pc_store *s)
{
	struct fold f;

	if (s->header_damaged)
		fault(c, 0, NULL, "the header of 'state' is damaged");
	if (fold_read(s, &f) < 0 && errno == EBADMSG)
		fault(c, 0, NULL, "'events.folded' is damaged");
	fold_clear(&f);
}

int
pc_store_check(struct pc_store *s, unsigned shard,
    void (*found)(void *ctx, const struct pc_damage *), void *ctx)
{
	struct shard_check c = {.shard = shard, .found = found, .ctx = ctx};
	int r, e;

	if (shard == 0)
		check_top(&c, s);
	if (lock_shard(s, shard, RANGE_SHARED) < 0)
		return -1;
	r = check_locked(&c, s);
	e = errno;
	shard_leave(s, shard);
	live_clear(&c.live);
	pc_buf_clear(&c.gaps);
	pc_buf_clear(&c.lost);
	errno = e;
	return r < 0 ? -1 : (int)c.faults;
}

/* ---- files of others ---- */

static int
is_ours(unsigned shard, const char *name)
{
	static const char *const own[] = {".", "..", "log", "log.damaged",
	    "log.next", "index", "index.next", "index.new"};

	if (shard == STORE_TOP)
		return entry_is_ours(name);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i]) == 0)
			return 1;
	return sweep_owns(name);
}

int
pc_store_foreign(struct pc_store *s, void (*each)(void *ctx, const char *path),
    void *ctx)
{
	struct dirent *entry;

	for (unsigned i = 0; i <= PC_SHARDS; i++) {
		DIR *d = dir_read(s, i);
		struct pc_error path;

		if (!d && errno != ENOENT)
			return -1;
		while (d && (entry = readdir(d))) {
			if (is_ours(i, entry->d_name))
				continue;
			if (i == STORE_TOP)
				pc_error_set(&path, "%s", entry->d_name);
			else
				pc_error_set(&path, "%02x/%s", i,
				    entry->d_name);
			each(ctx, path.text);
		}
		if (d)
			closedir(d);
	}
	return 0;
}
