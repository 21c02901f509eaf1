/* record.c - a record's bytes in a log, and stepping through a log.
 *
 * A record's check covers its log's random id, so that bytes which merely look
 * like a record (another log stored as a value) are never taken for one.
 *
 * Its trailer tells a whole record from one whose writer was killed half-way.
 * The latter was promised to nobody and is passed over.  But a whole one that
 * is damaged must not bring back what it replaced: the scan reports its key as
 * lost, and has it from both ends of the record, should the key itself be what
 * is damaged.
 *
 * A value may hold any number of false beginnings of records that claim 8 MiB
 * of fields each, so what a scan hashes in vain behind damage is bounded:
 *
 *   1. The trailer comes first.  What has none at the place that its sizes
 *      give is not hashed.
 *   2. What has one is hashed while no more than HASH_FREE, and HASH_FACTOR
 *      times the bytes gone through, were hashed in vain.  A log that nobody
 *      forged stays far below that, however it is damaged.  Records with short
 *      fields are always hashed.
 *   3. The others are put off until the next good record, or the log's end, is
 *      found.  A record ends where the next one begins; so of those put off
 *      the one that ends there is hashed, then the one that ends where that
 *      begins, and so on.  No value can hold the trailer of the record before
 *      a good one: it would have to know its check.
 *   4. What is left then is taken for damaged: its key is reported as lost, so
 *      it is a miss, and nothing that it may have replaced comes back. */
#include "store.h"

#include <errno.h>
#include <string.h>

static const unsigned char magic[8] = {'p', 'c', 'r', 'e', 'c', 0xa5, '\r',
    '\n'};

enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_TYPE = 9,
	AT_FLAGS = 10,
	AT_STATUS = 12,
	AT_SIZE = 16,
	AT_CREATED = 24,
	AT_EXPIRES = 32,
	AT_COST = 40,
	AT_PEAK = 48,
	AT_MATERIAL = 52,
	AT_EXTRA = 56,
	AT_SERIAL = 60,
	AT_KEY = 64,
	AT_OUTPUT = 96,
	AT_CHECK = 128,
	TRAILER_CHECK = 8, /* bytes of it in the trailer */
	FLIPPED_MAX = 8,   /* bits in which two copies of a key may differ */
	READ_FIRST = 4096, /* most records without their values have less */
	SHORT_MAX = 8192,  /* bytes of a record that is worth reading whole */
	WINDOW = 64 * 1024,
	HASH_FREE = 16 * 1024 * 1024, /* bytes */
	HASH_FACTOR = 16,
	HASH_SHORT = 1024, /* bytes before a value that are always hashed */
	HASH_TRIES = 4,    /* of those put off that end at the same place */
};

/* What looks like a record and was put off. */
struct doubt {
	uint64_t at, end;
	struct pc_id key;
};

/* What there is at a place in the log. */
enum { FOUND = 0, NO_RECORD = 1, LOG_END = 2, PUT_OFF = 3 };

static void
checksum(const unsigned char *p, size_t rest, const unsigned char *log_id,
    struct pc_id *out)
{
	struct pc_sha256 h;

	pc_sha256_init(&h);
	pc_sha256_add(&h, log_id, LOG_ID);
	pc_sha256_add(&h, p, AT_CHECK);
	pc_sha256_add(&h, p + RECORD_HEADER, rest);
	pc_sha256_end(&h, out);
}

static void
set_trailer(struct record *r, const struct pc_id *check)
{
	memcpy(r->trailer, check->b, TRAILER_CHECK);
	memcpy(r->trailer + TRAILER_CHECK, r->pub.key.b, sizeof r->pub.key.b);
}

