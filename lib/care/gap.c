/* gap.c - a gap in a log: a header, a hole that the file system has freed, and
 * a trailer. */
#include "gap.h"

#include <fcntl.h>
#include <sys/random.h>

enum { PAGE = 4096 };

uint64_t
gap_pages_up(uint64_t n)
{
	return (n + PAGE - 1) / PAGE * PAGE;
}

static uint64_t
down(uint64_t n)
{
	return n / PAGE * PAGE;
}

struct range
gap_pages(const struct range *gap)
{
	struct range r = {gap_pages_up(gap->from + RECORD_HEADER),
	    down(gap->to - RECORD_TRAILER)};

	if (gap->to < gap->from + GAP_MIN || r.to < r.from)
		r.to = r.from;
	return r;
}

static int
write_zeros(int fd, uint64_t from, uint64_t to)
{
	static const unsigned char zeros[PAGE];

	while (from < to) {
		const size_t n = to - from < PAGE ? (size_t)(to - from) : PAGE;

		if (pc_pwrite_full(fd, zeros, n, (off_t)from) < 0)
			return -1;
		from += n;
	}
	return 0;
}

/* Is there such a gap already? */
static int
is_gap(const struct pc_compact *c, int log, const struct range *g)
{
	unsigned char h[RECORD_HEADER];
	struct record r;

	return pc_pread_full(log, h, sizeof h, (off_t)g->from) == sizeof h &&
	    record_decode(h, sizeof h, c->log_id, g->from, &r) == 0 &&
	    r.type == RECORD_GAP && r.length == g->to - g->from;
}

int
gap_write(struct pc_compact *c, int log, const struct range *g)
{
	const struct range hole = gap_pages(g);
	struct record r = {.type = RECORD_GAP,
	    .pub.size = g->to - g->from - GAP_MIN};
	struct pc_buf lead = {0};
	int result = -1;

	if (is_gap(c, log, g))
		return 0;
	/* A random key that resembles no other: see was_whole in scan.c. */
	if (getrandom(&r.pub.key, sizeof r.pub.key, 0) != sizeof r.pub.key ||
	    record_encode(&r, c->log_id, &lead) < 0)
		goto out;
	if (pc_pwrite_full(log, r.trailer, RECORD_TRAILER,
		(off_t)(g->to - RECORD_TRAILER)) < 0 ||
	    pc_pwrite_full(log, lead.data, lead.len, (off_t)g->from) < 0)
		goto out;
	/* Zero the rest of the pages too, so that deleted data cannot be read
	 * there. */
	if (hole.to > hole.from) {
		result = write_zeros(log, g->from + RECORD_HEADER, hole.from);
		if (result == 0)
			result = write_zeros(log, hole.to,
			    g->to - RECORD_TRAILER);
		if (result == 0 &&
		    fallocate(log, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			(off_t)hole.from, (off_t)(hole.to - hole.from)) < 0) {
			c->s->no_holes = 1;
			result = write_zeros(log, hole.from, hole.to);
		}
	} else {
		result = write_zeros(log, g->from + RECORD_HEADER,
		    g->to - RECORD_TRAILER);
	}
out:
	pc_buf_clear(&lead);
	return result;
}
