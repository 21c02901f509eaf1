/* compact.c - a shard's log written anew, without what is of no more use.
 *
 * The records that stay are copied to a file without a name, and indexed,
 * while everybody goes on with the old log; what was appended meanwhile is
 * copied as it is.  Then, under the shard's lock:
 *
 *   1. the slot's generation becomes 0 and the slot dirty.  Whoever appends
 *      looks at the generation after the write; so all that was acknowledged
 *      is in the old log by now, and whoever looks later waits for the lock
 *      and appends again.
 *   2. what the old log has that the new one lacks is copied: a moment's.
 *   3. the new log takes the name of the old one, then the new index.
 *   4. the slot gets a new generation.
 *
 * Who dies before 3 leaves the old log, whole; after it the new one, whole;
 * and a dirty slot, so that the next user makes the index.  The log's id
 * stays: a process that has still the old slot and opens the new log finds
 * and writes records that are good there. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LOCK_COMPACT = 8192,   /* and the shard: it is being compacted */
	TAIL_SMALL = 16 * 1024, /* that may be copied under the lock */
	ROUNDS = 8,
	COPY_CHUNK = 4 * 1024 * 1024,
	DAMAGED_MAX = 1024 * 1024, /* bytes of damaged records that are kept */
};

/* A file on its way to its name. */
struct fresh {
	int fd;
	int named; /* it has one already: name.next */
};

struct pc_compact {
	struct pc_store *s;
	unsigned shard;
	const struct pc_compact_options *o;
	struct pc_compact_report *report;
	int64_t now;
	struct slot slot;    /* as it was at the beginning */
	unsigned char log_id[LOG_ID];
	int locked;
	int old;             /* the log */
	uint64_t from;       /* the old log is copied up to here, */
	uint64_t to;         /* to here in the new one */
	struct live live;
	struct pc_buf lost;  /* pairs of offset and length, 8 bytes each */
	int worth;           /* something is to be gained */
	struct fresh log, index_file;
	struct index *index;
	int synced;          /* the new log is on the disk up to synced_to */
	uint64_t synced_to;
};

static int
stopped(const struct pc_compact *c)
{
	if (!c->o->stop || !*c->o->stop)
		return 0;
	errno = ECANCELED;
	return 1;
}

static void
damage(const struct pc_compact *c, uint64_t offset, const struct pc_id *key,
    const char *what)
{
	const struct pc_damage d = {
	    .shard = c->shard, .offset = offset, .key = key, .what = what};

	c->report->damaged++;
	if (c->o->damage)
		c->o->damage(c->o->ctx, &d);
}

/* ---- what is there ---- */

/* Bytes that are no record.  A writer that was killed leaves the beginning of
 * one; anything else was something once. */
static int
look_at_gap(struct pc_compact *c, uint64_t from, uint64_t to)
{
	static const unsigned char begin[8] = {
	    'p', 'c', 'r', 'e', 'c', 0xa5, '\r', '\n'};
	unsigned char p[sizeof begin];
	const size_t n = to - from < sizeof p ? (size_t)(to - from) : sizeof p;

	if (n == 0)
		return 0;
	c->worth |= (c->o->flags & PC_COMPACT_FORGET) != 0;
	if (pc_pread_full(c->old, p, n, (off_t)from) != (ssize_t)n)
		return -1;
	if (memcmp(p, begin, n) != 0)
		damage(c, from, NULL, "bytes that are no record");
	return 0;
}

static int
take_lost(struct pc_compact *c, const struct record *r)
{
	/* A second key that the same bytes may have had. */
	if (r->length == 0)
		return 0;
	damage(c, r->offset, &r->pub.key, "the record is damaged");
	c->worth = 1;
	return pc_buf_add_u64(&c->lost, r->offset) < 0 ||
	        pc_buf_add_u64(&c->lost, r->length) < 0
	    ? -1
	    : 0;
}