int
record_encode(struct record *r, const unsigned char *log_id, struct pc_buf *out)
{
	unsigned char h[RECORD_HEADER] = {0};
	const struct pc_record *p = &r->pub;
	size_t start = out->len;
	struct pc_id check;

	memcpy(h, magic, sizeof magic);
	h[AT_VERSION] = VERSION;
	h[AT_TYPE] = (unsigned char)r->type;
	pc_store_u32(h + AT_FLAGS, /* two bytes; status overwrites the rest */
	    p->flags | (r->external ? RECORD_EXTERNAL : 0));
	pc_store_u32(h + AT_STATUS, (uint32_t)p->status);
	pc_store_u64(h + AT_SIZE, p->size);
	pc_store_u64(h + AT_CREATED, (uint64_t)p->created);
	pc_store_u64(h + AT_EXPIRES, (uint64_t)p->expires);
	pc_store_u64(h + AT_COST, (uint64_t)p->cost);
	pc_store_u32(h + AT_PEAK, p->peak_kib);
	pc_store_u32(h + AT_MATERIAL, (uint32_t)p->material_len);
	pc_store_u32(h + AT_EXTRA, (uint32_t)p->extra_len);
	pc_store_u32(h + AT_SERIAL, r->serial);
	memcpy(h + AT_KEY, p->key.b, sizeof p->key.b);
	memcpy(h + AT_OUTPUT, p->output.b, sizeof p->output.b);
	if (pc_buf_add(out, h, sizeof h) < 0 ||
	    pc_buf_add(out, p->material, p->material_len) < 0 ||
	    pc_buf_add(out, p->extra, p->extra_len) < 0)
		return -1;
	checksum(out->data + start, p->material_len + p->extra_len, log_id,
	    &check);
	memcpy(out->data + start + AT_CHECK, check.b, sizeof check.b);
	set_trailer(r, &check);
	r->length = out->len - start + (r->external ? 0 : p->size) +
	    RECORD_TRAILER;
	return 0;
}

static unsigned
flags_of(const unsigned char *p)
{
	return p[AT_FLAGS] | (unsigned)p[AT_FLAGS + 1] << 8;
}

/* Larger than any file: a sum of the sizes of what a disk can name does not
 * wrap. */
#define VALUE_MAX (UINT64_C(1) << 48)

/* How many bytes come before the value, or 0 when p is no record's start, or
 * has a number that no record has.  So no sum or difference of these wraps. */
static size_t
lead_length(const unsigned char *p)
{
	const uint32_t material = pc_load_u32(p + AT_MATERIAL);
	const uint32_t extra = pc_load_u32(p + AT_EXTRA);
	const int gap = p[AT_TYPE] == RECORD_GAP;
	const uint64_t most = gap || flags_of(p) & RECORD_EXTERNAL
	    ? VALUE_MAX
	    : PC_INLINE_MAX;

	if (memcmp(p, magic, sizeof magic) != 0 || p[AT_VERSION] != VERSION ||
	    p[AT_TYPE] < RECORD_PUT || (p[AT_TYPE] > RECORD_TOUCH && !gap) ||
	    material > PC_MATERIAL_MAX || extra > PC_MATERIAL_MAX ||
	    pc_load_u64(p + AT_SIZE) > most ||
	    pc_load_u64(p + AT_CREATED) > INT64_MAX ||
	    pc_load_u64(p + AT_EXPIRES) > INT64_MAX ||
	    pc_load_u64(p + AT_COST) > INT64_MAX)
		return 0;
	return RECORD_HEADER + (size_t)material + extra;
}

/* How many bytes of the log the record takes that begins at p. */
static uint64_t
whole_length(const unsigned char *p, size_t lead)
{
	const int external = (flags_of(p) & RECORD_EXTERNAL) != 0;

	return lead + (external ? 0 : pc_load_u64(p + AT_SIZE)) +
	    RECORD_TRAILER;
}

