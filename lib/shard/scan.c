/* scan.c - step through a log.
 *
 * A record's trailer tells a whole record from one whose writer was killed
 * during the write.  The latter was never acknowledged, and is skipped.  But a
 * whole record that is damaged must not bring back what it replaced.  So the
 * scan reports its key as lost.  It takes the key from both ends of the record,
 * in case one copy is damaged.
 *
 * A value may contain any number of false beginnings of records that claim
 * 8 MiB of fields each.  So the bytes behind damage that are hashed in vain are
 * limited:
 *
 *   1. The trailer is read first.  Without a trailer at the place that its
 *      sizes give, a candidate is not hashed.
 *   2. With one, it is hashed as long as the bytes hashed in vain do not exceed
 *      HASH_FREE plus HASH_FACTOR times the bytes scanned.  A log that was not
 *      forged stays far below that, however it is damaged.  Records with short
 *      fields are always hashed.
 *   3. Other candidates are deferred until the next good record, or the end of
 *      the log, is found.  A record ends where the next one begins.  So the
 *      deferred candidate that ends there is hashed, then the one that ends
 *      where that one begins, and so on.  A value cannot contain the trailer of
 *      the record before a good one: it would have to know its check.
 *   4. Deferred candidates that remain count as damaged.  Their keys are
 *      reported as lost, so they miss, and what they may have replaced does not
 *      come back. */
#include "scan.h"

#include <string.h>

enum {
	FLIPPED_MAX = 8,  /* bits in which two copies of a key may differ */
	SHORT_MAX = 8192, /* bytes of a record that is worth reading whole */
	WINDOW = 64 * 1024,
	HASH_FREE = 16 * 1024 * 1024, /* bytes */
	HASH_FACTOR = 16,
	HASH_SHORT = 1024, /* bytes before a value that are always hashed */
	HASH_TRIES = 4,    /* deferred candidates that end at the same place */
};

/* A deferred candidate: bytes that look like a record. */
struct deferred {
	uint64_t at, end;
	struct pc_id key;
};

/* What was found at an offset of the log. */
enum { FOUND = 0, NO_RECORD = 1, LOG_END = 2, DEFERRED = 3 };

void
scan_init(struct scan *s, int log, const unsigned char *log_id, uint64_t from,
    uint64_t to)
{
	*s = (struct scan){.log = log,
	    .log_id = log_id,
	    .at = from,
	    .end = to,
	    .valid_end = from,
	    .step = WINDOW / 4};
}

/* Read up to want bytes at s->at into the window.  *p and *n are what is there,
 * which is less at the end of the log. */
static int
scan_want(struct scan *s, size_t want, const unsigned char **p, size_t *n)
{
	size_t have = 0;
	ssize_t r;

	if (s->at >= s->window_at && s->at < s->window_at + s->window.len)
		have = s->window.len - (size_t)(s->at - s->window_at);
	if (have < want && s->at + have < s->end) {
		size_t ask = want > s->step ? want : s->step;

		if (ask > s->end - s->at)
			ask = (size_t)(s->end - s->at);
		s->window.len = 0;
		s->window_at = s->at;
		if (pc_buf_reserve(&s->window, ask) < 0)
			return -1;
		r = pc_pread_full(s->log, s->window.data, ask, (off_t)s->at);
		if (r < 0)
			return -1;
		s->window.len = have = (size_t)r;
	}
	*p = s->window.data ? s->window.data + (s->at - s->window_at) : NULL;
	*n = have;
	return 0;
}

/* Move on to the next place where a record might begin. */
static int
scan_resync(struct scan *s)
{
	const unsigned char *p, *hit;
	size_t n;

	s->step = WINDOW;
	for (s->at++;; s->at += n - sizeof record_magic + 1) {
		if (scan_want(s, RECORD_HEADER, &p, &n) < 0)
			return -1;
		if (n < RECORD_HEADER) {
			s->at = s->end;
			return LOG_END;
		}
		hit = memmem(p, n, record_magic, sizeof record_magic);
		if (hit) {
			s->at += (uint64_t)(hit - p);
			return FOUND;
		}
	}
}

/* Is the record at s->at, which begins with p, whole?  If its writer was killed
 * during the write, it has no trailer, though other records may follow. */
static int
has_trailer(struct scan *s, const unsigned char *p, uint64_t length)
{
	const uint64_t at = s->at + length - RECORD_TRAILER;
	unsigned char far[RECORD_TRAILER];
	const unsigned char *t = far;

	if (length > s->end - s->at)
		return 0;
	if (at + RECORD_TRAILER <= s->window_at + s->window.len)
		t = s->window.data + (at - s->window_at);
	else if (pc_pread_full(s->log, far, sizeof far, (off_t)at) !=
	    sizeof far)
		return 0;
	return record_is_whole(p, t);
}

static int
defer(struct scan *s, const unsigned char *p, uint64_t length)
{
	struct deferred d = {.at = s->at, .end = s->at + length};

	memcpy(d.key.b, p + RECORD_KEY, sizeof d.key.b);
	return pc_buf_add(&s->deferred, &d, sizeof d) < 0 ? -1 : DEFERRED;
}

