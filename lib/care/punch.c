/* punch.c - free disk space in a log without copying the records that stay.
 *
 * The bytes between records that stay become one record, a gap: a header, a
 * hole that is given back to the file system, and a trailer.  So a scan steps
 * over it, and no extra space is needed.  Gaps are written from the beginning
 * of the log to its end, so that a replaced record disappears before the one
 * that replaced it.  If the process dies between two gaps, the rest of the log
 * is unchanged.
 *
 * Gaps are written in batches under the shard's lock.  During a batch the slot
 * is dirty: if the process dies, the next user rebuilds the index.  After the
 * batch, index and log agree, and the slot gets a new generation, so that other
 * processes open the log again. */
#include "gap.h"

#include "disk/file.h"
#include "disk/lock.h"
#include "shard/index.h"
#include "shard/logfile.h"
#include "shard/shard.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BATCH = 512,   /* records removed while the lock is held once */
	GAP_WORK = 16, /* a gap counts as this many records */
};

struct punching {
	struct pc_compact *c;
	int log;
	int held;           /* the shard is locked */
	unsigned work;      /* done since it was locked; see BATCH */
	size_t entry;       /* the first entry not looked at yet */
	struct range *kept; /* owned; sorted, not adjacent */
	size_t count;
};

/* ---- what stays ---- */