int
record_decode(const unsigned char *p, size_t n, const unsigned char *log_id,
    uint64_t offset, struct record *r)
{
	struct pc_record *pub = &r->pub;
	struct pc_id check;
	unsigned flags;
	size_t lead;

	if (n < RECORD_HEADER)
		return 1;
	lead = lead_length(p);
	if (lead == 0 || lead > n)
		return 1;
	checksum(p, lead - RECORD_HEADER, log_id, &check);
	if (memcmp(check.b, p + AT_CHECK, sizeof check.b) != 0)
		return 1;
	flags = flags_of(p);
	r->type = p[AT_TYPE];
	r->external = (flags & RECORD_EXTERNAL) != 0;
	r->serial = pc_load_u32(p + AT_SERIAL);
	r->offset = offset;
	pub->flags = flags & ~(unsigned)RECORD_EXTERNAL;
	pub->status = (int)pc_load_u32(p + AT_STATUS);
	pub->size = pc_load_u64(p + AT_SIZE);
	pub->created = (int64_t)pc_load_u64(p + AT_CREATED);
	pub->expires = (int64_t)pc_load_u64(p + AT_EXPIRES);
	pub->cost = (int64_t)pc_load_u64(p + AT_COST);
	pub->peak_kib = pc_load_u32(p + AT_PEAK);
	pub->material = p + RECORD_HEADER;
	pub->material_len = pc_load_u32(p + AT_MATERIAL);
	pub->extra = pub->material + pub->material_len;
	pub->extra_len = pc_load_u32(p + AT_EXTRA);
	memcpy(pub->key.b, p + AT_KEY, sizeof pub->key.b);
	memcpy(pub->output.b, p + AT_OUTPUT, sizeof pub->output.b);
	r->length = whole_length(p, lead);
	set_trailer(r, &check);
	return 0;
}

int
record_read(int log, const unsigned char *log_id, int with_value,
    struct pc_buf *b, struct record *r)
{
	const uint64_t offset = r->offset, length = r->length;
	const struct pc_id key = r->pub.key;
	uint64_t ask = length;
	int again;
	ssize_t n;

	if (!with_value && ask > READ_FIRST)
		ask = READ_FIRST;
	do {
		b->len = 0;
		if (pc_buf_reserve(b, (size_t)ask) < 0)
			return -1;
		n = pc_pread_full(log, b->data, (size_t)ask, (off_t)offset);
		if (n < 0)
			return -1;
		b->len = (size_t)n;
		if (record_decode(b->data, b->len, log_id, offset, r) == 0)
			return r->type != RECORD_PUT || r->length != length ||
			    (with_value && b->len != length) ||
			    memcmp(r->pub.key.b, key.b, sizeof key.b) != 0;
		again = ask < length;
		ask = length;
	} while (again);
	return 1;
}

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

/* Have up to want bytes at s->at in the window; *p and *n say what is there,
 * less at the end of the log. */
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
	for (s->at++;; s->at += n - sizeof magic + 1) {
		if (scan_want(s, RECORD_HEADER, &p, &n) < 0)
			return -1;
		if (n < RECORD_HEADER) {
			s->at = s->end;
			return LOG_END;
		}
		hit = memmem(p, n, magic, sizeof magic);
		if (hit) {
			s->at += (uint64_t)(hit - p);
			return FOUND;
		}
	}
}

/* Is the record at s->at, which begins with p, whole?  One whose writer was
 * killed half-way has no trailer, though others may follow it. */
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
	return memcmp(t, p + AT_CHECK, TRAILER_CHECK) == 0 &&
	    memcmp(t + TRAILER_CHECK, p + AT_KEY, sizeof(struct pc_id)) == 0;
}

static int
put_off(struct scan *s, const unsigned char *p, uint64_t length)
{
	struct doubt d = {.at = s->at, .end = s->at + length};

	memcpy(d.key.b, p + AT_KEY, sizeof d.key.b);
	return pc_buf_add(&s->doubts, &d, sizeof d) < 0 ? -1 : PUT_OFF;
}

/* Try the record at s->at; now: whatever it costs. */
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
	if (n < RECORD_HEADER || (lead = lead_length(p)) == 0)
		return NO_RECORD;
	length = whole_length(p, lead);
	/* One read for all of a short one, and for those after it. */
	if (length <= SHORT_MAX && scan_want(s, (size_t)length, &p, &n) < 0)
		return -1;
	if (!has_trailer(s, p, length))
		return NO_RECORD;
	if (!now && lead > HASH_SHORT &&
	    s->vain > HASH_FREE + HASH_FACTOR * (s->at - s->gap))
		return put_off(s, p, length);
	if (scan_want(s, lead, &p, &n) < 0)
		return -1;
	if (record_decode(p, n, s->log_id, s->at, r) == 0)
		return FOUND;
	s->vain += lead;
	return NO_RECORD;
}