/* Try the record at s->at; now: hash it whatever that costs. */
static int
scan_try(struct scan *s, int now, struct record *r)
{
	const unsigned char *p;
	uint64_t length;
	size_t n, lead;

	if (scan_want(s, RECORD_HEADER, &p, &n) < 0)
		return -1;
	if (n == 0)
		return LOG_END;
	if (n < RECORD_HEADER || (lead = record_lead(p)) == 0)
		return NO_RECORD;
	length = record_whole(p, lead);
	/* Read a short record and those after it together. */
	if (length <= SHORT_MAX && scan_want(s, (size_t)length, &p, &n) < 0)
		return -1;
	if (!has_trailer(s, p, length))
		return NO_RECORD;
	if (!now && lead > HASH_SHORT &&
	    s->wasted > HASH_FREE + HASH_FACTOR * (s->at - s->gap))
		return defer(s, p, length);
	if (scan_want(s, lead, &p, &n) < 0)
		return -1;
	if (record_decode(p, n, s->log_id, s->at, r) == 0)
		return FOUND;
	s->wasted += lead;
	return NO_RECORD;
}

static struct deferred
deferred_at(const struct scan *s, size_t i)
{
	struct deferred d;

	memcpy(&d, s->deferred.data + i * sizeof d, sizeof d);
	return d;
}

/* Among the deferred records, find those that fill the log up to s->at, and go
 * back to the first of them. */
static int
take_deferred(struct scan *s)
{
	uint64_t next = s->at;
	struct record r;
	int tries = 0, t;

	for (size_t i = s->deferred.len / sizeof(struct deferred); i-- > 0;) {
		const struct deferred d = deferred_at(s, i);

		if (d.end != next || tries == HASH_TRIES)
			continue;
		tries++;
		s->at = d.at;
		t = scan_try(s, 1, &r);
		if (t < 0)
			return -1;
		if (t != FOUND)
			continue;
		next = d.at;
		tries = 0;
	}
	s->at = next;
	return 0;
}

/* The bytes from start to s->at are not a record.  Were they a whole record?
 * Then the two copies of its key agree, except for a few flipped bits. */
static int
was_whole(struct scan *s, uint64_t start, struct pc_id keys[2])
{
	unsigned differ = 0;

	if (s->at < start + RECORD_HEADER + RECORD_TRAILER ||
	    pc_pread_full(s->log, keys[0].b, sizeof keys[0].b,
		(off_t)start + RECORD_KEY) != sizeof keys[0].b ||
	    pc_pread_full(s->log, keys[1].b, sizeof keys[1].b,
		(off_t)(s->at - sizeof keys[1].b)) != sizeof keys[1].b)
		return 0;
	for (size_t i = 0; i < sizeof keys[0].b; i++)
		differ += (unsigned)__builtin_popcount(
		    keys[0].b[i] ^ keys[1].b[i]);
	return differ <= FLIPPED_MAX;
}

static void
report_lost(struct scan *s, const struct pc_id *key, uint64_t start,
    struct record *r)
{
	*r = (struct record){.type = RECORD_LOST,
	    .pub.key = *key,
	    .offset = start,
	    .length = s->at - start};
	s->valid_end = s->at;
}

/* Report the next key among the deferred records that were not used.  1: that
 * was the last. */
static int
next_deferred(struct scan *s, struct record *r)
{
	while (s->reported < s->deferred.len / sizeof(struct deferred)) {
		const struct deferred d = deferred_at(s, s->reported++);

		if (d.at >= s->at)
			continue;
		*r = (struct record){.type = RECORD_LOST,
		    .pub.key = d.key,
		    .offset = d.at};
		return 0;
	}
	s->deferred.len = s->reported = 0;
	return 1;
}

/* Skip bytes that are not a record, up to the next record. */
static int
pass_gap(struct scan *s, struct record *r)
{
	int looked_again = 0, t;

	s->gap = s->at;
	s->wasted = 0;
	while ((t = scan_resync(s)) == FOUND) {
		t = scan_try(s, 0, r);
		if (t == FOUND && !looked_again) {
			/* If there is a record, whatever was being appended
			 * before it is complete by now: look again before it
			 * counts as damaged. */
			looked_again = 1;
			s->at = s->gap;
			s->window.len = 0;
			s->wasted = 0;
			s->deferred.len = 0;
			t = scan_try(s, 1, r);
		}
		if (t == FOUND || t < 0)
			break;
	}
	if (t < 0 || s->deferred.len == 0)
		return t;
	if (take_deferred(s) < 0)
		return -1;
	return scan_try(s, 1, r);
}

int
scan_next(struct scan *s, struct record *r)
{
	const uint64_t start = s->at;
	struct pc_id keys[2];
	int t;

	if (s->deferred.len > 0 && next_deferred(s, r) == 0)
		return 0;
	if (s->has_other) {
		s->has_other = 0;
		report_lost(s, &s->other, start, r);
		return 0;
	}
	t = scan_try(s, 1, r);
	if (t == NO_RECORD)
		t = pass_gap(s, r);
	if (t < 0)
		return -1;
	if (s->at > start && was_whole(s, start, keys)) {
		s->lost++;
		s->other = keys[1];
		s->has_other = memcmp(keys[0].b, keys[1].b, sizeof keys[0].b) !=
		    0;
		report_lost(s, &keys[0], start, r);
		return 0;
	}
	if (s->deferred.len > 0 && next_deferred(s, r) == 0)
		return 0;
	if (t == LOG_END)
		return 1;
	s->at += r->length;
	s->valid_end = s->at;
	if (r->length > SHORT_MAX)
		s->step = RECORD_FIRST;
	else if (s->step < WINDOW)
		s->step *= 2;
	return 0;
}

void
scan_clear(struct scan *s)
{
	pc_buf_clear(&s->window);
	pc_buf_clear(&s->deferred);
}
