/* compact_read.c - find the records in the log, and choose those that stay. */
#include "compact.h"

#include "shard/external.h"
#include "shard/logfile.h"
#include "shard/scan.h"
#include "shard/shard.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
damage(const struct pc_compact *c, uint64_t offset, const struct pc_id *key,
    const char *what)
{
	const struct pc_damage d = {.shard = c->shard,
	    .offset = offset,
	    .key = key,
	    .what = what};

	c->report->damaged++;
	if (c->o->damage)
		c->o->damage(c->o->ctx, &d);
}

void
compact_cut(struct pc_compact *c, uint64_t offset)
{
	damage(c, offset, NULL, "the log has lost its end");
	c->worth = 1;
}

/* These bytes are not a record.  A writer that was killed leaves the beginning
 * of one; anything else was a record before it was damaged. */
static int
look_at_gap(struct pc_compact *c, uint64_t from, uint64_t to)
{
	unsigned char p[sizeof record_magic];
	const size_t n = to - from < sizeof p ? (size_t)(to - from) : sizeof p;

	if (n == 0)
		return 0;
	c->worth |= compact_forgets(c);
	if (pc_pread_full(c->old, p, n, (off_t)from) != (ssize_t)n)
		return -1;
	if (memcmp(p, record_magic, n) != 0)
		damage(c, from, NULL, "these bytes are not a record");
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

int
compact_read_log(struct pc_compact *c)
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
		if (compact_stopped(c))
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
	/* A record whose writer was killed, or is still writing; then it is
	 * copied. */
	c->worth |= c->o->flags & PC_COMPACT_ERASE &&
	    c->from < (uint64_t)st.st_size;
	scan_clear(&scan);
	return more < 0 ? -1 : 0;
}

/* The value's file is damaged or missing.  Does e's key still have that
 * file? */
static int
still_named(struct pc_compact *c, const struct live_entry *e)
{
	struct index_entry now = {0};
	int ready = shard_enter(c->s, c->shard, 0), found;

	if (ready == SHARD_EMPTY || ready < 0)
		return ready < 0;
	found = shard_find(c->s, c->shard, ready, &e->key, &now) == 0 &&
	    now.offset == e->offset &&
	    c->s->shard[c->shard].slot.generation == c->slot.generation;
	shard_leave(c->s, c->shard);
	return found;
}

/* Is the value intact?  0: yes; 1: no; -1 with errno. */
static int
verify_value(struct pc_compact *c, const struct live_entry *e,
    const struct record *r)
{
	const char *what = "the value's file is missing";
	struct pc_id id;
	int fd = -1, bad;

	if (!r->external) {
		pc_sha256(r->pub.extra + r->pub.extra_len, (size_t)r->pub.size,
		    &id);
		what = "the value is damaged";
		bad = memcmp(id.b, r->pub.output.b, sizeof id.b) != 0;
	} else if ((bad = external_open(c->s, r, &fd)) == 0) {
		what = "the value's file is damaged";
		bad = external_verify(&r->pub, fd);
		close(fd);
	}
	if (bad == 1 && r->external && !still_named(c, e))
		return 0; /* it was replaced meanwhile, so the file was removed
			   */
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
	const int asked = c->o->drop &&
	    (!(flags & PC_COMPACT_EXPIRED) || e->expires <= c->now);
	struct record r;
	int go = 0;

	if (asked || flags & PC_COMPACT_VERIFY) {
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
			e->gone = e->chosen = 1;
			c->worth = 1;
			return pc_buf_add_u64(&c->lost, e->offset) < 0 ||
				pc_buf_add_u64(&c->lost, e->length) < 0
			    ? -1
			    : 0;
		}
		r.pub.expires = e->expires;
	}
	go = e->chosen;
	if (!go && asked)
		go = c->o->drop(c->o->ctx, &r.pub);
	if (go < 0)
		return -1;
	if (go) {
		report->dropped++;
		report->dropped_bytes += e->bytes;
		e->gone = e->chosen = 1;
		c->worth = 1;
		return 0;
	}
	report->records++;
	report->bytes += e->bytes;
	c->to += e->length;
	return 0;
}

int
compact_decide(struct pc_compact *c)
{
	struct pc_buf b = {0};
	int r = 0;

	c->to = LOG_HEADER;
	for (size_t i = 0; r == 0 && i < c->live.count; i++) {
		if (compact_stopped(c))
			r = -1;
		else if (!c->live.all[i].gone)
			r = decide(c, &c->live.all[i], &b);
	}
	pc_buf_clear(&b);
	return r;
}

int
compact_read(struct pc_compact *c)
{
	return compact_read_log(c) < 0 ? -1 : compact_decide(c);
}