static int
by_from(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Find the ranges to keep: records that stay, and their touches.  With
 * replaced_only, records that were chosen to be removed are kept too; only
 * replaced ones are not. */
static int
find_kept(struct punching *p, int replaced_only)
{
	const struct live *l = &p->c->live;
	size_t n = 0, merged = 0;

	free(p->kept);
	p->kept = calloc(2 * l->count + 1, sizeof *p->kept);
	if (!p->kept)
		return -1;
	for (size_t i = 0; i < l->count; i++) {
		const struct live_entry *e = &l->all[i];

		if (e->gone && !(replaced_only && e->chosen))
			continue;
		p->kept[n++] = (struct range){e->offset, e->offset + e->length};
		if (e->touched)
			p->kept[n++] = (struct range){e->touch,
			    e->touch + GAP_MIN};
	}
	qsort(p->kept, n, sizeof *p->kept, by_from);
	for (size_t i = 0; i < n; i++) {
		struct range *last = merged ? &p->kept[merged - 1] : NULL;

		if (last && p->kept[i].from <= last->to) {
			if (p->kept[i].to > last->to)
				last->to = p->kept[i].to;
		} else {
			p->kept[merged++] = p->kept[i];
		}
	}
	p->count = merged;
	return 0;
}

/* The gap before range i; the last gap is behind all ranges. */
static struct range
gap(const struct punching *p, size_t i)
{
	return (struct range){i ? p->kept[i - 1].to : LOG_HEADER,
	    i < p->count ? p->kept[i].from : p->c->from};
}

int
punch_size(struct pc_compact *c, uint64_t *bytes)
{
	struct punching p = {.c = c};

	if (find_kept(&p, 0) < 0)
		return -1;
	*bytes = gap_pages_up(c->from);
	for (size_t i = 0; i <= p.count; i++) {
		const struct range g = gap(&p, i);
		const struct range free_ones = gap_pages(&g);

		*bytes -= free_ones.to - free_ones.from;
	}
	free(p.kept);
	return 0;
}

/* ---- under the lock ---- */

/* PC_COMPACT_AGAIN: the log was replaced or removed meanwhile. */
static int
take_lock(struct punching *p)
{
	struct pc_compact *c = p->c;
	struct shard *h = &c->s->shard[c->shard];
	int r = lock_shard(c->s, c->shard, RANGE_EXCLUSIVE);

	if (r < 0)
		return -1;
	p->held = 1;
	p->work = 0;
	r = shard_ready(c->s, c->shard, 1, RANGE_EXCLUSIVE);
	if (r != SHARD_READY)
		return r < 0 ? -1 : PC_COMPACT_AGAIN;
	if (h->slot.generation != c->slot.generation)
		return PC_COMPACT_AGAIN;
	if (shard_index_log(c->s, c->shard) < 0)
		return -1;
	h->slot.dirty = 1;
	return state_write(c->s, c->shard, &h->slot);
}

/* done 0: index and log agree.  Otherwise the next user rebuilds the index. */
static int
release(struct punching *p, int done)
{
	struct pc_compact *c = p->c;
	struct shard *h = &c->s->shard[c->shard];
	uint64_t mark;
	int e;

	if (!p->held)
		return done;
	if (done == 0 && getrandom(&mark, sizeof mark, 0) != sizeof mark)
		done = -1;
	if (done == 0) {
		h->slot.dirty = 0;
		h->slot.seq++;
		h->slot.generation = mark | 1;
		done = state_write(c->s, c->shard, &h->slot);
		c->slot = h->slot;
	}
	e = errno;
	shard_leave(c->s, c->shard);
	if (done != 0)
		shard_close(h);
	p->held = 0;
	errno = e;
	return done;
}

/* Remove the records in the gap from the index, but at most a batch, so that
 * the lock is not held for long.  *to is where this batch ends. */
static int
forget(struct punching *p, const struct range *g, uint64_t *to)
{
	const struct live *l = &p->c->live;
	struct index *x = p->c->s->shard[p->c->shard].index;

	*to = g->to;
	for (; p->entry < l->count; p->entry++) {
		const struct live_entry *e = &l->all[p->entry];
		struct index_entry now;
		int r;

		if (e->offset >= g->to)
			return 0;
		if (e->offset < g->from || !e->chosen)
			continue;
		if (p->work >= BATCH) {
			*to = e->offset;
			return 0;
		}
		r = index_get(x, &e->key, &now);
		if (r == 0 && now.offset == e->offset)
			r = index_remove(x, &e->key);
		if (r < 0)
			return -1;
		p->work++;
	}
	return 0;
}

/* Make a whole gap, in as many batches as needed. */
static int
make_gap(struct punching *p, const struct range *g)
{
	struct range part = {g->from, g->from};
	int r = 0;

	if (g->to < g->from + GAP_MIN)
		return 0; /* too few bytes for a record */
	while (r == 0 && part.to < g->to) {
		if (!p->held)
			r = take_lock(p);
		if (r == 0)
			r = forget(p, g, &part.to);
		if (r == 0 && part.to > g->from)
			r = gap_write(p->c, p->log, &part);
		p->work += GAP_WORK;
		if (p->work >= BATCH || r != 0)
			r = release(p, r);
	}
	return r;
}

static int
make_gaps(struct punching *p, int replaced_only)
{
	int r = find_kept(p, replaced_only);

	p->entry = 0;
	for (size_t i = 0; r == 0 && i <= p->count; i++) {
		const struct range g = gap(p, i);

		r = compact_stopped(p->c) ? -1 : make_gap(p, &g);
	}
	return release(p, r);
}

static int
same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_ino == y.st_ino &&
	    x.st_dev == y.st_dev;
}

int
punch_log(struct pc_compact *c)
{
	struct punching p = {.c = c};
	int r = 0, e;

	/* Open it again: the shard's descriptor can only append. */
	p.log = file_open(c->s, c->shard, "log", O_RDWR);
	if (p.log < 0)
		return -1;
	if (!same_file(p.log, c->old))
		r = PC_COMPACT_AGAIN;
	/* Remove replaced records first and sync, so that a power loss cannot
	 * bring them back. */
	if (r == 0 && c->slot.synced) {
		r = make_gaps(&p, 1);
		if (r == 0)
			r = fdatasync(p.log);
	}
	if (r == 0)
		r = make_gaps(&p, 0);
	/* A value's file may be removed only after no record on the disk names
	 * it. */
	if (r == 0 && (c->slot.synced || c->o->flags & PC_COMPACT_SYNC))
		r = fdatasync(p.log);
	e = errno;
	close(p.log);
	free(p.kept);
	errno = e;
	return r;
}