static struct doubt
doubt_at(const struct scan *s, size_t i)
{
	struct doubt d;

	memcpy(&d, s->doubts.data + i * sizeof d, sizeof d);
	return d;
}

/* Of what was put off, find the records that fill the log up to s->at, and go
 * back to the first of them. */
static int
take_doubts(struct scan *s)
{
	uint64_t next = s->at;
	struct record r;
	int tries = 0, t;

	for (size_t i = s->doubts.len / sizeof(struct doubt); i-- > 0;) {
		const struct doubt d = doubt_at(s, i);

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

/* What lies from start to s->at is no record.  Was it a whole one?  Then the
 * two copies of its key agree, but for a flipped bit or so. */
static int
was_whole(struct scan *s, uint64_t start, struct pc_id keys[2])
{
	unsigned differ = 0;

	if (s->at < start + RECORD_HEADER + RECORD_TRAILER ||
	    pc_pread_full(s->log, keys[0].b, sizeof keys[0].b,
		(off_t)start + AT_KEY) != sizeof keys[0].b ||
	    pc_pread_full(s->log, keys[1].b, sizeof keys[1].b,
		(off_t)(s->at - sizeof keys[1].b)) != sizeof keys[1].b)
		return 0;
	for (size_t i = 0; i < sizeof keys[0].b; i++)
		differ += (unsigned)__builtin_popcount(
		    keys[0].b[i] ^ keys[1].b[i]);
	return differ <= FLIPPED_MAX;
}

static void
lost(struct scan *s, const struct pc_id *key, uint64_t start, struct record *r)
{
	*r = (struct record){.type = RECORD_LOST,
	    .pub.key = *key,
	    .offset = start,
	    .length = s->at - start};
	s->valid_end = s->at;
}

/* Report the next of the keys that were put off and not taken.  1: that was
 * all. */
static int
next_doubt(struct scan *s, struct record *r)
{
	while (s->reported < s->doubts.len / sizeof(struct doubt)) {
		const struct doubt d = doubt_at(s, s->reported++);

		if (d.at >= s->at)
			continue;
		*r = (struct record){.type = RECORD_LOST,
		    .pub.key = d.key,
		    .offset = d.at};
		return 0;
	}
	s->doubts.len = s->reported = 0;
	return 1;
}

/* Go from bytes that are no record to the next record. */
static int
pass_gap(struct scan *s, struct record *r)
{
	int looked_again = 0, t;

	s->gap = s->at;
	s->vain = 0;
	while ((t = scan_resync(s)) == FOUND) {
		t = scan_try(s, 0, r);
		if (t == FOUND && !looked_again) {
			/* A record there means that whatever was being
			 * appended before it is whole by now: look again
			 * before it is taken for rotten. */
			looked_again = 1;
			s->at = s->gap;
			s->window.len = 0;
			s->vain = 0;
			s->doubts.len = 0;
			t = scan_try(s, 1, r);
		}
		if (t == FOUND || t < 0)
			break;
	}
	if (t < 0 || s->doubts.len == 0)
		return t;
	if (take_doubts(s) < 0)
		return -1;
	return scan_try(s, 1, r);
}

int
scan_next(struct scan *s, struct record *r)
{
	const uint64_t start = s->at;
	struct pc_id keys[2];
	int t;

	if (s->doubts.len > 0 && next_doubt(s, r) == 0)
		return 0;
	if (s->has_other) {
		s->has_other = 0;
		lost(s, &s->other, start, r);
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
		lost(s, &keys[0], start, r);
		return 0;
	}
	if (s->doubts.len > 0 && next_doubt(s, r) == 0)
		return 0;
	if (t == LOG_END)
		return 1;
	s->at += r->length;
	s->valid_end = s->at;
	if (r->length > SHORT_MAX)
		s->step = READ_FIRST;
	else if (s->step < WINDOW)
		s->step *= 2;
	return 0;
}

void
scan_clear(struct scan *s)
{
	pc_buf_clear(&s->window);
	pc_buf_clear(&s->doubts);
}