static int
read_log(struct pc_compact *c)
{
	uint64_t end = LOG_HEADER;
	struct record r;
	struct scan scan;
	struct stat st;
	int more;

	if (fstat(c->old, &st) < 0)
		return -1;
	c->report->before += (uint64_t)st.st_size;
	scan_init(&scan, c->old, c->log_id, LOG_HEADER, (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0) {
		if (stopped(c))
			more = -1;
		else if (r.type == RECORD_LOST)
			more = take_lost(c, &r);
		else
			more = look_at_gap(c, end, r.offset);
		if (more < 0 || live_apply(&c->live, &r) < 0) {
			more = -1;
			break;
		}
		end = scan.at;
	}
	c->from = scan.valid_end;
	scan_clear(&scan);
	return more < 0 ? -1 : 0;
}

/* Is the value's file, which is not what it was, still that of e's key? */
static int
still_named(struct pc_compact *c, const struct live_entry *e)
{
	struct index_entry now = {0};
	int ready = shard_enter(c->s, c->shard, 0), found;

	if (ready == 1 || ready < 0)
		return ready < 0;
	found = shard_find(c->s, c->shard, ready, &e->key, &now) == 0 &&
	    now.offset == e->offset &&
	    c->s->shard[c->shard].slot.generation == c->slot.generation;
	shard_leave(c->s, c->shard);
	return found;
}

/* Is the value what it was?  0, 1: no, -1. */
static int
verify_value(struct pc_compact *c, const struct live_entry *e,
    const struct record *r)
{
	const char *what = "the value's file is missing";
	struct pc_id id;
	int fd = -1, bad;

	if (!r->external) {
		pc_sha256(r->pub.extra + r->pub.extra_len,
		    (size_t)r->pub.size, &id);
		what = "the value is damaged";
		bad = memcmp(id.b, r->pub.output.b, sizeof id.b) != 0;
	} else if ((bad = external_open(c->s, r, &fd)) == 0) {
		what = "the value's file is damaged";
		bad = external_verify(&r->pub, fd);
		close(fd);
	}
	if (bad == 1 && r->external && !still_named(c, e))
		return 0; /* it was replaced meanwhile, and rightly went */
	if (bad == 1)
		damage(c, r->offset, &r->pub.key, what);
	return bad;
}

/* Does e's record stay? */
static int
decide(struct pc_compact *c, struct live_entry *e, struct pc_buf *b)
{
	struct pc_compact_report *report = c->report;
	const unsigned flags = c->o->flags;
	uint64_t bytes = e->length;
	struct record r;
	int go = 0;

	if (c->o->drop || e->external || flags & PC_COMPACT_VERIFY) {
		go = live_read(c->old, c->log_id, e,
		    (flags & PC_COMPACT_VERIFY) != 0, b, &r);
		if (go < 0)
			return -1;
		if (go == 1)
			damage(c, e->offset, &e->key, "the record is damaged");
		if (go == 0 && flags & PC_COMPACT_VERIFY)
			go = verify_value(c, e, &r);
		if (go < 0)
			return -1;
		if (go == 1) {
			e->gone = 1;
			c->worth = 1;
			return pc_buf_add_u64(&c->lost, e->offset) < 0 ||
			        pc_buf_add_u64(&c->lost, e->length) < 0
			    ? -1
			    : 0;
		}
		bytes += e->external ? r.pub.size : 0;
		r.pub.expires = e->expires;
	}
	if (flags & PC_COMPACT_EXPIRED && e->expires <= c->now) {
		report->expired++;
		report->expired_bytes += bytes;
		go = 1;
	} else if (c->o->drop && (go = c->o->drop(c->o->ctx, &r.pub)) == 1) {
		report->dropped++;
		report->dropped_bytes += bytes;
	}
	if (go < 0)
		return -1;
	if (go) {
		e->gone = 1;
		c->worth = 1;
		return 0;
	}
	report->records++;
	report->bytes += bytes;
	c->to += e->length;
	return 0;
}

static int
decide_all(struct pc_compact *c)
{
	struct pc_buf b = {0};
	int r = 0;

	c->to = LOG_HEADER;
	for (size_t i = 0; r == 0 && i < c->live.count; i++) {
		if (stopped(c))
			r = -1;
		else if (!c->live.all[i].gone)
			r = decide(c, &c->live.all[i], &b);
	}
	pc_buf_clear(&b);
	return r;
}

/* ---- files ---- */

static void
fresh_close(struct pc_compact *c, struct fresh *f, const char *next)
{
	char path[24];

	if (f->fd >= 0)
		close(f->fd);
	if (f->named) {
		shard_path(c->shard, next, path, sizeof path);
		unlinkat(c->s->dir, path, 0);
	}
	*f = (struct fresh){.fd = -1};
}

static int
fresh_open(struct pc_compact *c, struct fresh *f, const char *next)
{
	char path[24];

	shard_path(c->shard, "", path, sizeof path);
	/* Without a name nothing is left of it when this process dies. */
	if (access("/proc/self/fd", X_OK) == 0) {
		f->fd = openat(
		    c->s->dir, path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (f->fd >= 0)
			return 0;
	}
	shard_path(c->shard, next, path, sizeof path);
	unlinkat(c->s->dir, path, 0);
	f->fd = openat(c->s->dir, path,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	f->named = f->fd >= 0;
	return f->fd < 0 ? -1 : 0;
}

/* Give it that name, in place of what has it. */
static int
fresh_place(struct pc_compact *c, struct fresh *f, int fd, const char *next,
    const char *name)
{
	char from[24], to[24], self[32];

	shard_path(c->shard, next, from, sizeof from);
	shard_path(c->shard, name, to, sizeof to);
	if (!f->named) {
		unlinkat(c->s->dir, from, 0);
		snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
		if (linkat(AT_FDCWD, self, c->s->dir, from,
		        AT_SYMLINK_FOLLOW) < 0)
			return -1;
		f->named = 1;
	}
	if (renameat(c->s->dir, from, c->s->dir, to) < 0)
		return -1;
	f->named = 0;
	return 0;
}

void
compact_clean(struct pc_store *s, unsigned shard)
{
	char path[24];

	shard_path(shard, "log.next", path, sizeof path);
	unlinkat(s->dir, path, 0);
	shard_path(shard, "index.next", path, sizeof path);
	unlinkat(s->dir, path, 0);
}

/* ---- copying ---- */

static int
copy_slowly(int in, uint64_t from, int out, uint64_t to, size_t n)
{
	unsigned char *buf = malloc(PC_IO_CHUNK);
	int r = buf ? 0 : -1, e;

	while (r == 0 && n > 0) {
		size_t ask = n < PC_IO_CHUNK ? n : PC_IO_CHUNK;
		ssize_t got = pc_pread_full(in, buf, ask, (off_t)from);

		if (got >= 0 && (size_t)got < ask)
			errno = EBADMSG; /* it was cut meanwhile */
		r = got == (ssize_t)ask
		    ? pc_pwrite_full(out, buf, ask, (off_t)to)
		    : -1;
		from += ask;
		to += ask;
		n -= ask;
	}
	e = errno;
	free(buf);
	errno = e;
	return r;
}

static int
copy(struct pc_compact *c, uint64_t from, uint64_t to, uint64_t n)
{
	while (n > 0) {
		size_t ask = n < COPY_CHUNK ? (size_t)n : COPY_CHUNK;
		off_t in = (off_t)from, out = (off_t)to;
		ssize_t done;

		if (stopped(c))
			return -1;
		done = copy_file_range(c->old, &in, c->log.fd, &out, ask, 0);
		if (done < 0 && errno == ENOSPC)
			return -1;
		if (done <= 0) {
			if (copy_slowly(c->old, from, c->log.fd, to, ask) < 0)
				return -1;
			done = (ssize_t)ask;
		}
		from += (uint64_t)done;
		to += (uint64_t)done;
		n -= (uint64_t)done;
	}
	return 0;
}

/* Copy a record whose time to go was changed: it says so itself now. */
static int
copy_touched(struct pc_compact *c, const struct live_entry *e)
{
	struct pc_buf old = {0}, new = {0};
	struct record r;
	int result = live_read(c->old, c->log_id, e, 1, &old, &r);

	if (result == 1)
		errno = EBADMSG;
	if (result == 0) {
		size_t value = r.external ? 0 : (size_t)r.pub.size;
		const unsigned char *p = r.pub.extra + r.pub.extra_len;

		r.pub.expires = e->expires;
		if (record_encode(&r, c->log_id, &new) < 0 ||
		    pc_buf_add(&new, p, value) < 0 ||
		    pc_buf_add(&new, r.trailer, RECORD_TRAILER) < 0)
			result = -1;
		else
			result = pc_pwrite_full(
			    c->log.fd, new.data, new.len, (off_t)e->to);
	}
	pc_buf_clear(&old);
	pc_buf_clear(&new);
	return result == 0 ? 0 : -1;
}

/* Copy the records that stay, neighbours at once. */
static int
copy_live(struct pc_compact *c)
{
	uint64_t from = 0, n = 0;

	c->to = LOG_HEADER;
	for (size_t i = 0; i < c->live.count; i++) {
		struct live_entry *e = &c->live.all[i];

		if (e->gone)
			continue;
		if ((e->touched || e->offset != from + n) && n > 0) {
			if (copy(c, from, c->to - n, n) < 0)
				return -1;
			n = 0;
		}
		e->to = c->to;
		c->to += e->length;
		if (e->touched) {
			if (copy_touched(c, e) < 0)
				return -1;
			continue;
		}
		if (n == 0)
			from = e->offset;
		n += e->length;
	}
	return copy(c, from, c->to - n, n);
}

static int
index_live(struct pc_compact *c)
{
	for (size_t i = 0; i < c->live.count; i++) {
		const struct live_entry *e = &c->live.all[i];
		const struct index_entry x = {.offset = e->to,
		    .length = e->length, .expires = e->expires,
		    .external = e->external};

		if (e->gone)
			continue;
		if (stopped(c) || index_put(c->index, &e->key, &x) < 0)
			return -1;
	}
	return 0;
}

/* Copy what was appended since, as it is: records that replace or remove, and
 * what is damaged. */
static int
copy_tail(struct pc_compact *c, uint64_t *copied)
{
	struct record r;
	struct scan scan;
	struct stat st;
	int more;

	*copied = 0;
	if (fstat(c->old, &st) < 0)
		return -1;
	if ((uint64_t)st.st_size <= c->from)
		return 0;
	scan_init(
	    &scan, c->old, c->log_id, c->from, (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0) {
		r.offset += c->to - c->from;
		if (index_apply(c->index, &r) < 0) {
			more = -1;
			break;
		}
	}
	*copied = scan.valid_end - c->from;
	scan_clear(&scan);
	if (more < 0 || copy(c, c->from, c->to, *copied) < 0)
		return -1;
	c->from += *copied;
	c->to += *copied;
	return 0;
}

static int
sync_log(struct pc_compact *c)
{
	if (c->synced && c->synced_to == c->to)
		return 0;
	if (fdatasync(c->log.fd) < 0)
		return -1;
	c->synced = 1;
	c->synced_to = c->to;
	return 0;
}

/* Damaged records are kept aside for a person to look at, but not without
 * bound. */
static void
keep_damaged(struct pc_compact *c)
{
	char path[24];
	struct stat st;
	int fd;

	if (c->lost.len == 0)
		return;
	shard_path(c->shard, "log.damaged", path, sizeof path);
	fd = openat(c->s->dir, path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	for (size_t i = 0; i < c->lost.len; i += 16) {
		const uint64_t at = pc_load_u64(c->lost.data + i);
		const uint64_t n = pc_load_u64(c->lost.data + i + 8);

		if (fstat(fd, &st) < 0 || n > DAMAGED_MAX ||
		    (uint64_t)st.st_size + n > DAMAGED_MAX ||
		    copy_slowly(c->old, at, fd, (uint64_t)st.st_size,
		        (size_t)n) < 0)
			break;
	}
	close(fd);
}

/* ---- the steps ---- */

static void
compact_free(struct pc_compact *c)
{
	int e = errno;

	index_close(c->index);
	fresh_close(c, &c->log, "log.next");
	fresh_close(c, &c->index_file, "index.next");
	if (c->old >= 0)
		close(c->old);
	if (c->locked)
		lock_range(
		    c->s->state, LOCK_COMPACT + c->shard, RANGE_FREE, 0);
	live_clear(&c->live);
	pc_buf_clear(&c->lost);
	free(c);
	errno = e;
}

/* Open the log and remember the slot.  1: there is nothing. */
static int
take_hold(struct pc_compact *c)
{
	struct shard *h = &c->s->shard[c->shard];
	int r = shard_enter(c->s, c->shard, 0);

	if (r == 1 || r < 0)
		return r;
	memcpy(c->log_id, h->slot.log_id, LOG_ID);
	c->old = fcntl(h->log, F_DUPFD_CLOEXEC, 3);
	if (state_read(c->s, c->shard, &c->slot) != 0)
		c->slot = (struct slot){0};
	shard_leave(c->s, c->shard);
	return c->old < 0 ? -1 : 0;
}

int
pc_compact_begin(struct pc_store *s, unsigned shard,
    const struct pc_compact_options *o, struct pc_compact_report *report,
    struct pc_compact **out)
{
	struct pc_compact *c;
	int r = 0;

	if (s->flags & PC_STORE_READ_ONLY &&
	    !(o->flags & PC_COMPACT_DRY_RUN)) {
		errno = EROFS;
		return -1;
	}
	c = calloc(1, sizeof *c);
	if (!c)
		return -1;
	*c = (struct pc_compact){.s = s, .shard = shard, .o = o,
	    .report = report, .now = pc_now(), .old = -1,
	    .log.fd = -1, .index_file.fd = -1};
	if (!(o->flags & PC_COMPACT_DRY_RUN)) {
		r = lock_range(s->state, LOCK_COMPACT + shard,
		    RANGE_EXCLUSIVE, o->wait);
		c->locked = r == 0;
	}
	*out = NULL;
	if (r == 0) {
		r = take_hold(c);
		if (r == 0)
			*out = c;
		else if (r == 1)
			r = 0;
	}
	if (!*out)
		compact_free(c);
	return r;
}

int
pc_compact_copy(struct pc_compact *c)
{
	uint64_t copied = TAIL_SMALL + 1;

	if (read_log(c) < 0 || decide_all(c) < 0)
		return -1;
	c->worth |= c->o->flags & PC_COMPACT_FORGET && c->live.dead > 0;
	c->report->after += c->worth ? c->to : c->from;
	c->report->rewritten += (unsigned)c->worth;
	if (!c->worth || c->o->flags & PC_COMPACT_DRY_RUN)
		return 0;
	keep_damaged(c);
	if (fresh_open(c, &c->log, "log.next") < 0 ||
	    fresh_open(c, &c->index_file, "index.next") < 0)
		return -1;
	c->index = index_new(c->index_file.fd);
	c->index_file.fd = -1; /* the index has it */
	if (!c->index || log_header_write(c->log.fd, c->shard, c->log_id) < 0 ||
	    copy_live(c) < 0 || index_live(c) < 0)
		return -1;
	if ((c->o->flags & PC_COMPACT_SYNC || c->slot.synced) &&
	    sync_log(c) < 0)
		return -1;
	for (int i = 0; i < ROUNDS && copied > TAIL_SMALL; i++)
		if (copy_tail(c, &copied) < 0)
			return -1;
	if (c->slot.synced && sync_log(c) < 0)
		return -1;
	return 0;
}

/* Under the lock, have the new log take the old one's place. */
static int
replace(struct pc_compact *c)
{
	struct slot t = {0}, fence;
	uint64_t copied, mark[2];
	int e;

	if (state_read(c->s, c->shard, &t) != 0)
		t = (struct slot){0};
	if (t.generation != c->slot.generation)
		return 2;
	if (getrandom(mark, sizeof mark, 0) != sizeof mark)
		return -1;
	fence = t;
	fence.generation = 0;
	fence.dirty = 1;
	if (state_write(c->s, c->shard, &fence) < 0)
		return -1;
	if (copy_tail(c, &copied) < 0 || (t.synced && sync_log(c) < 0) ||
	    fresh_place(c, &c->log, c->log.fd, "log.next", "log") < 0) {
		e = errno;
		/* All is as it was. */
		state_write(c->s, c->shard, &t);
		errno = e;
		return -1;
	}
	/* From here on the next user would make the index. */
	if (fresh_place(c, &c->index_file, index_fd(c->index), "index.next",
	        "index") < 0)
		return -1;
	memcpy(t.log_id, c->log_id, LOG_ID);
	t.boot = c->s->boot;
	t.log_end = c->to;
	t.seq = mark[0];
	t.generation = mark[1] | 1;
	t.dirty = 0;
	return state_write(c->s, c->shard, &t);
}

int
pc_compact_end(struct pc_compact *c, int done)
{
	struct pc_store *s = c->s;
	int r = done;

	if (r == 0 && c->index) {
		r = lock_shard(s, c->shard, RANGE_EXCLUSIVE);
		if (r == 0) {
			int e;

			r = replace(c);
			e = errno;
			shard_close(&s->shard[c->shard]);
			shard_leave(s, c->shard);
			errno = e;
		}
	}
	/* What it cannot remove now it can the next time. */
	if (r == 0)
		(void)sweep_shard(s, c->shard, &c->live, c->o, c->report);
	compact_free(c);
	return r;
}

int
pc_store_compact(struct pc_store *s, unsigned shard,
    const struct pc_compact_options *o, struct pc_compact_report *report)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct pc_compact_report one = *report;
		struct pc_compact *c;
		int r = pc_compact_begin(s, shard, o, &one, &c);

		if (r != 0 || !c)
			return r;
		r = pc_compact_end(c, pc_compact_copy(c));
		if (r == 2)
			continue;
		if (r == 0)
			*report = one;
		return r;
	}
	errno = EAGAIN;
	return -1;
}

int
pc_store_live(struct pc_store *s, unsigned shard,
    int (*each)(void *ctx, const struct pc_record *), void *ctx)
{
	const struct pc_compact_options o = {
	    .flags = PC_COMPACT_DRY_RUN, .drop = each, .ctx = ctx};
	struct pc_compact_report report = {0};
	int r = pc_store_compact(s, shard, &o, &report);

	return r < 0 ? -1 : 0;
}
